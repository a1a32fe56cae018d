"""When a team's weekly figures moved for good, and what changed in its policy at that time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import log, sqrt
from statistics import fmean, variance
from typing import Final

from vsm_gate import words
from vsm_gate.analytics.policy_changes import PolicyChange
from vsm_gate.analytics.series import Point, Series
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction, show

METRICS: Final = (
    "quality.score",
    "quality.first_pass",
    "coverage.patch",
    "change.lines_added",
    "tests.rerun_flake_rate",
    "flow.time",
    "delivery.change_lead_time",
    "delivery.deployment_frequency",
    "delivery.change_fail_rate",
    "waste.review_wait",
)
# Weeks that a stretch has at least, and how many changes a week needs to say anything.
_STRETCH: Final = 5
_FEWEST: Final = 5
# In standard errors of the difference: some hundred series of fifty weeks are searched, so that
# what chance makes of them has to be left far behind.
_LIKELY: Final = 5.0
_CLEAR: Final = 7.0
_NEAR: Final = timedelta(days=14)


class Confidence(StrEnum):
    """How sure a shift is, in the words that the report uses."""

    CLEAR = "clear"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly series moved: its mean before and after the week that begins on `monday`.

    `weeks_before` and `weeks_after` are the weeks with data in the stretches on either side.
    `better` is None where neither direction is. `coincides` are changes of the policy within two
    weeks of it: at the same time, which is no proof that they are the cause. `sentence` says all of
    it and claims no more than it knows.
    """

    team: str
    metric: str
    monday: str
    before: float
    after: float
    weeks_before: int
    weeks_after: int
    better: bool | None
    confidence: Confidence
    coincides: tuple[PolicyChange, ...]
    sentence: str


def shifts(
    series: Series, changes: Mapping[str, tuple[PolicyChange, ...]]
) -> Mapping[str, tuple[Shift, ...]]:
    """Team → shifts of weekly figures, the newest first.

    Stretches of equal mean are found by dynamic programming (PELT; Killick et al., JASA 107(500),
    2012; the library ruptures), and two neighbours are told apart where their means differ by five
    standard errors or more (Welch). Needs `ruptures`, of the extra `report`.
    """
    found: dict[str, list[Shift]] = {}
    for (team, metric), points in series.items():
        if team is not None and metric in METRICS:
            told = [point for point in points[1:-1] if point.figure.n >= _FEWEST]
            found.setdefault(team, []).extend(_of(team, metric, told, changes.get(team, ())))
    return {
        team: tuple(sorted(each, key=lambda shift: (shift.monday, shift.metric), reverse=True))
        for team, each in found.items()
    }


def _of(
    team: str, metric: str, points: Sequence[Point], changes: tuple[PolicyChange, ...]
) -> Iterator[Shift]:
    values = [point.figure.value for point in points if point.figure.value is not None]
    ends = _stretches(values)
    for (start, middle), (_, end) in pairwise(pairwise([0, *ends])):
        before, after = values[start:middle], values[middle:end]
        size = _errors_apart(before, after, _noise(values))
        if size >= _LIKELY:
            yield _shift(team, metric, points[middle].monday, (before, after, size), changes)


def _stretches(values: list[float]) -> list[int]:
    """Where stretches of equal mean end, the end of all included."""
    noise = _noise(values)
    if len(values) < 2 * _STRETCH or not noise:
        return [len(values)]
    import numpy as np
    import ruptures

    signal = np.array(values) / noise
    search = ruptures.KernelCPD(kernel="linear", min_size=_STRETCH).fit(signal)
    return [int(end) for end in search.predict(pen=4 * log(len(values)))]


def _noise(values: list[float]) -> float:
    """The standard deviation of a week, from what neighbours differ by: a step is in one of them
    only (von Neumann, Annals of Mathematical Statistics 12(4), 1941).
    """
    steps = [later - earlier for earlier, later in pairwise(values)]
    return sqrt(fmean(step * step for step in steps) / 2) if steps else 0.0


def _errors_apart(before: list[float], after: list[float], noise: float) -> float:
    """The difference of the means in standard errors: Welch's, or that of all weeks' noise where it
    is larger, since a few weeks may happen to be alike.
    """
    error = max(
        sqrt(variance(before) / len(before) + variance(after) / len(after)),
        noise * sqrt(1 / len(before) + 1 / len(after)),
    )
    difference = abs(fmean(after) - fmean(before))
    return difference / error if error else float("inf") if difference else 0.0


def _shift(
    team: str,
    metric: str,
    monday: str,
    found: tuple[list[float], list[float], float],
    changes: tuple[PolicyChange, ...],
) -> Shift:
    before, after, size = found
    means = fmean(before), fmean(after)
    direction = CATALOGUE[metric].direction
    better = None
    if direction is not Direction.NONE:
        better = (means[1] > means[0]) == (direction is Direction.HIGHER)
    when = date.fromisoformat(monday)
    coincides = tuple(
        change for change in changes if abs(date.fromisoformat(change.day) - when) <= _NEAR
    )
    confidence = Confidence.CLEAR if size >= _CLEAR else Confidence.LIKELY
    return Shift(
        team=team,
        metric=metric,
        monday=monday,
        before=means[0],
        after=means[1],
        weeks_before=len(before),
        weeks_after=len(after),
        better=better,
        confidence=confidence,
        coincides=coincides,
        sentence=_sentence(metric, monday, found, confidence, coincides),
    )


def _sentence(
    metric: str,
    monday: str,
    found: tuple[list[float], list[float], float],
    confidence: Confidence,
    coincides: tuple[PolicyChange, ...],
) -> str:
    before, after, _ = found
    unit = CATALOGUE[metric].unit
    old, new = (
        show(Fraction(fmean(values)).limit_denominator(1_000_000), unit)
        for values in (before, after)
    )
    verb = "moved" if confidence is Confidence.CLEAR else "seems to have moved"
    said = (
        f"{CATALOGUE[metric].title} {verb} from {old} to {new} in the week of {words.day(monday)} "
        f"(means of {len(before)} weeks before and {len(after)} after)."
    )
    if not coincides:
        return f"{said} No change of the policy is recorded within two weeks of it."
    listed = ", ".join(f"{change} on {words.day(change.day)}" for change in coincides[:3])
    return f"{said} At that time {listed}; that this is why is not shown by that."
