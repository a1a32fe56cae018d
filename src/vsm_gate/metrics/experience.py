"""Experience metrics: what users had."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

METRICS: Final = (
    Metric(
        "experience.slo_attainment",
        "SLO attainment",
        "%",
        Direction.HIGHER,
        "good ÷ total events",
        "SLO readings",
    ),
    Metric(
        "experience.error_budget_remaining",
        "Error budget remaining",
        "%",
        Direction.HIGHER,
        "1 − bad ÷ ((1 − target) × total) over the SLO's window",
        "SLO readings",
    ),
    Metric(
        "experience.apdex",
        "Apdex",
        "ratio",
        Direction.HIGHER,
        "(satisfied + tolerating ÷ 2) ÷ samples",
        "Apdex readings",
    ),
    Metric(
        "experience.incident_minutes",
        "Incident minutes",
        "min",
        Direction.LOWER,
        "minutes with an open incident",
        "incidents",
    ),
)
