"""What changed and what to do next, as far as the figures say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Objective, Picture, Scope

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
ENOUGH: Final = 10
MOVED: Final = 3.0
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One metric in two periods."""

    before: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class Mover:
    """A team whose median gate score moved."""

    team: str
    before: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class Advice:
    """An objective that is worth work: what it costs, and in which teams it costs most."""

    objective: Objective
    teams: tuple[tuple[str, float], ...]

    @property
    def unmet(self) -> int:
        """Changes in which it failed or warned."""
        return self.objective.failed + self.objective.warned


def changes(scope: Scope) -> tuple[Change, ...]:
    """The headline metrics that have a value now or had one before."""
    pairs = (
        Change(scope.before.figures[metric], scope.now.figures[metric]) for metric in HEADLINES
    )
    return tuple(
        pair for pair in pairs if pair.now.value is not None or pair.before.value is not None
    )


def movers(teams: Mapping[str, Scope]) -> tuple[Mover, ...]:
    """Teams whose median score moved by three points or more, with at least ten changes in both
    periods; by name.
    """
    found = []
    for team, scope in teams.items():
        before, now = (moment.figures["quality.score"] for moment in (scope.before, scope.now))
        if before.value is None or now.value is None or min(before.n, now.n) < ENOUGH:
            continue
        if abs(now.value - before.value) >= MOVED:
            found.append(Mover(team, before, now))
    return tuple(found)


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


def quiet(picture: Picture) -> bool:
    """Whether the picture has records, but none of the last 13 weeks."""
    return picture.last is not None and not picture.organisation.now.verdicts.changes
