"""Data files beside the pages, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from vsm_gate.analytics.efficacy import Efficacy
from vsm_gate.analytics.picture import Picture, Week
from vsm_gate.analytics.series import Series
from vsm_gate.analytics.warehouse import Row
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report.comparison import Standing
from vsm_gate.report.components import Component
from vsm_gate.web import cells

RECORD_COLUMNS: Final = (
    "id", "time", "repository", "team", "tested", "branch", "event", "pull_request", "attempt",
    "job", "files", "lines", "score", "level", "evidence_rate", "verdict", "conclusion",
    "blocked", "would_block", "waivers", "break_glass", "settled", "landed",
)  # fmt: skip


def weeks_csv(weeks: Iterable[Week]) -> str:
    """The weekly chart's figures."""
    head = (
        "monday", "changes", "pass", "warn", "inconclusive", "fail",
        "scored", "lower_quartile", "median", "upper_quartile",
    )  # fmt: skip
    rows = (
        (
            week.monday, week.verdicts.changes, week.verdicts.passed, week.verdicts.warned,
            week.verdicts.inconclusive, week.verdicts.failed,
            week.n, week.lower_quartile, week.median, week.upper_quartile,
        )
        for week in weeks
    )  # fmt: skip
    return table(head, rows)


def trends_csv(windows: Mapping[int, Series]) -> str:
    """Figures over windows of so many weeks, which end with the week that begins on `monday`.

    The organisation's rows have an empty team.
    """
    head = (
        "team", "metric", "unit", "weeks", "monday",
        "value", "n", "numerator", "denominator", "lower_quartile", "upper_quartile",
    )  # fmt: skip
    rows = (
        (
            team, metric, CATALOGUE[metric].unit, weeks, point.monday, found.value, found.n,
            found.numerator, found.denominator, *(found.quartiles or (None, None)),
        )
        for weeks, series in windows.items()
        for (team, metric), points in sorted(series.items(), key=lambda item: _order(item[0]))
        for point in points
        for found in (point.figure,)
    )  # fmt: skip
    return table(head, rows)


def _order(key: tuple[str | None, str]) -> tuple[bool, str, str]:
    team, metric = key
    return team is not None, team or "", metric


def series_csv(picture: Picture, metrics: Iterable[str]) -> str:
    """Weekly figures of some metrics, of the organisation (an empty team) and of every team."""
    wanted = tuple(metrics)
    head = ("team", "monday", "metric", "unit", "value", "n", "numerator", "denominator")
    rows = (
        (
            scope.team, week.monday, metric, CATALOGUE[metric].unit,
            found.value, found.n, found.numerator, found.denominator,
        )
        for scope in (picture.organisation, *picture.teams.values())
        for week in scope.weeks
        for metric in wanted
        if (found := week.figures.get(metric)) is not None
    )  # fmt: skip
    return table(head, rows)


def stages_csv(picture: Picture) -> str:
    """Stages of the value stream now, of the organisation (an empty team) and of every team."""
    head = ("team", "since", "until", "stage", "median_s", "timed", "accurate", "entered")
    rows = (
        (
            scope.team, iso(scope.now.period.since), iso(scope.now.period.until), name,
            found.seconds, found.timed, found.accurate, found.entered,
        )
        for scope in (picture.organisation, *picture.teams.values())
        for name, found in scope.now.stages.items()
    )  # fmt: skip
    return table(head, rows)


def work_csv(picture: Picture, kinds: Iterable[str]) -> str:
    """Merged changes by what they are, of the organisation (an empty team) and of every team."""
    listed = tuple(kinds)
    rows = (
        (
            scope.team, iso(moment.period.since), iso(moment.period.until), kind,
            moment.work.get(kind, 0),
        )
        for scope in (picture.organisation, *picture.teams.values())
        for moment in (scope.period, scope.now, scope.before)
        for kind in listed
        if moment.work
    )  # fmt: skip
    return table(("team", "since", "until", "work", "changes"), rows)


def standings_csv(standings: Iterable[Standing]) -> str:
    """Every team's score gap to its past and to its peers, by objective; points that add up."""
    head = (
        "team",
        "against",
        "mean_there",
        "mean_here",
        "n_there",
        "n_here",
        "objective",
        "points",
    )
    rows = (
        (
            standing.scope.team, name, float(found.left), float(found.right),
            found.left_n, found.right_n, part.objective, float(part.points),
        )
        for standing in standings
        for name, found in (("its past", standing.past), ("its peers", standing.peers))
        if found is not None
        for part in found.parts
    )  # fmt: skip
    return table(head, rows)


def capture_csv(found: Mapping[str | None, Efficacy]) -> str:
    """The capture curve of all teams (an empty team) and of each."""
    head = ("team", "gated_percent", "deployments", "captured", "failed")
    rows = (
        (team, point.gated, point.deployments, point.captured, point.failed)
        for team, item in found.items()
        for point in item.capture
    )
    return table(head, rows)


def separation_csv(found: Mapping[str | None, Efficacy]) -> str:
    """How well each metric tells failed deployments apart, of all teams and of each."""
    head = ("team", "metric", "failed", "fine", "auc", "low", "high", "tells", "missing")
    rows = (
        (
            team, each.metric, each.failed, each.fine, each.auc, each.low, each.high,
            each.tells, each.missing,
        )
        for team, item in found.items()
        for each in item.separations
    )  # fmt: skip
    return table(head, rows)


def components_csv(components: Iterable[Component]) -> str:
    """Every component by week; weeks without anything are left out."""
    head = ("team", "component", "monday", "deployments", "failed", "changes", "median_score")
    rows = (
        (
            item.team, item.name, monday,
            row["deployments"], row["failed"], row["changes"], row["median"],
        )
        for item in components
        for monday, row in item.weeks
        if row["deployments"] or row["changes"]
    )  # fmt: skip
    return table(head, rows)


def records_csv(rows: Iterable[Row]) -> str:
    """Check records, one a row."""
    return table(RECORD_COLUMNS, map(itemgetter(*RECORD_COLUMNS), rows))


def iso(time: datetime) -> str:
    """`2026-11-22T09:30:00Z`."""
    return f"{time.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _truth(said: bool) -> str:
    return "true" if said else "false"


# How a cell is written that is not written as it is.
_SHOWN: Final[dict[type, Callable[[Any], str]]] = {str: cells.text, datetime: iso, bool: _truth}


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """CSV. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cells.text(cell) for cell in head])
    writer.writerows(
        [_SHOWN[type(cell)](cell) if type(cell) in _SHOWN else cell for cell in row] for row in rows
    )
    return out.getvalue()
