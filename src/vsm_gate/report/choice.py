"""What a page's script shows the chosen teams with: each team's counts, figures and weeks.

Counts, shares and frequencies of some teams together follow from those of each. A median does not,
so that of medians and of dimensions the least and the most are shown. Scores are in tenths, cut as
they are wherever they are shown.
"""

from __future__ import annotations

from typing import Any, Final

from vsm_gate.analytics.curves import DIMENSIONS
from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Moment, Picture, Scope, Verdicts, Week
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import text

_METRICS: Final = tuple(metric for metrics in DIMENSIONS.values() for metric in metrics)


def data(picture: Picture) -> dict[str, Any]:
    """The teams by name, and what the dimensions are made of."""
    return {
        "dimensions": {
            name: [[metric, CATALOGUE[metric].title] for metric in metrics]
            for name, metrics in DIMENSIONS.items()
        },
        "teams": {team: _team(scope) for team, scope in picture.teams.items()},
    }


def _team(scope: Scope) -> dict[str, Any]:
    moments = {"now": scope.now, "before": scope.before, "whole": scope.period}
    return {
        "periods": {name: _moment(moment) for name, moment in moments.items()},
        "weeks": [_week(week) for week in scope.weeks],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "verdicts": _verdicts(moment.verdicts),
        "dimensions": {
            name: [_tenths(found.value), found.n]
            for name, found in moment.dimensions.items()
            if found.value is not None
        },
        "figures": {
            metric: _figure(found)
            for metric in _METRICS
            if (found := moment.figures[metric]).value is not None
        },
    }


def _figure(found: Figure) -> list[Any]:
    """A rate as its numerator and denominator, any other as its value, bare and in words."""
    if found.denominator:
        return [found.numerator, found.denominator]
    said = text.value(found).replace("\N{NO-BREAK SPACE}", " ")
    return [round(found.value or 0.0, 6), said]


def _verdicts(found: Verdicts) -> list[int]:
    """Changes, and how many of them pass, warn, are inconclusive and fail."""
    return [found.changes, found.passed, found.warned, found.inconclusive, found.failed]


def _week(week: Week) -> list[int]:
    """The verdicts, then the quartiles of the score, the median in the middle."""
    quartiles = (week.lower_quartile, week.median, week.upper_quartile)
    scores = [_tenths(each) for each in quartiles if each is not None]
    return [*_verdicts(week.verdicts), *scores]


def _tenths(score: float) -> int:
    return round(score * 1_000_000) // 100_000
