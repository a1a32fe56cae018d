"""What departs from the control in one change, and what else is to be known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from vsm_gate.audit.changes import Change
from vsm_gate.audit.evidence import BLOCKING, Approval, BreakGlass, Check, Evidence
from vsm_gate.audit.findings import Finding
from vsm_gate.model.population import PolicyEdit, PolicyFacts
from vsm_gate.words import minute

# Clocks of honest machines differ by less.
_SKEW: Final = timedelta(days=1)


def judge(
    changes: Iterable[Change], evidence: Evidence, policy: PolicyFacts, now: datetime
) -> Iterator[Change]:
    """Each change with its findings, given oldest first."""
    drift = _Drift()
    for change in changes:
        edit = policy.edits.get(change.commit.sha)
        found = (
            *_of_tests(change),
            *_of_review(change),
            *_of_waivers(change, policy),
            *_of_break_glass(change, evidence, now),
            *_of_policy(change, edit, policy),
            *drift.take(change, edit),
            *_of_date(change),
        )
        yield replace(change, findings=found)


class _Drift:
    """The policies that judged each team: a new one that no edit came before is told of."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}
        self._edits = 0
        # How many edits there had been when a team was judged by its newest policy first.
        self._taken: dict[str, int] = {}

    def take(self, change: Change, edit: PolicyEdit | None) -> Iterator[Finding]:
        self._edits += edit is not None
        for check in change.decisive:
            known = self._known.setdefault(check.team, set())
            if not check.policy or check.policy in known:
                continue
            if self._taken.get(check.team) == self._edits:
                source = check.policy_source or "nobody named"
                yield Finding("policy-elsewhere", f"{check.policy[:12]}, from {source}")
            known.add(check.policy)
            self._taken[check.team] = self._edits


def _of_date(change: Change) -> Iterator[Finding]:
    commit = change.commit
    if abs(commit.dated - commit.time) > _SKEW:
        said = f"{minute(commit.dated)}, and it came about {minute(commit.time)}"
        yield Finding("dated-out-of-order", said)


def _of_tests(change: Change) -> Iterator[Finding]:
    if change.tested == "crashed":
        problem = change.crashed[-1].problem or "no reason is recorded"
        yield Finding("gate-crashed", problem.partition("\n")[0][:300])
    elif change.tested == "no" and change.stale:
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
        why = f"; {change.link.why}" if change.link.why else ""
        yield Finding("direct-push", f"committed by {change.commit.author}{why}")
    elif change.link.source == "message":
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


def _of_policy(change: Change, edit: PolicyEdit | None, policy: PolicyFacts) -> Iterator[Finding]:
    """An edit of the policy is its owner's: to make, or else to approve."""
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
