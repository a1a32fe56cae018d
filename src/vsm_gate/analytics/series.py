"""Figures over time: by calendar week, and over rolling windows of 4 and 13 weeks, in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vsm_gate.analytics.figures import Figure, figure
from vsm_gate.analytics.periods import WEEK, Period, plan
from vsm_gate.analytics.picture import Picture, Scope
from vsm_gate.analytics.warehouse import Warehouse

ROLLING: Final = (4, 13)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a window that ends with the week that begins on `monday` (`2026-11-16`)."""

    monday: str
    figure: Figure


# Points oldest first, by (team or None for the organisation, metric, weeks of the window).
Series = Mapping[tuple[str | None, str, int], tuple[Point, ...]]


def series(warehouse: Warehouse, picture: Picture) -> Series:
    """Every figure of the picture's weeks: by week, and over rolling windows that end with it.

    A window without data has no point: it is a gap, never 0. A rolling window that would begin
    before the picture does is left out. Measurements of changes, such as coverage, and how long
    controls have held have weekly points only.
    """
    found: dict[tuple[str | None, str, int], list[Point]] = {}
    for scope in (picture.organisation, *picture.teams.values()):
        for metric, point in _weekly(scope):
            found.setdefault((scope.team, metric, 1), []).append(point)
    mondays = [week.monday for week in picture.organisation.weeks]
    warehouse.set_periods(_windows(mondays, picture.since, picture.until))
    try:
        for row in warehouse.figures():
            weeks, _, monday = row["period"].partition(":")
            if row["value"] is not None:
                key = (row["team"], row["metric"], int(weeks))
                found.setdefault(key, []).append(Point(monday, figure(row)))
    finally:
        warehouse.set_periods(plan(picture.since, picture.until))
    return {
        key: tuple(sorted(points, key=lambda point: point.monday)) for key, points in found.items()
    }


def _weekly(scope: Scope) -> Iterator[tuple[str, Point]]:
    for week in scope.weeks:
        for metric, value in week.figures.items():
            yield metric, Point(week.monday, value)


def _windows(mondays: list[str], since: datetime, until: datetime) -> Iterator[Period]:
    for monday in mondays:
        end = min(datetime.fromisoformat(monday) + WEEK, until)
        for weeks in ROLLING:
            start = datetime.fromisoformat(monday) + WEEK - timedelta(weeks=weeks)
            if start >= since:
                yield Period(f"{weeks}:{monday}", start, end)
