"""Figures in words. Rounded for display only, never up to 100 and never away to 0."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.periods import Period
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show
from vsm_gate.web.words import count as count
from vsm_gate.web.words import day as day
from vsm_gate.web.words import minute as minute
from vsm_gate.web.words import plural as plural

NO_DATA: Final = "no data"
# What binary fractions leave over where decimals would leave nothing.
_DUST: Final = 1e-9
_TIED: Final = "\N{NO-BREAK SPACE}"


def exact(figure: Figure) -> Fraction | None:
    """The value: as the rate that it is, or as near as its decimals say."""
    if figure.value is None:
        return None
    if figure.numerator is not None and figure.denominator:
        return Fraction(100 * figure.numerator, figure.denominator)
    return Fraction(figure.value).limit_denominator(1_000_000)


def value(figure: Figure) -> str:
    """A figure's value with its unit, or `no data`."""
    number = exact(figure)
    if number is None:
        return NO_DATA
    metric = CATALOGUE.get(figure.metric)
    unit = metric.unit if metric else "score"
    return amount(number, unit)


def amount(number: Fraction | float, unit: str) -> str:
    """A bare number with its unit, which no line break parts from it."""
    if unit == "score":
        return points(number)
    return show(_fraction(number), unit).replace(" ", _TIED)


def points(number: Fraction | float) -> str:
    """A score of 0…100 with one decimal, cut so that 99.96 is not shown as 100."""
    return show(_fraction(number), "percentile")


def signed(number: float) -> str:
    """Points with their sign, as in `+1.2`, `−0.4` and `0.0`."""
    if abs(number) < _DUST:
        return points(0)
    return f"{'+' if number > 0 else '−'}{points(abs(number))}"


def percent(part: int, whole: int) -> str:
    """`part ÷ whole` in %, or `no data` where there is no whole."""
    return amount(Fraction(100 * part, whole), "%") if whole else NO_DATA


def change(before: Figure, now: Figure) -> str:
    """The difference, signed, in the metric's unit; for percentages in points."""
    old, new = exact(before), exact(now)
    if old is None or new is None:
        return "–"
    difference = new - old
    metric = CATALOGUE.get(now.metric)
    unit = metric.unit if metric else "score"
    if unit in {"%", "score", "percentile"}:
        said = points(abs(difference))
    else:
        said = amount(abs(difference), unit)
    if not difference:
        return "0"
    return f"{'+' if difference > 0 else '−'}{said}"


def weeks(period: Period) -> str:
    """The length of a period as in `the last …`: `13 weeks`, `week`, `10 days`, `day`."""
    days = max(1, round(period.days))
    number, noun = (days // 7, "week") if days % 7 == 0 else (days, "day")
    return noun if number == 1 else plural(number, noun)


def _fraction(number: Fraction | float) -> Fraction:
    if isinstance(number, Fraction):
        return number
    return Fraction(number).limit_denominator(1_000_000)
