"""Waivers: which one covers an objective today, and which have run out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from vsm_gate.globs import compile_glob
from vsm_gate.scorecards.facts import known
from vsm_gate.scorecards.policy import Objective, Policy, Waiver


def covering(
    policy: Policy,
    objective: Objective,
    value: Fraction | None,
    baseline: Fraction | None,
    *,
    today: date,
    facts: Mapping[str, object],
) -> Waiver | None:
    """The first waiver that covers an objective of this change, or None.

    It is in force (both its days included), the whole change lies within its scope, and what it
    asks instead is met: without a value, `accept` is not.
    """
    for waiver in policy.waivers:
        in_force = waiver.created <= today <= waiver.expires
        if (
            waiver.objective == objective.id
            and in_force
            and _in_scope(waiver, facts)
            and _accepts(waiver, value, baseline)
        ):
            return waiver
    return None


def expired(policy: Policy, today: date) -> Iterator[Waiver]:
    """Waivers that act no more."""
    return (waiver for waiver in policy.waivers if waiver.expires < today)


def _accepts(waiver: Waiver, value: Fraction | None, baseline: Fraction | None) -> bool:
    if waiver.accept is None:
        return True
    return value is not None and waiver.accept.satisfied_by(value, baseline) is True


def _in_scope(waiver: Waiver, facts: Mapping[str, object]) -> bool:
    """A scope that cannot be checked covers nothing."""
    if waiver.pull_request is not None:
        numbers = known(facts, "pull_request")
        if numbers is None or waiver.pull_request not in numbers:
            return False
    if waiver.components:
        touched = known(facts, "component")
        if not touched or not touched <= set(waiver.components):
            return False
    if waiver.paths:
        changed = known(facts, "paths")
        patterns = [compile_glob(pattern) for pattern in waiver.paths]
        if not changed or not all(
            any(pattern.fullmatch(path) for pattern in patterns) for path in changed
        ):
            return False
    return True
