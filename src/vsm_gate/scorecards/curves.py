"""Curves that turn unlike figures into 0…100, so that a team's picture has four dimensions.

A curve is a piecewise-linear line through (value, score) points, flat beyond its ends. Versioned:
a score is shown with the version of the curves that made it, and raw values are kept. A scorecard
may bring curves of its own (`curves`); metrics that it says nothing of keep those of the tool.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
_SHOWN_DIGITS: Final = 8

Curve = tuple[tuple[float, float], ...]

_SHARE_OF_FAILURES: Final[Curve] = ((0, 100), (5, 90), (15, 60), (30, 25), (60, 0))

LINES: Final[Mapping[str, Curve]] = {
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


@dataclass(frozen=True, slots=True)
class Curves:
    """A set of curves by metric, and the version that scores are shown with."""

    version: str = "v1"
    lines: Mapping[str, Curve] = field(default_factory=lambda: LINES)

    @classmethod
    def own(cls, name: str, lines: Mapping[str, Curve]) -> Curves:
        """An organisation's curves. Its version says the points too: `NAME+DIGEST`, so that points
        which were moved under an old name are seen to be others.
        """
        text = json.dumps({metric: lines[metric] for metric in sorted(lines)})
        digest = hashlib.sha256(text.encode()).hexdigest()[:_SHOWN_DIGITS]
        return cls(f"{name}+{digest}", {**LINES, **lines})

    def score(self, metric: str, value: float) -> float:
        """A value's place on its metric's curve, 0…100. The gate score is one already."""
        curve = self.lines.get(metric)
        if curve is None:
            return value
        if value <= curve[0][0]:
            return curve[0][1]
        for (left, low), (right, high) in pairwise(curve):
            if value <= right:
                return low + (high - low) * (value - left) / (right - left)
        return curve[-1][1]
