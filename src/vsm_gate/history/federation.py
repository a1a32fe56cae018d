"""Federation: the histories of many repositories, mirrored into one and read together.

Each is kept as it is under `refs/vsm-gate/sources/<name>`, so git itself brings only what is new,
and each can still be verified on its own. A source that was rewritten is not taken over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.environment import said, with_settings
from vsm_gate.history.layout import days_of, shard_of
from vsm_gate.history.local import LocalPlace, local_git

SOURCES: Final = "refs/vsm-gate/sources"
_NAME: Final = "vsm-gate-source"


@dataclass(frozen=True, slots=True)
class Synced:
    """A source: its ref here, where it stood, where it stands, and how many commits are new."""

    remote: str
    ref: str
    before: str | None
    after: str
    commits: int


def sources(git: Git) -> dict[str, str]:
    """The refs of the synchronized histories, and the commits that they stand at."""
    listing = git.text("for-each-ref", "--format=%(refname) %(objectname)", SOURCES)
    return dict(line.split() for line in listing.splitlines())


def sync(
    repository: Path, remote: str, *, branch: str, environment: Mapping[str, str]
) -> list[Synced]:
    """Bring what is new in a remote's history, its branch and its shards, into the repository.

    Raises `HistoryError` where it cannot be read, is no history, or was rewritten since.
    """
    git = local_git(repository, environment)
    address = git.text("config", "--get", f"remote.{remote}.url", check=False) or remote
    fetching = Git(git.folder, with_settings(git.environment, ((f"remote.{_NAME}.url", address),)))
    return [_mirror(fetching, remote, address, name) for name in _branches(fetching, branch)]


def _branches(fetching: Git, branch: str) -> list[str]:
    """The branch and its shards, as far as they are there; the branch where nothing is."""
    ref = f"refs/heads/{branch}"
    done = fetching.call(["ls-remote", "--quiet", _NAME, ref, f"{shard_of(ref)}*"])
    refs = (line.split("\t")[1] for line in done.stdout.decode("utf-8", "replace").splitlines())
    there = [found for found in refs if found == ref or found.startswith(shard_of(ref))]
    return [found.removeprefix("refs/heads/") for found in there] or [branch]


def _mirror(fetching: Git, remote: str, address: str, branch: str) -> Synced:
    ref = f"{SOURCES}/{source_name(address, branch)}"
    place = LocalPlace(fetching, ref)
    before = place.tip()
    arguments = ("fetch", "--no-tags", "--no-write-fetch-head", _NAME)
    done = fetching.call([*arguments, f"refs/heads/{branch}:{ref}"])
    if done.returncode:
        raise _refusal(done.stderr, address, ref)
    after = place.tip()
    if after is None:
        raise HistoryError(f"the history of {_shown(address)} was fetched and is not there")
    _require_history(fetching, place, after, ref)
    new = f"{before}..{after}" if before else after
    return Synced(remote, ref, before, after, int(fetching.text("rev-list", "--count", new)))


def _refusal(stderr: bytes, address: str, ref: str) -> HistoryError:
    rewritten = b"non-fast-forward" in stderr
    reason = "it was rewritten since the last time" if rewritten else said(stderr)
    return HistoryError(
        f"the history of {_shown(address)} cannot be taken over: {reason}",
        hint=f"`git update-ref -d {ref}` takes it anew, once you know why it was rewritten"
        if rewritten
        else "check the name or URL, and that you may read it",
    )


def source_name(address: str, branch: str) -> str:
    """A readable name of a source, and eight digits that tell it from every other one."""
    plain = re.sub(r"^[a-z+]+://([^/@]*@)?", "", address)
    mark = hashlib.sha256(f"{plain}\0{branch}".encode("utf-8", "surrogateescape")).hexdigest()[:8]
    readable = re.sub(r"[^A-Za-z0-9.-]+|\.{2,}", "_", plain)[:100].strip("._-")
    return f"{readable}-{mark}"


def _require_history(git: Git, place: LocalPlace, commit: str, ref: str) -> None:
    try:
        days_of(place.objects, place.objects.tree_of(commit))
    except HistoryError:
        git.run("update-ref", "-d", ref)
        raise


def _shown(address: str) -> str:
    return re.sub(r"(://)[^/@\s]+@", r"\1***@", address)
