"""What an audit names: exceptions, which need an explanation, and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. An `exception` departs from the control; any other is a remark.

    `remedy` is what to do, for this change or so that there is no other; empty where there is
    nothing to do.
    """

    id: str
    title: str
    exception: bool
    meaning: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on a change or a delivery, and what it rests on."""

    kind: str
    detail: str


KINDS: Final = {
    kind.id: kind
    for kind in (
        Kind(
            "no-record",
            "No record",
            True,
            "nothing says that the gate ever ran on it",
            "let `vsm-gate check` run on every pull request and on every push to the "
            "default branch (docs/github.md, docs/elsewhere.md); a result that was lost is "
            "added with `vsm-gate history append BUNDLE`",
        ),
        Kind(
            "gate-crashed",
            "No verdict",
            True,
            "the gate ran, and ended before a verdict",
            "mend what the run says, and check the commit again",
        ),
        Kind(
            "stale-check",
            "Checked in an earlier revision only",
            True,
            "what was merged differs from what was last checked",
            "let the check run on the newest revision, or on the default branch after the merge",
        ),
        Kind(
            "merged-past-red",
            "Merged past red",
            True,
            "the last word on it blocked it",
            "make the check required for the default branch, also for administrators",
        ),
        Kind(
            "direct-push",
            "Direct push",
            True,
            "no pull request is known that it came from",
            "protect the default branch, so that changes come by pull requests",
        ),
        Kind(
            "not-approved",
            "Not approved",
            True,
            "nobody approved it",
            "require an approval by another; one that was given elsewhere is recorded with "
            "`vsm-gate event approval --commit SHA --by WHO`",
        ),
        Kind(
            "self-approved",
            "Approved by its author",
            True,
            "approver and author are the same",
            "let somebody else approve it: `vsm-gate event approval --commit SHA --by WHO`",
        ),
        Kind(
            "stale-approval",
            "Approved before the final revision",
            True,
            "it changed after it was approved",
            "let the forge dismiss approvals when commits are pushed after them",
        ),
        Kind(
            "late-approval",
            "Approved after the merge",
            False,
            "its first approval came later",
        ),
        Kind(
            "approval-unknown",
            "Approval not known",
            True,
            "the reviews were not read or recorded",
            "give the check `pull-requests: read` (docs/github.md), or record it with "
            "`vsm-gate event approval --commit SHA --by WHO`",
        ),
        Kind(
            "waiver-out-of-date",
            "Waiver out of date",
            True,
            "a waiver acted on a change that was merged outside its days",
            "renew the waiver in the scorecard, or take it away",
        ),
        Kind(
            "break-glass-unreviewed",
            "Break-glass without review",
            True,
            "its review date passed and nobody else approved it afterwards",
            "review it and record that: `vsm-gate event approval --commit SHA --by WHO`",
        ),
        Kind(
            "policy-not-by-owner",
            "Policy changed without its owner",
            True,
            "the policy was edited and its owner did not approve",
            "let its owner approve it; who belongs to an owner is said with `--member OWNER=LOGIN`",
        ),
        Kind(
            "deployed-without-pass",
            "Deployed without a passing check",
            True,
            "no passing check of it was recorded before its deployment began",
            "deploy only what passed: let the deployment wait for the check",
        ),
        Kind(
            "deployed-before-approval",
            "Deployed before approval",
            True,
            "no valid approval of it had been given when its deployment began",
            "deploy only what is approved: let the deployment wait for the merge",
        ),
        Kind(
            "unknown-commit",
            "Deployed commit unknown",
            True,
            "this clone does not have the commit that was deployed",
            "fetch the clone whole (`git fetch --all`), or correct the recorded commit",
        ),
        Kind(
            "off-branch",
            "Deployed from elsewhere",
            True,
            "the deployed commit is not on the first-parent line of the default branch",
            "deploy from the default branch, or correct the recorded commit",
        ),
        Kind(
            "break-glass",
            "Break-glass",
            False,
            "let through although red",
        ),
        Kind(
            "waiver",
            "Waiver",
            False,
            "an objective was waived",
        ),
        Kind(
            "waiver-terms-unknown",
            "Waiver's terms unknown",
            False,
            "the policy that it stands in could not be read again",
        ),
        Kind(
            "policy-changed",
            "Policy changed",
            False,
            "the policy was edited",
        ),
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
            "name an owner in the policy; who belongs to it is said with `--member OWNER=LOGIN`",
        ),
        Kind(
            "named-by-message",
            "Pull request from the message only",
            False,
            "nothing but the commit's own message names its pull request",
        ),
        Kind(
            "tested-after-merge",
            "Checked after the merge only",
            False,
            "no check ran before it",
        ),
        Kind(
            "red-after-merge",
            "Red after the merge",
            False,
            "it passed before, and not after",
        ),
        Kind(
            "dated-out-of-order",
            "Dated out of order",
            True,
            "its date is not between those of the changes around it",
            "ask its author: a clock was wrong, or the date was set by hand",
        ),
        Kind(
            "corrected",
            "Corrected record",
            False,
            "a later record took an earlier one's place",
        ),
    )
}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Exceptions before remarks."""
    return sorted(findings, key=lambda each: not KINDS[each.kind].exception)


def exceptions(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that depart from the control."""
    return tuple(each for each in findings if KINDS[each.kind].exception)
