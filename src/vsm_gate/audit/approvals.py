"""Whether a change was approved: by somebody else, and in its final revision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vsm_gate.audit.evidence import Approval, Check, Evidence, Forge
from vsm_gate.audit.findings import Finding
from vsm_gate.model.population import LandedCommit


@dataclass(frozen=True, slots=True)
class Approved:
    """What is known of a change's approval.

    `valid` are the approvals that count, oldest first; `counted` is the number that a check
    measured, where no approval is named. `finding` says what is wrong or late.
    """

    valid: tuple[Approval, ...] = ()
    all: tuple[Approval, ...] = ()
    counted: int | None = None
    finding: Finding | None = None

    @property
    def yes(self) -> bool:
        """Whether it is approved, whenever that was."""
        return bool(self.valid or self.counted)

    def before(self, time: datetime) -> bool:
        """Whether it was approved by a time; one without a time counts as given with the check."""
        named = any(each.at is None or each.at <= time for each in self.valid)
        return named or (not self.valid and self.yes)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was merged: `revision` is the pull request's head as it was, `merged` when, None where
    that is not known. `checks` are of the commit and of its pull request, if there was one.
    """

    pull_request: int | None
    revision: str | None
    merged: datetime | None
    forge: Forge | None
    checks: Sequence[Check]


def approved(commit: LandedCommit, evidence: Evidence, proposal: Proposal) -> Approved:
    """The approval of a change."""
    forge, revision, merged = proposal.forge, proposal.revision, proposal.merged
    checks = proposal.checks
    named = list(_events(evidence, commit.sha, revision, checks))
    if forge is not None and forge.approvals is not None:
        named += forge.approvals
    named.sort(key=lambda each: (each.at is None, each.at or commit.time, each.by))
    authors = _authors(commit, forge, checks)
    others = [each for each in named if each.by.casefold() not in authors]
    final = [each for each in others if each.final]
    if final:
        late = None if any(_by_then(each, merged) for each in final) else _late(final)
        return Approved(tuple(final), tuple(named), finding=late)
    counted = _counted(checks, commit.sha, revision, merged)
    if not named and counted:
        return Approved(counted=counted)
    return Approved(all=tuple(named), finding=_finding(named, others, proposal, counted))


def _late(final: Sequence[Approval]) -> Finding:
    return Finding("late-approval", f"{_who(final)}, after it was merged")


def _finding(
    named: Sequence[Approval],
    others: Sequence[Approval],
    proposal: Proposal,
    counted: int | None,
) -> Finding:
    """The nearest that it came to an approval."""
    if others:
        return Finding("stale-approval", f"{_who(others)}, of an earlier revision")
    if named:
        return Finding("self-approved", f"only by its author, {_who(named)}")
    forge = proposal.forge
    proposed = proposal.pull_request is not None
    if proposed and counted is None and (forge is None or forge.approvals is None):
        why = forge.missing if forge is not None else ""
        return Finding("approval-unknown", why or "no record tells what its reviewers said")
    return Finding("not-approved", "no approval of it is recorded")


def _events(
    evidence: Evidence, sha: str, revision: str | None, checks: Iterable[Check]
) -> Iterable[Approval]:
    """Recorded approvals of the commit, of the revision that was merged, and of earlier ones."""
    yield from evidence.approvals.get(sha, ())
    heads = {check.head for check in checks if check.head} | ({revision} if revision else set())
    for head in sorted(heads - {sha}):
        for each in evidence.approvals.get(head, ()):
            final = revision is None or head == revision
            yield Approval(each.by, each.at, final, each.record, each.commit)


def _authors(commit: LandedCommit, forge: Forge | None, checks: Sequence[Check]) -> frozenset[str]:
    """Everything that the author is called: by the forge, else by the first run; and by git, but
    for a merge, whose author is the one who merged.
    """
    names = {forge.author} if forge is not None else set()
    opened = [each for each in checks if each.event.startswith("pull_request") and each.actor]
    if not any(names) and opened:
        names.add(min(opened, key=lambda each: each.order).actor)
    if len(commit.parents) < 2:
        mailbox = commit.email.partition("@")[0]
        names |= {commit.author, commit.email, mailbox.partition("+")[2] or mailbox}
    return frozenset(name.casefold() for name in names if name)


def _counted(
    checks: Iterable[Check], sha: str, revision: str | None, merged: datetime | None
) -> int | None:
    """What the newest check of the final revision measured: so many approvals."""
    known = [
        each
        for each in checks
        if each.approvals is not None
        and {sha, revision} & {each.head, each.tested}
        and (merged is None or each.time <= merged or each.landed)
    ]
    return max(known, key=lambda each: each.order).approvals if known else None


def _by_then(approval: Approval, merged: datetime | None) -> bool:
    return merged is None or approval.at is None or approval.at <= merged


def _who(approvals: Sequence[Approval]) -> str:
    return ", ".join(dict.fromkeys(each.by for each in approvals))
