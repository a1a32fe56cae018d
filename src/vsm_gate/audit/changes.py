"""One change of the default branch with its evidence: what was tested, reviewed, approved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from vsm_gate.audit.approvals import Approved, Proposal, approved
from vsm_gate.audit.evidence import BLOCKING, Approval, BreakGlass, Check, Evidence, Forge
from vsm_gate.audit.findings import Finding
from vsm_gate.model.population import LandedCommit, PolicyEdit, PolicyFacts

_NAMED: Final = re.compile(r"^Merge pull request #([0-9]{1,9}) from |\(#([0-9]{1,9})\)$")
_WORST: Final = ("fail", "inconclusive", "warn", "pass")


@dataclass(frozen=True, slots=True)
class Change:
    """A commit of the default branch and what is known of it.

    `link` says where its pull request is known from: the forge, a merge's parent, the commit
    itself, or its message; `merged` is None where the time is not known. `before` and `after` are
    the last words of each team and job before and after the merge.
    """

    commit: LandedCommit
    pull_request: int | None
    link: str
    forge: Forge | None
    merged: datetime | None
    before: tuple[Check, ...]
    after: tuple[Check, ...]
    crashed: tuple[Check, ...]
    approval: Approved
    findings: tuple[Finding, ...]
    edit: PolicyEdit | None

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
        words = _last_words(each for each in (*self.before, *self.after) if each.time <= time)
        return bool(words) and not any(each.conclusion in BLOCKING for each in words)


def join(
    commits: Iterable[LandedCommit], evidence: Evidence, policy: PolicyFacts, now: datetime
) -> Iterator[Change]:
    """Each commit with its evidence; each look-up is by commit or by pull request."""
    heads = {
        check.head: number
        for number, checks in evidence.by_pull_request.items()
        for check in checks
        if check.head
    }
    for commit in commits:
        yield _change(commit, evidence, heads, policy, now)


def _change(
    commit: LandedCommit,
    evidence: Evidence,
    heads: dict[str, int],
    policy: PolicyFacts,
    now: datetime,
) -> Change:
    own = evidence.by_commit.get(commit.sha, ())
    number, link = _pull_request(commit, own, heads)
    proposed = evidence.by_pull_request.get(number, ()) if number is not None else ()
    forge = _forge(number, (*own, *proposed))
    landed = [each for each in own if each.landed]
    merged = _merged(commit, link, forge, landed)
    parents = (each for parent in commit.parents[1:] for each in evidence.by_commit.get(parent, ()))
    known = {each.id: each for each in (*proposed, *parents, *own)}
    earlier = [each for each in known.values() if not each.landed]
    in_time = [each for each in earlier if merged is None or each.time <= merged]
    revision = _revision(commit, link, in_time)
    of_it = [each for each in in_time if {revision, commit.sha} & {each.head, each.tested} - {None}]
    proposal = Proposal(number, revision, merged, forge, (*earlier, *landed))
    change = Change(
        commit=commit,
        pull_request=number,
        link=link,
        forge=forge,
        merged=merged,
        before=_last_words(of_it),
        after=_last_words(landed),
        crashed=tuple(each for each in (*of_it, *landed) if each.conclusion is None),
        approval=approved(commit, evidence, proposal),
        findings=(),
        edit=policy.edits.get(commit.sha),
    )
    stale = any(each.conclusion for each in in_time)
    found = (
        *_of_tests(change, stale=stale),
        *_of_review(change),
        *_of_waivers(change, policy),
        *_of_break_glass(change, evidence, now),
        *_of_policy(change, policy),
    )
    return replace(change, findings=found)


def _pull_request(
    commit: LandedCommit, own: Sequence[Check], heads: dict[str, int]
) -> tuple[int | None, str]:
    """The pull request that a commit came from, by the strongest word there is."""
    told = [each.forge.pull_request for each in own if each.forge is not None]
    if told:
        return told[-1], "forge"
    for parent in commit.parents[1:]:
        if parent in heads:
            return heads[parent], "merge"
    if commit.sha in heads:
        return heads[commit.sha], "commit"
    named = _NAMED.search(commit.subject)
    if named:
        return int(named[1] or named[2]), "message"
    return None, ""


def _forge(number: int | None, checks: Iterable[Check]) -> Forge | None:
    """The newest that the forge said of this pull request."""
    told = [
        (each.landed, *each.order, each.forge)
        for each in checks
        if each.forge is not None and each.forge.pull_request == number
    ]
    return max(told, key=lambda each: each[:-1])[-1] if told else None


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


def _of_tests(change: Change, *, stale: bool) -> Iterator[Finding]:
    if change.tested == "crashed":
        problem = change.crashed[-1].problem or "no reason is recorded"
        yield Finding("gate-crashed", problem.partition("\n")[0][:300])
    elif change.tested == "no" and stale:
        yield Finding("stale-check", "no check is of the revision that was merged")
    elif change.tested == "no":
        yield Finding("no-record", "no check of it or of its pull request is recorded")
    red = [each for each in change.decisive if each.conclusion in BLOCKING]
    if red:
        when = "before the merge" if change.before else "after the merge, and there is none before"
        yield Finding("merged-past-red", f"{_judged(red)}, the last word {when}")
    if change.tested == "after merge":
        yield Finding("tested-after-merge", "the only checks are those of the default branch")
    later = [each for each in change.after if each.conclusion in BLOCKING]
    if change.before and not red and later:
        yield Finding("red-after-merge", _judged(later))


def _judged(checks: Sequence[Check]) -> str:
    return ", ".join(f"{each.conclusion} ({each.team or 'no team'})" for each in checks)


def _of_review(change: Change) -> Iterator[Finding]:
    if change.pull_request is None:
        yield Finding("direct-push", f"committed by {change.commit.author}")
    elif change.link == "message":
        yield Finding("named-by-message", f"#{change.pull_request}, by its message")
    if change.approval.finding is not None:
        yield change.approval.finding


def _of_waivers(change: Change, policy: PolicyFacts) -> Iterator[Finding]:
    day = (change.merged or change.commit.time).date()
    for check in change.decisive:
        for objective, judged in check.objectives.items():
            if judged.waiver is None:
                continue
            terms = policy.waivers.get((check.policy or "", judged.waiver))
            if terms is None:
                yield Finding("waiver-terms-unknown", f"{judged.waiver} of {objective}")
                continue
            said = f"{judged.waiver} of {objective}, {terms.created} to {terms.expires}"
            who = f"owned by {terms.owner}, approved by {terms.approved_by}: {terms.reason}"
            if not terms.created <= day <= terms.expires:
                yield Finding("waiver-out-of-date", f"{said}, merged on {day}; {who}")
            else:
                yield Finding("waiver", f"{said}; {who}")


def _of_break_glass(change: Change, evidence: Evidence, now: datetime) -> Iterator[Finding]:
    found = change.break_glass
    if found is None:
        return
    yield Finding("break-glass", f"by {found.by or 'nobody named'}: {found.reason or 'no reason'}")
    reviews = _reviews_of(found, change, evidence)
    day = found.review_by[:10]
    if not day:
        yield Finding("break-glass-unreviewed", "no date is set for its review")
    elif not any(each.at is not None and each.at.date().isoformat() <= day for each in reviews):
        late = f", only late by {reviews[0].by}" if reviews else ""
        if now.date().isoformat() > day:
            yield Finding("break-glass-unreviewed", f"it was due by {day}{late}")


def _reviews_of(found: BreakGlass, change: Change, evidence: Evidence) -> list[Approval]:
    """Recorded approvals of the commit, by others, since the glass was broken."""
    since = found.at or change.commit.time
    return [
        each
        for each in evidence.approvals.get(change.commit.sha, ())
        if each.at is not None and each.at >= since and each.by.casefold() != found.by.casefold()
    ]


def _of_policy(change: Change, policy: PolicyFacts) -> Iterator[Finding]:
    """An edit of the policy is its owner's: to make, or else to approve."""
    edit = change.edit
    if edit is None:
        return
    yield Finding("policy-changed", ", ".join(edit.paths))
    approvers = {each.by.casefold() for each in change.approval.valid}
    author = change.forge.author if change.forge is not None else None
    owner = (edit.owner or "").removeprefix("@").casefold()
    members = policy.members.get(owner, frozenset() if "/" in owner else frozenset({owner}))
    said = f"owned by {edit.owner or 'nobody named'}, approved by "
    said += ", ".join(sorted(approvers)) or "nobody"
    if not owner or (not members and approvers):
        yield Finding("policy-owner-unknown", said)
    elif not members & approvers and (author or "").casefold() not in members:
        yield Finding("policy-not-by-owner", said)
