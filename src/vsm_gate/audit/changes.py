"""One change of the default branch with its evidence: what was tested, reviewed, approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from vsm_gate.audit.approvals import Approved, Proposal, approved
from vsm_gate.audit.evidence import BLOCKING, BreakGlass, Check, Evidence, Forge
from vsm_gate.audit.findings import Finding
from vsm_gate.audit.links import Link, links
from vsm_gate.model.population import LandedCommit

_WORST: Final = ("fail", "inconclusive", "warn", "pass")


@dataclass(frozen=True, slots=True)
class Change:
    """A commit of the default branch and what is known of it.

    `merged` is None where the time is not known. `before` and `after` are the last words of each
    team and job before and after the merge, `crashed` the heartbeats; `stale`: there was a verdict
    on some revision of it. `findings` are empty until it is judged.
    """

    commit: LandedCommit
    link: Link
    forge: Forge | None
    merged: datetime | None
    before: tuple[Check, ...]
    after: tuple[Check, ...]
    crashed: tuple[Check, ...]
    stale: bool
    approval: Approved
    findings: tuple[Finding, ...] = ()

    @property
    def pull_request(self) -> int | None:
        """The number of the pull request that it came from."""
        return self.link.pull_request

    @property
    def title(self) -> str:
        """What its message says, without the number of its pull request."""
        return self.commit.subject.removesuffix(f"(#{self.pull_request})").rstrip()

    @property
    def decisive(self) -> tuple[Check, ...]:
        """The checks that decide: those before the merge, else those after it."""
        return self.before or self.after

    @property
    def tested(self) -> str:
        """`before merge`, `after merge`, `crashed` or `no`."""
        if self.decisive:
            return "before merge" if self.before else "after merge"
        return "crashed" if self.crashed else "no"

    @property
    def conclusion(self) -> str | None:
        """The worst of the decisive conclusions."""
        return _worst(each.conclusion for each in self.decisive)

    @property
    def verdict(self) -> str | None:
        """The worst of the decisive verdicts."""
        return _worst(each.verdict for each in self.decisive)

    @property
    def break_glass(self) -> BreakGlass | None:
        """The break-glass that let it through."""
        checks = (*self.before, *self.after)
        return next((each.break_glass for each in checks if each.break_glass), None)

    @property
    def waivers(self) -> tuple[str, ...]:
        """The waivers that acted on it."""
        return tuple(sorted({name for each in self.decisive for name in each.waivers}))

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of all records that say something of it."""
        checks = (*self.before, *self.after, *self.crashed)
        named = [each.id for each in checks] + [each.record for each in self.approval.all]
        return tuple(dict.fromkeys(named))

    def passed_by(self, time: datetime) -> bool:
        """Whether all that had spoken of it by a time let it pass, and something had."""
        return passed((*self.before, *self.after), time)


def passed(checks: Iterable[Check], time: datetime) -> bool:
    """Whether the last words of some checks by a time let pass, and there were any."""
    words = _last_words(each for each in checks if each.time <= time)
    return bool(words) and not any(each.conclusion in BLOCKING for each in words)


def join(commits: Sequence[LandedCommit], evidence: Evidence) -> Iterator[Change]:
    """Each commit with its evidence; each look-up is by commit or by pull request."""
    for commit, link in zip(commits, links(commits, evidence), strict=True):
        yield _change(commit, link, evidence)


def _change(commit: LandedCommit, link: Link, evidence: Evidence) -> Change:
    number, own = link.pull_request, link.own
    proposed = evidence.by_pull_request.get(number, ()) if number is not None else ()
    forge = _forge(number, (*own, *proposed))
    landed = [each for each in own if each.landed]
    merged = _merged(commit, link.source, forge, landed)
    parents = (each for parent in commit.parents[1:] for each in evidence.by_commit.get(parent, ()))
    known = {each.id: each for each in (*proposed, *parents, *own)}
    earlier = [each for each in known.values() if not each.landed]
    in_time = [each for each in earlier if merged is None or each.time <= merged]
    revision = _revision(commit, link.source, in_time)
    of_it = [each for each in in_time if {revision, commit.sha} & {each.head, each.tested} - {None}]
    forge = _with_approvals(forge, of_it)
    proposal = Proposal(number, revision, merged, forge, (*earlier, *landed))
    return Change(
        commit=commit,
        link=link,
        forge=forge,
        merged=merged,
        before=_last_words(of_it),
        after=_last_words(landed),
        crashed=tuple(each for each in (*of_it, *landed) if each.conclusion is None),
        stale=any(each.conclusion for each in in_time),
        approval=approved(commit, evidence, proposal),
    )


def _forge(number: int | None, checks: Iterable[Check]) -> Forge | None:
    """The newest that the forge said of this pull request."""
    told = [
        (each.landed, *each.order, each.forge)
        for each in checks
        if each.forge is not None and each.forge.pull_request == number
    ]
    return max(told, key=lambda each: each[:-1])[-1] if told else None


def _with_approvals(forge: Forge | None, checks: Iterable[Check]) -> Forge | None:
    """Where the newest word leaves reviews out, those that a check of this revision knew."""
    if forge is None or forge.approvals is not None:
        return forge
    told = [each for each in checks if each.forge is not None and each.forge.approvals is not None]
    newest = max(told, key=lambda each: each.order).forge if told else None
    return forge if newest is None else replace(forge, approvals=newest.approvals)


def _merged(
    commit: LandedCommit, link: str, forge: Forge | None, landed: Sequence[Check]
) -> datetime | None:
    """When it came to the branch. A commit that is its pull request's own head was made before."""
    if forge is not None and forge.merged is not None:
        return forge.merged
    if link != "commit":
        return commit.time
    return min((each.time for each in landed), default=None)


def _revision(commit: LandedCommit, link: str, checks: Sequence[Check]) -> str | None:
    """The head of the pull request as it was merged: a merge's parent, else the newest known."""
    if link == "commit":
        return commit.sha
    if len(commit.parents) > 1:
        return commit.parents[1]
    proposed = [each for each in checks if each.pull_request is not None and each.head]
    return max(proposed, key=lambda each: each.order).head if proposed else None


def _last_words(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The newest verdict of each team and job."""
    newest: dict[tuple[str, str], Check] = {}
    for check in checks:
        key = check.team, check.job
        if check.conclusion and (key not in newest or newest[key].order < check.order):
            newest[key] = check
    return tuple(newest[key] for key in sorted(newest))


def _worst(words: Iterable[str | None]) -> str | None:
    found = set(words)
    return next((word for word in _WORST if word in found), None)
