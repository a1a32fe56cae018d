"""Flow metrics and waste: where time goes."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

METRICS: Final = (
    Metric(
        "flow.time",
        "Flow time",
        "s",
        Direction.LOWER,
        "median(merged − first commit)",
        "pull requests",
    ),
    Metric(
        "flow.velocity",
        "Flow velocity",
        "count",
        Direction.HIGHER,
        "changes finished in the window",
        "pull requests",
    ),
    Metric(
        "flow.load",
        "Flow load",
        "count",
        Direction.LOWER,
        "changes open now",
        "pull requests",
    ),
    Metric(
        "flow.distribution",
        "Flow distribution",
        "%",
        Direction.NONE,
        "share of features, defects, risk and debt among finished changes",
        "labels or conventional commits",
    ),
    Metric(
        "flow.efficiency",
        "Pipeline flow efficiency",
        "%",
        Direction.HIGHER,
        "time in which a job runs or a review is written ÷ (deployed − opened)",
        "job timings and reviews",
    ),
    Metric(
        "flow.complete_accurate",
        "Complete and accurate",
        "%",
        Direction.HIGHER,
        "changes that leave a stage without rework ÷ those that enter it; rolled: the "
        "product over stages",
        "attempts, reviews and deployments",
    ),
    Metric(
        "waste.queue",
        "Queueing",
        "min",
        Direction.LOWER,
        "job started − queued",
        "job timings",
    ),
    Metric(
        "waste.rerun",
        "Reruns",
        "min",
        Direction.LOWER,
        "minutes of attempts after the first",
        "job timings",
    ),
    Metric(
        "waste.flaky",
        "Flaky reruns",
        "min",
        Direction.LOWER,
        "minutes of attempts that turned green with no code change",
        "job timings",
    ),
    Metric(
        "waste.review_wait",
        "Review wait",
        "min",
        Direction.LOWER,
        "time from asking for a review to the first one",
        "reviews",
    ),
    Metric(
        "waste.blocked",
        "Blocked without cause",
        "min",
        Direction.LOWER,
        "time red until green with no code change",
        "records",
    ),
    Metric(
        "waste.late_defects",
        "Late defects",
        "count",
        Direction.LOWER,
        "defects found in acceptance or production that an earlier stage exists for",
        "records and incidents",
    ),
)
