"""Curves that turn unlike figures into 0…100, so that a team's picture has four dimensions.

A curve is a piecewise-linear line through (value, score) points, flat beyond its ends. Versioned:
a score is stored and shown with the version of the curve that made it, and raw values are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from vsm_gate.analytics.figures import Figure

VERSION: Final = "v1"

_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR

Curve = tuple[tuple[float, float], ...]

_SHARE_OF_FAILURES: Final[Curve] = ((0, 100), (5, 90), (15, 60), (30, 25), (60, 0))

CURVES: Final[dict[str, Curve]] = {
    "delivery.deployment_frequency": ((0, 0), (1 / 30, 25), (1 / 7, 50), (1, 85), (3, 100)),
    "delivery.change_lead_time": (
        (_HOUR, 100),
        (_DAY, 85),
        (7 * _DAY, 60),
        (30 * _DAY, 25),
        (180 * _DAY, 0),
    ),
    "delivery.cadence_adherence": ((50, 0), (90, 75), (100, 100)),
    "delivery.change_fail_rate": _SHARE_OF_FAILURES,
    "delivery.deployment_rework_rate": _SHARE_OF_FAILURES,
    "delivery.failed_deployment_recovery_time": (
        (_HOUR, 100),
        (_DAY, 75),
        (7 * _DAY, 30),
        (30 * _DAY, 0),
    ),
    "flow.time": ((4 * _HOUR, 100), (_DAY, 85), (3 * _DAY, 60), (14 * _DAY, 20), (60 * _DAY, 0)),
    "flow.complete_accurate": ((20, 0), (60, 50), (80, 80), (100, 100)),
    "quality.first_pass": ((20, 0), (60, 50), (80, 80), (100, 100)),
}

# What each dimension is made of: the mean of the curves of those that have a value.
DIMENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "quality": ("quality.score",),
    "throughput": (
        "delivery.deployment_frequency",
        "delivery.change_lead_time",
        "delivery.cadence_adherence",
    ),
    "stability": (
        "delivery.change_fail_rate",
        "delivery.failed_deployment_recovery_time",
        "delivery.deployment_rework_rate",
    ),
    "flow": ("flow.time", "quality.first_pass"),
}


def score(metric: str, value: float) -> float:
    """A value's place on its metric's curve, 0…100. The gate score is one already."""
    if metric not in CURVES:
        return value
    curve = CURVES[metric]
    if value <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return curve[-1][1]


def dimensions(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The four dimensions of a picture; n is the smallest sample among what a dimension is of."""
    result = {}
    for name, metrics in DIMENSIONS.items():
        present = [
            (figures[metric], score(metric, value))
            for metric in metrics
            if (value := figures[metric].value) is not None
        ]
        if present:
            mean = sum(points for _, points in present) / len(present)
            result[name] = Figure(name, value=mean, n=min(item.n for item, _ in present))
        else:
            reason = figures[metrics[0]].missing
            result[name] = Figure(name, missing=reason)
    return result
