"""Figures over time: by calendar week, and over rolling windows of some weeks, in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from vsm_gate.analytics.figures import WEEKLY, Figure, figure, roll_ups
from vsm_gate.analytics.periods import WEEK, Period, plan
from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.warehouse import Warehouse

ROLLING: Final = (4, 13)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a window that ends with the week that begins on `monday` (`2026-11-16`)."""

    monday: str
    figure: Figure


# (Team or None for the organisation, metric) → its points, oldest first. A window without data has
# no point: it is a gap, never 0.
Series = Mapping[tuple[str | None, str], tuple[Point, ...]]


def weekly(picture: Picture) -> Series:
    """Every figure of the picture's weeks that has a value."""
    found: dict[tuple[str | None, str], list[Point]] = {}
    for scope in (picture.organisation, *picture.teams.values()):
        for week in scope.weeks:
            for metric, value in week.figures.items():
                found.setdefault((scope.team, metric), []).append(Point(week.monday, value))
    return {key: tuple(points) for key, points in found.items()}


def rolling(warehouse: Warehouse, picture: Picture, weeks: int) -> Series:
    """The same figures over windows of so many weeks, one ending with each week of the picture.

    A window that would begin before the picture does is left out.
    """
    mondays = [week.monday for week in picture.organisation.weeks]
    measured = {metric: way for metric, way in roll_ups().items() if metric in WEEKLY}
    found: dict[tuple[str | None, str], list[Point]] = {}
    warehouse.set_periods(_windows(mondays, weeks, picture.since, picture.until))
    try:
        for row in chain(warehouse.figures(), warehouse.measured(measured)):
            if row["value"] is not None:
                points = found.setdefault((row["team"], row["metric"]), [])
                points.append(Point(row["period"], figure(row)))
    finally:
        warehouse.set_periods(plan(picture.since, picture.until))
    return {
        key: tuple(sorted(points, key=lambda point: point.monday)) for key, points in found.items()
    }


def _windows(mondays: list[str], weeks: int, since: datetime, until: datetime) -> Iterator[Period]:
    """Each is named by the Monday on which its last week begins."""
    for monday in mondays:
        end = datetime.fromisoformat(monday) + WEEK
        start = end - timedelta(weeks=weeks)
        if start >= since:
            yield Period(monday, start, min(end, until))
