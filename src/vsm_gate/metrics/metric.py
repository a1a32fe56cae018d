"""What a metric is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from vsm_gate.model.results import Measurement


class Direction(StrEnum):
    """Which way is better; `none` where neither is."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Metric:
    """A named quantity.

    `unit` is one of %, count, lines, s, min, points, bits, tier, percentile, per day, days, score,
    ratio. `formula` is what is computed, in words that a reader can check; `needs` what it is
    computed from; `source` the work that defines it, where there is one.
    """

    id: str
    title: str
    unit: str
    direction: Direction
    formula: str
    needs: str
    source: str = ""

    @property
    def family(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


def show(value: Fraction, unit: str) -> str:
    """A value as a person reads it, never rounded up to 100 % nor away from 0.

    At most one decimal for percentages, points and scores, whole seconds above a minute.
    """
    if unit in {"%", "percentile", "score"}:
        return f"{_truncated(value)} %" if unit == "%" else f"{_truncated(value)}"
    if unit == "points":
        return f"{'+' if value > 0 else ''}{_truncated(value)} points"
    if unit in {"s", "min"}:
        return _duration(value if unit == "s" else value * 60)
    number = str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}"
    return number if unit in {"count", "tier", "ratio"} else f"{number} {unit}"


def _truncated(value: Fraction) -> str:
    """One decimal, cut towards zero, so that 99.96 is not shown as 100; tiny is not shown as 0."""
    tenths = int(value * 10)
    if tenths == 0 and value:
        return "<0.1" if value > 0 else ">-0.1"
    sign = "-" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}"


def _duration(seconds: Fraction) -> str:
    if seconds < 0:
        return f"-{_duration(-seconds)}"
    if seconds < 1:
        millis = seconds * 1000
        return f"{int(millis)} ms" if millis >= 1 or not millis else "<1 ms"
    if seconds < 60:
        return f"{int(seconds * 10) / 10:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def rate(
    metric: str, numerator: int, denominator: int, evidence: tuple[str, ...] = ()
) -> Measurement:
    """`numerator ÷ denominator` in %, both kept. The denominator is not 0."""
    value = Fraction(100 * numerator, denominator)
    return Measurement(
        metric, value, numerator=numerator, denominator=denominator, evidence=evidence
    )


def nothing_to_measure(metric: str, reason: str, evidence: tuple[str, ...] = ()) -> Measurement:
    """There is evidence, and nothing in it that the metric speaks of: a denominator of 0.

    Unlike missing evidence this leaves an objective not applicable: a change of documentation
    has no coverable line.
    """
    return Measurement(metric, missing=reason, numerator=0, denominator=0, evidence=evidence)


def count(metric: str, value: int, evidence: tuple[str, ...] = ()) -> Measurement:
    """A plain number."""
    return Measurement(metric, Fraction(value), evidence=evidence)


def all_missing(metrics: tuple[Metric, ...], reason: str) -> Iterator[Measurement]:
    """The same reason for a whole family."""
    return (Measurement(metric.id, missing=reason) for metric in metrics)
