"""Where time goes to waste: by cause, by team, and over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Moment, Picture, Scope
from vsm_gate.report import charts, tables
from vsm_gate.report.pages.context import Site, moments
from vsm_gate.web.folder import Page

# They overlap (a flaky rerun is a rerun), so that a sum of them means nothing.
CAUSES: Final = (
    "waste.review_wait", "waste.queue", "waste.rerun", "waste.flaky", "waste.blocked",
)  # fmt: skip
_WHERE: Final = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """What one cause cost in a period, and the teams in which it cost most."""

    figure: Figure
    teams: tuple[tuple[str, float], ...]


def pages(site: Site) -> Iterator[tuple[str, Page]]:
    """The page of waste, and its weekly figures."""
    scope = site.picture.organisation
    periods = {name: by_cause(moment, name, site.picture) for name, moment in moments(scope)}
    yield (
        "waste.html",
        site.render(
            "waste",
            "waste.html",
            scope=scope,
            periods=periods,
            causes=CAUSES,
            chart=charts.bars(scope, seen(scope)),
            largest=_largest(site.picture),
        ),
    )
    yield "waste.csv", tables.series_csv(site.picture, (*CAUSES, "waste.late_defects"))


def by_cause(moment: Moment, period: str, picture: Picture) -> tuple[Cause, ...]:
    """All causes, the most expensive first, those without data last."""
    found = (Cause(moment.figures[metric], _where(metric, period, picture)) for metric in CAUSES)
    return tuple(sorted(found, key=lambda cause: -(cause.figure.value or -1)))


def seen(scope: Scope) -> tuple[str, ...]:
    """The causes that any week has a figure of."""
    return tuple(metric for metric in CAUSES if any(metric in week.figures for week in scope.weeks))


def _where(metric: str, period: str, picture: Picture) -> tuple[tuple[str, float], ...]:
    values = (
        (team, dict(moments(scope))[period].figures[metric].value)
        for team, scope in picture.teams.items()
    )
    found = ((team, value) for team, value in values if value)
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:_WHERE])


def _largest(picture: Picture) -> dict[str, float]:
    """For each period the largest figure of any team and cause: what a full bar stands for."""
    return {
        name: max(
            (
                dict(moments(scope))[name].figures[metric].value or 0
                for scope in picture.teams.values()
                for metric in CAUSES
            ),
            default=0,
        )
        for name in ("now", "before", "whole")
    }
