"""The policies of the past, read again from git: their edits, their owners, their waivers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vsm_gate.collect.policy import PolicyFiles
from vsm_gate.errors import VsmGateError
from vsm_gate.git import Git
from vsm_gate.model.change import Change
from vsm_gate.model.population import PolicyEdit, PolicyFacts, PolicyUse, WaiverTerms
from vsm_gate.scorecards.load import load
from vsm_gate.scorecards.policy import Policy, Source
from vsm_gate.scorecards.reference import SourceError
from vsm_gate.starter import CONFIG

_AT: Final = " at "


class _PastFiles(PolicyFiles):
    """Files as they stood at a commit, and nowhere else. `names` are those that were read."""

    names: dict[str, None]

    @classmethod
    def at(cls, git: Git, commit: str, now: datetime) -> _PastFiles:
        files = cls(git, Change(commit, commit, commit, ""), now, proposal=True)
        files.names = {}
        return files

    def read(self, path: str) -> Source | None:
        text = self._at_base(path)
        self.names[path] = None
        return None if text is None else Source(path, text)


@dataclass(frozen=True, slots=True)
class _Past:
    git: Git
    now: datetime


def past_policies(
    git: Git,
    ref: str,
    used: Iterable[PolicyUse],
    members: Mapping[str, frozenset[str]],
    now: datetime,
) -> PolicyFacts:
    """What git has of the policies that judged, as far as they lie in this repository.

    A policy whose digest is no longer what it was when it judged tells nothing of its waivers.
    """
    past = _Past(git, now)
    uses = [use for use in used if _path(use) is not None]
    paths = dict.fromkeys(path for use in uses if (path := _path(use)))
    return PolicyFacts(
        edits=dict(_edits(past, ref, tuple(paths))),
        waivers={key: terms for use in uses for key, terms in _waivers(past, use)},
        members=members,
    )


def _path(use: PolicyUse) -> str | None:
    """The file that a policy begins with; None where it lies elsewhere."""
    name = use.source.partition(_AT)[0]
    return None if ":" in name or name.startswith(("/", "git+")) else name


def _load(past: _Past, commit: str, path: str) -> tuple[Policy | None, _PastFiles]:
    files = _PastFiles.at(past.git, commit, past.now)
    try:
        first = files.read(path)
        return (None if first is None else load(first, files.fetch)), files
    except (VsmGateError, SourceError):
        return None, files


def _waivers(past: _Past, use: PolicyUse) -> Iterator[tuple[tuple[str, str], WaiverTerms]]:
    commit = use.source.partition(_AT)[2] or use.commit
    path = _path(use)
    policy = _load(past, commit, path)[0] if path and commit else None
    if policy is None or policy.sha256 != use.sha256:
        return
    for waiver in policy.waivers:
        yield (
            (use.sha256, waiver.id),
            WaiverTerms(
                objective=waiver.objective,
                owner=waiver.owner,
                approved_by=waiver.approved_by,
                reason=waiver.reason,
                created=waiver.created,
                expires=waiver.expires,
            ),
        )


def _edits(past: _Past, ref: str, paths: tuple[str, ...]) -> Iterator[tuple[str, PolicyEdit]]:
    """The commits of the line that touch a policy, its parents or the configuration."""
    read = dict.fromkeys(
        [*paths, *(name for path in paths for name in _load(past, ref, path)[1].names)]
    )
    listed = past.git.text(
        "-c",
        "core.quotePath=false",
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--no-renames",
        "--no-show-signature",
        "--no-color",
        "--name-only",
        "--format=%x00%H %P",
        ref,
        "--",
        *(f":(top,literal){name}" for name in [*read, CONFIG]),
    )
    for entry in listed.split("\0")[1:]:
        commits, *names = (line for line in entry.splitlines() if line)
        commit, *parents = commits.split()
        edited = tuple(names)
        yield commit, PolicyEdit(edited, _owner(past, parents[0] if parents else "", edited, paths))


def _owner(past: _Past, before: str, edited: tuple[str, ...], paths: tuple[str, ...]) -> str | None:
    """Who owned the policy before it was edited; of the configuration, of the first policy."""
    if not before:
        return None
    for path in (*(name for name in edited if name != CONFIG), *paths):
        policy = _load(past, before, path)[0]
        if policy is not None and policy.owner:
            return policy.owner
    return None
