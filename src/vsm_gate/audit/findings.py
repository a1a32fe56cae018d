"""What an audit names: exceptions, which need an explanation, and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. An `exception` departs from the control; any other is a remark."""

    id: str
    title: str
    exception: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on a change or a delivery, and what it rests on."""

    kind: str
    detail: str


KINDS: Final = {
    kind.id: kind
    for kind in (
        Kind("no-record", "No record", True, "nothing says that the gate ever ran on it"),
        Kind(
            "gate-crashed",
            "No verdict",
            True,
            "the gate ran, and ended before a verdict",
        ),
        Kind(
            "stale-check",
            "Checked in an earlier revision only",
            True,
            "what was merged differs from what was last checked",
        ),
        Kind("merged-past-red", "Merged past red", True, "the last word on it blocked it"),
        Kind("direct-push", "Direct push", True, "no pull request is known that it came from"),
        Kind("not-approved", "Not approved", True, "nobody approved it"),
        Kind("self-approved", "Approved by its author", True, "approver and author are the same"),
        Kind(
            "stale-approval",
            "Approved before the final revision",
            True,
            "it changed after it was approved",
        ),
        Kind("late-approval", "Approved after the merge", False, "its first approval came later"),
        Kind(
            "approval-unknown", "Approval not known", True, "the reviews were not read or recorded"
        ),
        Kind(
            "waiver-out-of-date",
            "Waiver out of date",
            True,
            "a waiver acted on a change that was merged outside its days",
        ),
        Kind(
            "break-glass-unreviewed",
            "Break-glass without review",
            True,
            "its review date passed and nobody else approved it afterwards",
        ),
        Kind(
            "policy-not-by-owner",
            "Policy changed without its owner",
            True,
            "the policy was edited and its owner did not approve",
        ),
        Kind(
            "deployed-without-pass",
            "Deployed without a passing check",
            True,
            "no passing check of it was recorded before its deployment began",
        ),
        Kind(
            "deployed-before-approval",
            "Deployed before approval",
            True,
            "no valid approval of it had been given when its deployment began",
        ),
        Kind(
            "unknown-commit",
            "Deployed commit unknown",
            True,
            "this clone does not have the commit that was deployed",
        ),
        Kind(
            "off-branch",
            "Deployed from elsewhere",
            True,
            "the deployed commit is not on the first-parent line of the default branch",
        ),
        Kind("break-glass", "Break-glass", False, "let through although red"),
        Kind("waiver", "Waiver", False, "an objective was waived"),
        Kind(
            "waiver-terms-unknown",
            "Waiver's terms unknown",
            False,
            "the policy that it stands in could not be read again",
        ),
        Kind("policy-changed", "Policy changed", False, "the policy was edited"),
        Kind(
            "policy-elsewhere",
            "Another policy",
            False,
            "a policy judged it that no edit in this repository brought",
        ),
        Kind(
            "policy-owner-unknown",
            "Policy's owner not resolved",
            False,
            "the policy names no owner, or one whose members are not known here",
        ),
        Kind(
            "named-by-message",
            "Pull request from the message only",
            False,
            "nothing but the commit's own message names its pull request",
        ),
        Kind("tested-after-merge", "Checked after the merge only", False, "no check ran before it"),
        Kind("red-after-merge", "Red after the merge", False, "it passed before, and not after"),
        Kind(
            "dated-out-of-order",
            "Dated out of order",
            True,
            "its date is not between those of the changes around it",
        ),
        Kind("corrected", "Corrected record", False, "a later record took an earlier one's place"),
    )
}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Exceptions before remarks."""
    return sorted(findings, key=lambda each: not KINDS[each.kind].exception)


def exceptions(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that depart from the control."""
    return tuple(each for each in findings if KINDS[each.kind].exception)
