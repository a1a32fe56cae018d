"""Deployments and releases, and which changes each deployment was the first to carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vsm_gate.audit.changes import Change, passed
from vsm_gate.audit.evidence import Evidence, Happening
from vsm_gate.audit.findings import Finding
from vsm_gate.words import minute


@dataclass(frozen=True, slots=True)
class Delivery:
    """A deployment or a release. `carried` are the places on the line, from the oldest commit on,
    of the changes that it brought first; empty for what no place is known of, and for a rollback.
    """

    happening: Happening
    carried: range
    findings: tuple[Finding, ...]


def beginning(
    evidence: Evidence,
    places: Mapping[str, int],
    environments: frozenset[str],
    begun: datetime,
    first: int,
) -> int:
    """The place from which on deployments are known to have carried what they brought first.

    That is `first`, of the first change that is audited, or the place of the oldest recorded
    deployment to one of `environments` where that is older. Where that deployment began before the
    gate did (`begun`), deployments were recorded before changes were checked, and it is held to be
    the first that there was: from the first commit on.
    """
    for happening in evidence.happenings:
        place = places.get(happening.commit or "")
        if place is not None and _to_production(happening, environments):
            return 0 if happening.started < begun else min(first, place)
    return first


def deliveries(
    evidence: Evidence,
    places: Mapping[str, int],
    changes: Sequence[Change],
    known: frozenset[str],
    environments: frozenset[str],
    first: int = 0,
) -> Iterator[Delivery]:
    """Every deployment and release, oldest first.

    `places` are those of the first-parent line, `changes` the changes at them, `known` the
    deployed commits that the clone has. A deployment to one of `environments` carries all commits
    up to its own that none before it did, whether or not it succeeded; none before the place
    `first` (see `beginning`), since the deployments of those days are not recorded.
    """
    reached = first
    for happening in evidence.happenings:
        carried = range(0)
        place = places.get(happening.commit or "")
        if _to_production(happening, environments):
            if place is not None and place >= reached:
                carried = range(reached, place + 1)
                reached = place + 1
            change = changes[place] if place is not None else None
            found = tuple(_findings(happening, evidence, change, known))
        else:
            found = tuple(_corrected(happening))
        yield Delivery(happening, carried, found)


def _to_production(happening: Happening, environments: frozenset[str]) -> bool:
    return happening.kind == "deployment" and happening.environment in environments


def _findings(
    happening: Happening, evidence: Evidence, change: Change | None, known: frozenset[str]
) -> Iterator[Finding]:
    commit = happening.commit or ""
    if commit not in known:
        yield Finding("unknown-commit", commit[:12] or "no commit is named")
    elif change is None:
        yield Finding("off-branch", commit[:12])
    began = happening.started
    checks = evidence.by_commit.get(commit, ())
    if not (change.passed_by(began) if change is not None else passed(checks, began)):
        yield Finding("deployed-without-pass", f"{commit[:12]}, before {minute(began)}")
    yield from _corrected(happening)


def _corrected(happening: Happening) -> Iterator[Finding]:
    if happening.corrected:
        yield Finding("corrected", f"{happening.kind} {happening.id}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A change, the first deployment that carried it, and how it stood by then."""

    change: Change
    deployment: Happening | None

    @property
    def tested(self) -> bool | None:
        """Whether a check had passed when that deployment began; None: it was not deployed."""
        return None if self.deployment is None else self.change.passed_by(self.deployment.started)

    @property
    def approved(self) -> bool | None:
        """Whether it was approved when that deployment began; None: it was not deployed."""
        if self.deployment is None:
            return None
        return self.change.approval.before(self.deployment.started)

    @property
    def short(self) -> str:
        """What was missing when that deployment began; empty where nothing was."""
        said = ("without a passing check", self.tested), ("without approval", self.approved)
        return " and ".join(text for text, good in said if good is False)


def delivered(changes: Sequence[Change], made: Iterable[Delivery]) -> list[Delivered]:
    """Each change with its deployment, and with what that deployment makes of it."""
    result: list[Delivered] = [Delivered(change, None) for change in changes]
    for delivery in made:
        for place in delivery.carried:
            item = Delivered(changes[place], delivery.happening)
            found = (*item.change.findings, *_late(item, delivery.happening))
            result[place] = replace(item, change=replace(item.change, findings=found))
    return result


def _late(item: Delivered, deployment: Happening) -> Iterator[Finding]:
    when = f"{deployment.id} began {minute(deployment.started)}"
    if not item.tested:
        yield Finding("deployed-without-pass", when)
    if not item.approved:
        yield Finding("deployed-before-approval", when)
