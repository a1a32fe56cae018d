"""Which pull request a commit came from, and which checks of the default branch speak for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vsm_gate.audit.evidence import Check, Evidence
from vsm_gate.model.population import LandedCommit

_NAMED: Final = re.compile(r"^Merge pull request #([0-9]{1,9}) from |\(#([0-9]{1,9})\)$")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a commit came from. `source` says who tells: the `forge`, a `merge`'s parent, the
    `commit` itself, its `message`, or, empty, nobody. `why` explains what was not believed. `own`
    are all checks that name the commit, or the push that brought it.
    """

    pull_request: int | None
    source: str
    why: str
    own: tuple[Check, ...]


def links(commits: Sequence[LandedCommit], evidence: Evidence) -> list[Link]:
    """The link of each commit of the line, oldest first.

    A message is everybody's to write: it is not believed where the forge spoke of the push and
    named no pull request, nor where another commit has a claim to the same one.
    """
    heads = {
        check.head: number
        for number, checks in evidence.by_pull_request.items()
        for check in checks
        if check.head
    }
    pushes = _pushes(commits, evidence)
    found = []
    for commit in commits:
        direct = evidence.by_commit.get(commit.sha, ())
        own = tuple(direct) or tuple(pushes.get(commit.sha, ()))
        found.append(_link(commit, own, heads))
    claims = Counter(each.pull_request for each in found)
    return [_believed(each, claims, told=evidence.told_of_pushes) for each in found]


def _link(commit: LandedCommit, own: tuple[Check, ...], heads: dict[str, int]) -> Link:
    """By the strongest word there is."""
    told = [each.forge.pull_request for each in own if each.forge is not None]
    if told:
        return Link(told[-1], "forge", "", own)
    for parent in commit.parents[1:]:
        if parent in heads:
            return Link(heads[parent], "merge", "", own)
    if commit.sha in heads:
        return Link(heads[commit.sha], "commit", "", own)
    named = _NAMED.search(commit.subject)
    if named:
        return Link(int(named[1] or named[2]), "message", "", own)
    return Link(None, "", "", own)


def _believed(link: Link, claims: Counter[int | None], *, told: bool) -> Link:
    if link.source != "message":
        return link
    if claims[link.pull_request] > 1:
        why = f"its message names #{link.pull_request}, as another commit does"
    elif told and any(each.landed for each in link.own):
        why = f"its message names #{link.pull_request}, and the forge does not"
    else:
        return link
    return Link(None, "", why, link.own)


def _pushes(commits: Sequence[LandedCommit], evidence: Evidence) -> dict[str, list[Check]]:
    """The checks of a push, for those of its commits that it did not end with.

    A push of several commits is checked once, from what the branch stood at before. Each commit is
    given to one push at most.
    """
    places = {commit.sha: place for place, commit in enumerate(commits)}
    covered: dict[str, list[Check]] = {}
    for place, commit in enumerate(commits):
        landed = [each for each in evidence.by_commit.get(commit.sha, ()) if each.landed]
        bases = [places[each.base] for each in landed if each.base in places]
        for below in range(place - 1, max(bases, default=place), -1):
            sha = commits[below].sha
            if sha in covered or sha in evidence.by_commit:
                break
            covered[sha] = landed
    return covered
