"""What changed and what to do next, as far as the figures say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import Final

from vsm_gate.analytics import splits
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
# Three standard errors: about one in seven hundred comparisons without an effect lies beyond.
_SURE: Final = 3.0
_FEWEST: Final = 2.0


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
    """An objective that is worth work: what it costs, and in which teams it costs most.

    `lost` are points of the mean score, and `teams` those that it costs most, as they are shown.
    """

    objective: Objective
    lost: Fraction
    teams: tuple[tuple[str, Fraction], ...]

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
    """Whether a dimension moved: as its figures did.

    `changed` where they disagree; `unclear` where none moved, or where the mean of their curves
    went the other way.
    """
    before, now = scope.before.dimensions[name].value, scope.now.dimensions[name].value
    if before is None or now is None:
        return Movement.UNKNOWN
    moved = {change_of(scope, metric).movement for metric in DIMENSIONS[name]}
    clear = moved & {Movement.BETTER, Movement.WORSE}
    if len(clear) == 1:
        found = clear.pop()
        return found if (now > before) == (found is Movement.BETTER) else Movement.UNCLEAR
    if clear:
        return Movement.CHANGED
    return Movement.UNCLEAR if Movement.UNCLEAR in moved else Movement.SAME


def advice(scope: Scope, teams: Iterable[Scope] = ()) -> tuple[Advice, ...]:
    """The objectives that take most off the score now, at least half a point."""
    worst = sorted(
        (item for item in scope.now.objectives if item.lost is not None and item.lost >= 0.5),
        key=lambda item: (-(item.lost or 0), item.id),
    )
    lost = splits.lost(scope.now)
    others = {each.team: splits.lost(each.now) for each in teams if each.team is not None}
    return tuple(Advice(item, lost[item.id], _where(item.id, others)) for item in worst[:_MOST])


def _where(
    objective: str, teams: Mapping[str, Mapping[str, Fraction]]
) -> tuple[tuple[str, Fraction], ...]:
    found = [(team, points) for team, lost in teams.items() if (points := lost.get(objective))]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:_MOST])


class Prediction(StrEnum):
    """What can be said of the gate's foresight, in a sentence."""

    TOO_FEW = "Too few deployments or failures to say whether the verdict means anything."
    NONE = "The difference is no larger than chance explains: no sign of foresight."
    YES = (
        "Deployments of what it flagged failed more often than chance explains: "
        "the verdict predicts."
    )
    REVERSED = "Deployments of what it passed failed more often: the verdict points the wrong way."


def strata(teams: Iterable[Scope]) -> list[Foresight]:
    """The deployments of each team in each week."""
    return [week.foresight for team in teams for week in team.weeks]


def prediction(weeks: Sequence[Foresight]) -> Prediction:
    """Whether deployments of flagged changes fail more often than others.

    The weeks of each team are compared each within itself (Mantel and Haenszel, JNCI 22(4), 1959),
    so that a team which came to pass more and fail less, or which passes less than others and
    fails more, is not taken for a gate that predicts.
    """
    failed = expected = variance = 0.0
    for week in weeks:
        total = week.flagged + week.passed
        lost = week.flagged_failed + week.passed_failed
        if total > 1:
            failed += week.flagged_failed
            expected += week.flagged * lost / total
            variance += (
                week.flagged * week.passed * lost * (total - lost) / (total**2 * (total - 1))
            )
    if variance < _FEWEST:
        return Prediction.TOO_FEW
    score = (failed - expected) / sqrt(variance)
    if abs(score) <= _SURE:
        return Prediction.NONE
    return Prediction.YES if score > 0 else Prediction.REVERSED
