"""Figures in words. Rounded for display only, never up to 100 and never away to 0."""

from __future__ import annotations

import re
from fractions import Fraction
from math import sqrt
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.periods import Period
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show
from vsm_gate.web.code import coded
from vsm_gate.words import count, day, minute, plural, span

__all__ = [
    "NO_DATA", "amount", "change", "coded", "count", "day", "exact", "hours", "interval", "minute",
    "percent", "plural", "points", "ratio", "signed", "span", "value", "weeks", "wilson",
]  # fmt: skip

NO_DATA: Final = "no data"
# Nothing shows more than six decimals.
_MILLION: Final = 1_000_000
# Standard errors on either side of a share, for 95 %.
_SURE: Final = 1.96
_TIED: Final = "\N{NO-BREAK SPACE}"
# Units of which tenths are shown.
_IN_TENTHS: Final = {"%", "percentile", "score"}
_LONG: Final = re.compile(r"\d{4,}")


def exact(figure: Figure) -> Fraction | None:
    """The value: as the rate that it is, or as near as its decimals say."""
    if figure.value is None:
        return None
    if figure.numerator is not None and figure.denominator:
        return Fraction(100 * figure.numerator, figure.denominator)
    return _fraction(figure.value)


def value(figure: Figure) -> str:
    """A figure's value with its unit, or `no data`; minutes, which are sums, as hours."""
    number = exact(figure)
    return NO_DATA if number is None else _said(number, _unit(figure))


def _unit(figure: Figure) -> str:
    metric = CATALOGUE.get(figure.metric)
    return metric.unit if metric else "score"


def _said(number: Fraction, unit: str) -> str:
    return hours(float(number)) if unit == "min" else amount(number, unit)


def amount(number: Fraction | float, unit: str) -> str:
    """A bare number with its unit, which no line break parts from it."""
    if unit == "score":
        return points(number)
    if not number and unit in {"s", "min"}:
        return f"0{_TIED}{unit}"
    said = show(_fraction(number), unit).replace("-", "−").replace(" ", _TIED)
    return _LONG.sub(lambda found: count(int(found[0])), said)


def points(number: Fraction | float) -> str:
    """A score of 0…100 with one decimal, cut so that 99.96 is not shown as 100."""
    return show(_fraction(number), "percentile")


def signed(number: Fraction | float) -> str:
    """Points with their sign, as in `+1.2`, `−0.4` and `0.0`."""
    said = points(abs(_fraction(number)))
    if not number or said.startswith("<"):
        return said
    return f"{'+' if number > 0 else '−'}{said}"


def percent(part: int, whole: int) -> str:
    """`part ÷ whole` in %, or `no data` where there is no whole."""
    return amount(Fraction(100 * part, whole), "%") if whole else NO_DATA


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Where a share in % may well lie, with 95 % confidence (Wilson, JASA 22, 1927)."""
    share, spread = part / whole, _SURE**2 / whole
    centre = (share + spread / 2) / (1 + spread)
    half = _SURE * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return 100 * max(0.0, centre - half), 100 * min(1.0, centre + half)


def interval(part: int, whole: int) -> str:
    """The same in words: `3.1 to 7.4 %`."""
    low, high = wilson(part, whole)
    return f"{points(low)} to {amount(high, '%')}"


def change(before: Figure, now: Figure) -> str:
    """The difference, signed, in the metric's unit; for percentages in points."""
    old, new = exact(before), exact(now)
    if old is None or new is None:
        return "–"
    difference = new - old
    if not difference:
        return "0"
    unit = _unit(now)
    if unit in _IN_TENTHS:
        # Between the values as they are shown.
        difference, unit = Fraction(int(new * 10) - int(old * 10), 10), "score"
        if not difference:
            return "<0.1"
    said = _said(abs(difference), unit)
    sign = "+" if difference > 0 else "−"
    return said if said.startswith("<") else f"{sign}{said}"


def ratio(figure: Figure) -> str:
    """What a rate divides; empty where it is none. Flow efficiency divides times."""
    if figure.numerator is None or not figure.denominator:
        return ""
    said = _milliseconds if figure.metric == "flow.efficiency" else count
    return f"{said(figure.numerator)} ÷ {said(figure.denominator)}"


def _milliseconds(number: int) -> str:
    return hours(number / 60_000)


def hours(minutes: float) -> str:
    """Minutes as hours of waiting or work, never as days: `1 240 h`, `5.2 h`, `40 min`."""
    if minutes >= 600:
        return f"{count(int(minutes / 60))}{_TIED}h"
    if minutes >= 60:
        return f"{int(minutes / 6) / 10:.1f}{_TIED}h"
    return f"{int(minutes)}{_TIED}min" if minutes >= 1 or not minutes else f"<1{_TIED}min"


def weeks(period: Period) -> str:
    """The length of a period as in `the last …`: `13 weeks`, `week`, `10 days`, `day`."""
    days = max(1, round(period.days))
    number, noun = (days // 7, "week") if days % 7 == 0 else (days, "day")
    return noun if number == 1 else plural(number, noun)


def _fraction(number: Fraction | float) -> Fraction:
    if isinstance(number, Fraction):
        return number
    return Fraction(round(number * _MILLION), _MILLION)
