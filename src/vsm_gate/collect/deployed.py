"""Which changes each deployment was the first to carry, and when work on them began: from git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from vsm_gate.analytics.work import conventional_type
from vsm_gate.git import Git

_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SQUASHED: Final = re.compile(r"\(#([0-9]{1,9})\)$")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A commit that was deployed successfully."""

    repository: str
    commit: str


@dataclass(frozen=True, slots=True)
class Deployed:
    """A change, known by its commit on the first-parent line, that `commit` brought to production
    first. `authored` is when its first commit was authored, `merged` when it was committed to the
    line; both in UTC, without a zone. `kind` is the type of its conventional commit, None where
    its subject has none.
    """

    repository: str
    commit: str
    change: str
    authored: datetime
    merged: datetime
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class _Commit:
    parents: tuple[str, ...]
    authored: int
    committed: int
    subject: str


Graph = Mapping[str, _Commit]
# (repository, pull request) → the head of the pull request
Heads = Mapping[tuple[str, str], str]


def find_deployed(git: Git, deployments: Sequence[Deployment], heads: Heads) -> Iterator[Deployed]:
    """The changes of each deployment, given oldest first, as far as this clone has the commits.

    A repository's first deployment carries everything before it, and yields nothing. A merge is
    one change, begun with the first commit that it merged; a squashed pull request (its subject
    ends in `(#number)`) began with the first commit of its head, where the clone still has it;
    any other commit on the first-parent line is a change of its own.
    """
    wanted = {deployment.commit for deployment in deployments} | set(heads.values())
    there = present(git, wanted)
    graph = _graph(git, there)
    lines: dict[str, list[str]] = {}
    for deployment in deployments:
        if deployment.commit in there:
            lines.setdefault(deployment.repository, []).append(deployment.commit)
    for repository, commits in lines.items():
        own = {number: head for (where, number), head in heads.items() if where == repository}
        yield from _line(graph, repository, commits, own)


@dataclass(frozen=True, slots=True)
class Trunk:
    """A default branch as the records have it: its oldest and its newest recorded commit."""

    repository: str
    team: str
    oldest: str
    newest: str


@dataclass(frozen=True, slots=True)
class TrunkCommit:
    """A commit of a default branch's first-parent line; `time` is in UTC, without a zone."""

    repository: str
    team: str
    commit: str
    time: datetime


def find_trunk(git: Git, trunks: Sequence[Trunk]) -> Iterator[TrunkCommit]:
    """The commits from the oldest recorded one to the newest, of the lines that this clone has."""
    there = present(git, {trunk.newest for trunk in trunks})
    for trunk in trunks:
        if trunk.newest not in there:
            continue
        listed = git.text(
            "log", "--first-parent", "--no-show-signature", "--no-color", "--format=%H %ct",
            trunk.newest,
        )  # fmt: skip
        for line in listed.splitlines():
            commit, time = line.split()
            yield TrunkCommit(trunk.repository, trunk.team, commit, _utc(int(time)))
            if commit == trunk.oldest:
                break


def _line(
    graph: Graph, repository: str, commits: Sequence[str], heads: Mapping[str, str]
) -> Iterator[Deployed]:
    """The changes of one repository. Of each deployment the oldest is looked at first, so that
    every commit is met once: by the change that brought it.
    """
    everything = _reach(graph, commits, set())
    carried = _reach(graph, commits[:1], set())
    for commit in commits[1:]:
        changes = []
        for change in reversed(_first_parents(graph, commit, carried)):
            known = graph[change]
            brought = _reach(graph, [change], carried)
            carried |= brought
            if not known.parents:
                continue
            squashed = _SQUASHED.search(known.subject) if len(known.parents) == 1 else None
            if squashed and squashed[1] in heads:
                brought |= _reach(graph, [heads[squashed[1]]], everything)
            began = min(graph[found].authored for found in brought)
            kind = conventional_type(known.subject)
            landed = _utc(known.committed)
            changes.append(Deployed(repository, commit, change, _utc(began), landed, kind))
        yield from reversed(changes)


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _first_parents(graph: Graph, commit: str, carried: set[str]) -> list[str]:
    """The commits of the first-parent line that were not carried before, newest first."""
    line = []
    current: str | None = commit
    while current is not None and current in graph and current not in carried:
        line.append(current)
        current = next(iter(graph[current].parents), None)
    return line


def _reach(graph: Graph, starts: Iterable[str], without: set[str]) -> set[str]:
    """All that can be reached from `starts`, stopping at `without`."""
    found: set[str] = set()
    ahead = list(starts)
    while ahead:
        commit = ahead.pop()
        if commit in graph and commit not in found and commit not in without:
            found.add(commit)
            ahead.extend(graph[commit].parents)
    return found


def present(git: Git, commits: Iterable[str]) -> frozenset[str]:
    """Those of the commits that this clone has."""
    asked = sorted(commit for commit in commits if _COMMIT.fullmatch(commit))
    if not asked:
        return frozenset()
    answer = git.text(
        "cat-file",
        "--batch-check=%(objectname) %(objecttype)",
        stdin="".join(f"{commit}\n" for commit in asked).encode(),
    )
    pairs = (line.split(" ") for line in answer.splitlines())
    return frozenset(name for name, kind, *_ in pairs if kind == "commit")


def _graph(git: Git, tips: frozenset[str]) -> dict[str, _Commit]:
    if not tips:
        return {}
    listed = git.text(
        "log",
        "--stdin",
        "--no-show-signature",
        "--no-color",
        "--format=%H%x00%P%x00%at%x00%ct%x00%s",
        stdin="".join(f"{tip}\n" for tip in sorted(tips)).encode(),
    )
    graph = {}
    for line in listed.split("\n"):
        name, parents, authored, committed, subject = line.split("\0", 4)
        graph[name] = _Commit(tuple(parents.split()), int(authored), int(committed), subject)
    return graph
