"""What changed and what to do next, as far as the figures say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from vsm_gate.analytics.curves import DIMENSIONS
from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.movement import Movement, movement
from vsm_gate.analytics.picture import Foresight, Objective, Scope

HEADLINES: Final = (
    "quality.score",
    "quality.pass_share",
    "quality.first_pass",
    "coverage.patch",
    "coverage.line",
    "tests.pass_rate",
    "delivery.change_lead_time",
    "delivery.deployment_frequency",
    "delivery.change_fail_rate",
    "delivery.failed_deployment_recovery_time",
)
MOVED: Final = 3.0
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One metric in two periods."""

    before: Figure
    now: Figure

    @property
    def movement(self) -> Movement:
        """Whether it moved by more than chance explains."""
        return movement(self.before, self.now)


@dataclass(frozen=True, slots=True)
class Mover:
    """A team whose median gate score moved."""

    team: str
    change: Change


@dataclass(frozen=True, slots=True)
class Advice:
    """An objective that is worth work: what it costs, and in which teams it costs most."""

    objective: Objective
    teams: tuple[tuple[str, float], ...]

    @property
    def unmet(self) -> int:
        """Changes in which it failed or warned."""
        return self.objective.failed + self.objective.warned


def change_of(scope: Scope, metric: str) -> Change:
    """One metric before and now."""
    return Change(scope.before.figures[metric], scope.now.figures[metric])


def changes(scope: Scope) -> tuple[Change, ...]:
    """The headline metrics that have a value now or had one before."""
    pairs = (change_of(scope, metric) for metric in HEADLINES)
    return tuple(
        pair for pair in pairs if pair.now.value is not None or pair.before.value is not None
    )


def movers(teams: Mapping[str, Scope]) -> tuple[Mover, ...]:
    """Teams whose median score moved by three points or more, and by more than chance; by name."""
    found = (Mover(team, change_of(scope, "quality.score")) for team, scope in teams.items())
    return tuple(mover for mover in found if _moved(mover.change))


def _moved(change: Change) -> bool:
    if change.movement not in {Movement.BETTER, Movement.WORSE}:
        return False
    return abs((change.now.value or 0) - (change.before.value or 0)) >= MOVED


def dimension(scope: Scope, name: str) -> Movement:
    """Whether a dimension moved: as its figures did, `changed` where they disagree."""
    if scope.before.dimensions[name].value is None or scope.now.dimensions[name].value is None:
        return Movement.UNKNOWN
    moved = {change_of(scope, metric).movement for metric in DIMENSIONS[name]}
    clear = moved & {Movement.BETTER, Movement.WORSE}
    if len(clear) == 1:
        return clear.pop()
    if clear:
        return Movement.CHANGED
    return Movement.UNCLEAR if Movement.UNCLEAR in moved else Movement.SAME


def advice(scope: Scope, teams: Iterable[Scope] = ()) -> tuple[Advice, ...]:
    """The objectives that take most off the score now, at least half a point."""
    worst = sorted(
        (item for item in scope.now.objectives if item.lost is not None and item.lost >= 0.5),
        key=lambda item: (-(item.lost or 0), item.id),
    )
    others = tuple(teams)
    return tuple(Advice(item, _where(item.id, others)) for item in worst[:_MOST])


def _where(objective: str, teams: Iterable[Scope]) -> tuple[tuple[str, float], ...]:
    found = [
        (scope.team, item.lost)
        for scope in teams
        for item in scope.now.objectives
        if scope.team is not None and item.id == objective and item.lost
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:_MOST])


def predicts(seen: Foresight) -> str:
    """Whether flagged changes fail more often than passed ones: a sentence that claims no more than
    the numbers carry (the difference of two shares against three times its standard error).
    """
    if min(seen.flagged, seen.passed) < 10 or not seen.flagged_failed + seen.passed_failed:
        return "Too few deployments or failures to say whether the verdict predicts anything."
    flagged = seen.flagged_failed / seen.flagged
    passed = seen.passed_failed / seen.passed
    pooled = (seen.flagged_failed + seen.passed_failed) / (seen.flagged + seen.passed)
    error = sqrt(pooled * (1 - pooled) * (1 / seen.flagged + 1 / seen.passed))
    if flagged - passed > 3 * error:
        return (
            "Changes that it flagged failed more often than chance explains: the verdict predicts."
        )
    if passed - flagged > 3 * error:
        return "Changes that it passed failed more often: the verdict points the wrong way."
    return (
        "The difference is no larger than chance explains: the verdict does not predict failures."
    )
