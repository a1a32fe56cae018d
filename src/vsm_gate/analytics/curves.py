"""The four dimensions of a team's picture, each 0…100 off versioned curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.scorecards.curves import Curves

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


def dimensions(figures: Mapping[str, Figure], curves: Curves) -> dict[str, Figure]:
    """The four dimensions of a picture; n is the smallest sample among what a dimension is of."""
    result = {}
    for name, metrics in DIMENSIONS.items():
        present = [
            (figures[metric], curves.score(metric, value))
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
