"""A figure: one metric of one team, or of all, in one period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from vsm_gate.analytics import sql
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction

# How the measurements of many changes become one figure: a state is that of the newest
# default-branch record, some rates are pooled, all others are the median over changes.
STATES: Final = frozenset({"coverage.line", "coverage.branch", "tests.automation_rate"})
# The measurements of changes that have weekly figures, too.
WEEKLY: Final = frozenset(
    {
        "change.lines_added",
        "coverage.line",
        "coverage.patch",
        "tests.duration",
        "tests.flaky",
        "tests.pass_rate",
    }
)
_POOLED: Final = frozenset({"coverage.patch", "coverage.patch_branch", "tests.pass_rate"})
_MEASURED: Final = frozenset({"tests", "coverage", "change", "impact"})
# Why a figure may be missing though another has a value: there were changes, or deployments.
_THOUGH: Final = {
    "quality.pass_share": {
        "quality.score": "no change of the period has a score",
        "quality.first_pass": "no change of the period had evidence enough for a verdict",
    },
    "delivery.change_fail_rate": {
        "delivery.change_lead_time": "no change lies between two deployments whose commits this "
        "clone has",
        "delivery.failed_deployment_recovery_time": "no failed deployment of the period has "
        "recovered",
    },
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its sample, or the reason why there is none.

    `n` counts what the value was computed from: changes, repositories or deployments, as the
    metric's formula says. A rate has its numerator and denominator, a median its quartiles.
    """

    metric: str
    value: float | None = None
    missing: str | None = None
    n: int = 0
    numerator: int | None = None
    denominator: int | None = None
    quartiles: tuple[float, float] | None = None


def roll_ups() -> dict[str, str]:
    """Metric → `latest`, `pooled` or `median`, for the metrics that each change has.

    Those that have a query of their own are left out.
    """
    own = set(sql.names("queries"))
    return {
        metric.id: _roll_up(metric.id)
        for metric in CATALOGUE.values()
        if metric.family in _MEASURED and metric.id not in own
    }


def directions() -> dict[str, int]:
    """The same metrics → the sign that makes worse values larger."""
    return {
        metric: -1 if CATALOGUE[metric].direction is Direction.HIGHER else 1
        for metric in roll_ups()
    }


def _roll_up(metric: str) -> str:
    if metric in STATES:
        return "latest"
    return "pooled" if metric in _POOLED else "median"


def figure(row: Mapping[str, Any]) -> Figure:
    """A figure from a query's row."""
    low = row.get("lower_quartile")
    if row["value"] is None:
        return Figure(row["metric"], missing="nothing to measure", n=row["n"])
    return Figure(
        row["metric"],
        value=undusted(row["value"]),
        n=row["n"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        quartiles=None if low is None else (undusted(low), undusted(row["upper_quartile"])),
    )


def undusted(number: float | Decimal) -> float:
    """To twelve digits: what lies beyond depends on the order in which an engine adds up."""
    return float(f"{number:.12g}")


def complete(found: Iterable[Figure], reasons: Mapping[str, str]) -> dict[str, Figure]:
    """Every metric of the catalogue, in its order: found, or missing with the reason."""
    by_id = {item.metric: item for item in found}
    return {
        metric: by_id.get(metric)
        or Figure(metric, missing=reasons.get(metric) or _absent(metric, by_id))
        for metric in CATALOGUE
    }


def _absent(metric: str, found: Mapping[str, Figure]) -> str:
    if metric in STATES:
        return "no record of the default branch measured it in the period"
    for present, though in _THOUGH.items():
        if present in found and metric in though:
            return though[metric]
    return f"nothing in the period to compute it from; it needs {CATALOGUE[metric].needs}"
