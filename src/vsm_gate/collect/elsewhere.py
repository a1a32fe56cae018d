"""Scorecards from outside the repository: those that ship with the tool, and pinned ones in git.

What is pinned cannot change unseen: its text must have the digest that the reference names. Where a
reference allows it (`&cached=7d`), a copy is kept in the user's cache and used while the repository
cannot be reached; that is never silent, and never beyond the days that are allowed.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, Final

from vsm_gate.errors import GitError, UsageError
from vsm_gate.git import Git
from vsm_gate.scorecards.policy import Source
from vsm_gate.scorecards.reference import (
    GitReference,
    SourceError,
    git_reference,
    shipped_name,
)

MAX_SIZE: Final = 1 << 20
_SCHEMA: Final = "vsm-gate/policy-copy/v1"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
# What git says of a repository that answers, and does not have the ref or the commit.
_GONE: Final = ("couldn't find remote ref", "not our ref")
_SHORT: Final = 10


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where scorecards come from that are not in the repository; `now` tells how old a copy is."""

    git: Git
    now: datetime

    def read(self, reference: str) -> Source:
        """What a reference names. Raises `SourceError`."""
        name = shipped_name(reference)
        if name is not None:
            return Source(reference, _shipped(name))
        pinned = git_reference(reference)
        if pinned is None:
            raise SourceError(f"`{reference}` is not understood")
        source = self._from_git(reference, pinned)
        if source.sha256 != pinned.sha256:
            raise SourceError(f"its SHA-256 is {source.sha256}, and {pinned.sha256} was pinned")
        return source

    def _from_git(self, reference: str, pinned: GitReference) -> Source:
        try:
            text, commit = _fetched(self.git, pinned)
        except _UnreachableError as problem:
            return self._kept(reference, pinned, str(problem))
        source = Source(reference, text, note=f"at commit {commit[:_SHORT]}")
        if pinned.cached_days is None or source.sha256 != pinned.sha256:
            return source
        return self._keep(source, pinned, commit)

    def _keep(self, source: Source, pinned: GitReference, commit: str) -> Source:
        """The source, a copy of it kept; where that fails its note says so."""
        place = self._place(pinned)
        if place is None:
            return _not_kept(source, "neither HOME nor XDG_CACHE_HOME is set")
        fetched = self.now.astimezone(UTC).strftime(_TIME)
        copy = {"schema": _SCHEMA, "commit": commit, "fetched": fetched, "text": source.text}
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False) as stream:
                json.dump(copy, stream)
            Path(stream.name).replace(place)
        except OSError as problem:
            return _not_kept(source, str(problem.strerror))
        return source

    def _kept(self, reference: str, pinned: GitReference, why: str) -> Source:
        """The copy of a file whose repository cannot be reached. Raises `SourceError`."""
        unreachable = f"{pinned.shown_url} cannot be reached ({why})"
        if pinned.cached_days is None:
            raise SourceError(
                f"{unreachable}; to go on with a copy that is a week old at most, add `&cached=7d`"
            )
        copy = _read(self._place(pinned))
        if copy is None:
            raise SourceError(f"{unreachable}, and no copy of it is kept here")
        age = max(self.now - copy.fetched, timedelta(0))
        said = f"{age.days} day{'' if age.days == 1 else 's'} old"
        if age > timedelta(days=pinned.cached_days):
            raise SourceError(
                f"{unreachable}, and the copy kept of it is {said}: "
                f"{pinned.cached_days} are allowed"
            )
        note = (
            f"the copy of commit {copy.commit[:_SHORT]} that was kept on "
            f"{copy.fetched.strftime(_TIME)}, {said}, since {unreachable}"
        )
        return Source(reference, copy.text, note, cached=True)

    def _place(self, pinned: GitReference) -> Path | None:
        """Where the copy of a file is kept; None where the environment names no place."""
        folder = _cache(self.git.environment)
        if folder is None:
            return None
        name = json.dumps([pinned.url, pinned.ref, pinned.path, pinned.sha256])
        return folder / f"{hashlib.sha256(name.encode()).hexdigest()}.json"


def _not_kept(source: Source, why: str) -> Source:
    return replace(source, note=f"{source.note}; no copy of it could be kept: {why}")


class _UnreachableError(Exception):
    """The repository itself could not be asked."""


@dataclass(frozen=True, slots=True)
class _Copy:
    commit: str
    fetched: datetime
    text: str


def _read(place: Path | None) -> _Copy | None:
    """A copy that can be used; anything else is none. Its text is held against its digest."""
    try:
        found: Any = json.loads(place.read_bytes()) if place else None
        if isinstance(found, dict) and found.get("schema") == _SCHEMA:
            fetched = datetime.strptime(found["fetched"], _TIME).replace(tzinfo=UTC)
            return _Copy(str(found["commit"]), fetched, str(found["text"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return None


def _cache(environment: Mapping[str, str]) -> Path | None:
    own, home = environment.get("XDG_CACHE_HOME"), environment.get("HOME")
    root = Path(own) if own else Path(home) / ".cache" if home else None
    return root / "vsm-gate" / "policies" if root and root.is_absolute() else None


def _fetched(git: Git, pinned: GitReference) -> tuple[str, str]:
    """The text of a file at a ref of another repository, and the commit that the ref is.

    Raises `SourceError`, and `_UnreachableError` where the repository cannot be asked.
    """
    with tempfile.TemporaryDirectory(prefix="vsm-gate-") as folder:
        store = Git(Path(folder), git.environment)
        try:
            store.run("init", "--quiet", "--bare")
            store.run("fetch", "--quiet", "--depth=1", "--no-tags", "--", pinned.url, pinned.ref)
        except GitError as problem:
            if any(said in problem.message for said in _GONE):
                raise SourceError(f"{pinned.shown_url} has no {pinned.ref}") from None
            raise _UnreachableError(problem.message) from None
        try:
            commit = store.text("rev-parse", "FETCH_HEAD^{commit}")
            content = store.run("cat-file", "blob", f"FETCH_HEAD:{pinned.path}")
            return text_of(pinned.path, content), commit
        except (GitError, UsageError) as problem:
            raise SourceError(problem.message) from None


def text_of(path: str, content: bytes) -> str:
    """The text of a file that may be a scorecard. Raises `UsageError`."""
    if len(content) > MAX_SIZE:
        raise UsageError(f"{path} is larger than {MAX_SIZE >> 20} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise UsageError(f"{path}:{line}: it is not UTF-8 text") from None


def _shipped(name: str) -> str:
    """A scorecard that ships with the tool: in the package, or beside it in a source tree."""
    package = resources.files("vsm_gate")
    beside = Path(str(package)).parents[1] / "scorecards"
    names: set[str] = set()
    for place in (package / "scorecards" / "shipped", beside):
        found = place / f"{name}.yaml"
        if found.is_file():
            return found.read_text("utf-8")
        if place.is_dir():
            files = (each.name for each in place.iterdir() if each.name.endswith(".yaml"))
            names |= {name.removesuffix(".yaml") for name in files}
    there = ", ".join(sorted(names))
    raise SourceError(f"no scorecard called `{name}` ships with the tool; there are {there}")
