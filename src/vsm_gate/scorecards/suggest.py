"""Thresholds from a team's own figures that tighten step by step: a ratchet. Pure.

The first step asks for what nine changes in ten reach already, the next ones for what three in
four and then one in two do. Nobody is asked for what nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Final

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction, Metric, show
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.last_words import Judgement, LastWords

ENOUGH: Final = 20
# The share of changes that reaches each step; the first of all is what is tolerated at the outset.
SHARES: Final = tuple(Fraction(share, 100) for share in (95, 90, 75, 50))
_SUFFIX: Final = {"%": "%", "s": "s", "min": "m", "days": "d"}


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on, `pass` asks for what `reached` of `n` changes have done."""

    day: date
    criterion: str
    reached: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to ask of a metric, or why nothing can be suggested.

    `warn` is what is tolerated at first; from the second step on it is the step before.
    """

    metric: str
    n: int
    median: Fraction | None = None
    warn: str | None = None
    steps: tuple[Step, ...] = ()
    reason: str = ""


def values_of(
    records: Iterable[tuple[str, recorded.Document]], metrics: Sequence[str]
) -> dict[str, list[Fraction]]:
    """The values of each metric over changes, by the last word on each."""
    last: LastWords[dict[str, Fraction]] = LastWords()
    for record, document in records:
        measured = recorded.part(document, "measurements")
        found = {metric: recorded.exact(measured.get(metric)) for metric in metrics}
        known = {metric: value for metric, value in found.items() if value is not None}
        last.add(Judgement.of(record, document), known)
    values: dict[str, list[Fraction]] = {metric: [] for metric in metrics}
    for _, said in last.newest():
        for metric, value in said.items():
            values[metric].append(value)
    return values


def suggest(metric: str, values: Sequence[Fraction], today: date, every: timedelta) -> Suggestion:
    """The ratchet of one metric of the catalogue; each step begins `every` after the last one."""
    found, n = CATALOGUE[metric], len(values)
    if found.direction is Direction.NONE:
        return Suggestion(metric, n, reason="neither more nor less of it is better")
    if n < ENOUGH:
        return Suggestion(metric, n, reason=f"too little data: n={n}, and {ENOUGH} are needed")
    ordered = sorted(values)
    limits = list(dict.fromkeys(_limit(found, ordered, share) for share in SHARES))
    # What is tolerated is asked for where there is nothing stricter.
    asked = limits[1:] or limits
    steps = (
        Step(
            today + (number + 1) * every,
            _criterion(found, limit),
            sum(_reaches(found, value, limit) for value in ordered),
        )
        for number, limit in enumerate(asked)
    )
    warn = _criterion(found, limits[0]) if len(limits) > 1 else None
    return Suggestion(metric, n, recorded.AGGREGATES["median"](ordered), warn, tuple(steps))


def lines(suggestion: Suggestion, name: str) -> Iterator[str]:
    """YAML lines of an objective called `name`, to paste under `objectives`."""
    if not suggestion.steps:
        yield f"  # {suggestion.metric}: {suggestion.reason}"
        return
    n, unit = suggestion.n, CATALOGUE[suggestion.metric].unit
    first, *later = suggestion.steps
    median = Fraction(0) if suggestion.median is None else suggestion.median
    yield f"  {name}:  # of {n} changes, in the middle {show(median, unit)}"
    yield f"    metric: {suggestion.metric}"
    yield f'    pass: "{first.criterion}"  # {first.reached} of {n} did'
    if suggestion.warn is not None:
        yield f'    warn: "{suggestion.warn}"'
    yield f"    enforce_from: {first.day}"
    before = first
    for step in later:
        yield (
            f'    # on {step.day}: pass: "{step.criterion}", warn: "{before.criterion}"'
            f"  ({step.reached} of {n} did)"
        )
        before = step


def _limit(metric: Metric, ordered: Sequence[Fraction], share: Fraction) -> int:
    """The strictest whole number of the metric's unit that `share` of the values reach."""
    count = ceil(share * len(ordered))
    if metric.direction is Direction.HIGHER:
        return floor(ordered[len(ordered) - count])
    return ceil(ordered[count - 1])


def _reaches(metric: Metric, value: Fraction, limit: int) -> bool:
    return value >= limit if metric.direction is Direction.HIGHER else value <= limit


def _criterion(metric: Metric, limit: int) -> str:
    comparison = ">=" if metric.direction is Direction.HIGHER else "<="
    return f"{comparison} {limit}{_SUFFIX.get(metric.unit, '')}"
