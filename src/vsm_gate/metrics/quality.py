"""Quality metrics: what the gate's own decisions come to, over many changes."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

METRICS: Final = (
    Metric(
        "quality.score",
        "Gate score",
        "score",
        Direction.HIGHER,
        "median score over changes, each at its last word",
        "records",
    ),
    Metric(
        "quality.pass_share",
        "Changes that passed",
        "%",
        Direction.HIGHER,
        "changes whose last verdict is pass ÷ changes",
        "records",
    ),
    Metric(
        "quality.first_pass",
        "Right first time",
        "%",
        Direction.HIGHER,
        "changes whose first verdict is pass or warn ÷ changes whose first verdict is not "
        "inconclusive",
        "records",
    ),
)
