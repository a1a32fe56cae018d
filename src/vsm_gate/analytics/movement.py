"""Whether a figure moved by more than chance explains."""

from __future__ import annotations

from enum import StrEnum
from math import hypot, sqrt
from typing import Final

from vsm_gate.analytics.figures import STATES, Figure
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction

# About one in twenty comparisons of equal things lies beyond two standard errors.
_SURE: Final = 2.0
_ENOUGH: Final = 5


class Movement(StrEnum):
    """How a figure moved. `unclear`: by no more than chance explains, or too few to say."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    SAME = "same"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


def movement(before: Figure, now: Figure) -> Movement:
    """Compare two periods' figures of one metric.

    A difference counts where it is beyond two standard errors and both samples are five or more.
    The standard error is that of a share for rates (over changes, since the lines of one change
    are not independent), 0.93 × the interquartile range ÷ √n for medians, and √n for counts of
    events. A state of the code base, such as its coverage, is no sample: any difference counts.
    """
    if before.value is None or now.value is None:
        return Movement.UNKNOWN
    if before.value == now.value:
        return Movement.SAME
    errors = _error(before), _error(now)
    if None not in errors:
        noise = _SURE * hypot(*(error or 0.0 for error in errors))
        if min(before.n, now.n) < _ENOUGH or abs(now.value - before.value) <= noise:
            return Movement.UNCLEAR
    direction = CATALOGUE[now.metric].direction
    if direction is Direction.NONE:
        return Movement.CHANGED
    better = (now.value > before.value) == (direction is Direction.HIGHER)
    return Movement.BETTER if better else Movement.WORSE


def _error(figure: Figure) -> float | None:
    """The standard error, None for a state."""
    if figure.value is None or not figure.n or figure.metric in STATES:
        return None
    if figure.quartiles is not None:
        low, high = figure.quartiles
        return 0.93 * (high - low) / sqrt(figure.n)
    if figure.denominator:
        share = min(1.0, max(0.0, figure.value / 100))
        return 100 * sqrt(share * (1 - share) / figure.n)
    return abs(figure.value) / sqrt(figure.n)
