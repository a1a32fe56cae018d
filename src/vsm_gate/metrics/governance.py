"""Governance metrics: whether the gate is kept, and what it costs."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

METRICS: Final = (
    Metric(
        "governance.evidence_rate",
        "Evidence rate",
        "%",
        Direction.HIGHER,
        "default-branch commits with a record ÷ all default-branch commits",
        "records, and a clone of the default branch",
    ),
    Metric(
        "governance.waiver_debt",
        "Waiver debt",
        "days",
        Direction.LOWER,
        "days from the first use of a waiver to its last, added up over the waivers in use",
        "records",
    ),
    Metric(
        "governance.control_since",
        "Control since",
        "days",
        Direction.HIGHER,
        "days an objective has been enforced without a gap",
        "records",
    ),
    Metric(
        "governance.bypass_rate",
        "Bypass rate",
        "%",
        Direction.LOWER,
        "changes merged past a red gate ÷ changes",
        "records",
    ),
    Metric(
        "governance.segregation",
        "Segregation of duties",
        "%",
        Direction.HIGHER,
        "changes whose approver is not their author ÷ changes",
        "reviews",
    ),
    Metric(
        "governance.gate_minutes",
        "Gate minutes",
        "min",
        Direction.LOWER,
        "time that the gate itself took",
        "records",
    ),
    Metric(
        "governance.false_block_rate",
        "False blocks",
        "%",
        Direction.LOWER,
        "blocks later waived, or passed with no code change ÷ blocks",
        "records",
    ),
    Metric(
        "governance.precision",
        "Precision",
        "%",
        Direction.HIGHER,
        "blocked or warned changes that failed in production ÷ blocked or warned "
        "changes that were deployed",
        "records and deployments",
    ),
    Metric(
        "governance.recall",
        "Recall",
        "%",
        Direction.HIGHER,
        "changes failed in production that were blocked or warned ÷ changes failed in production",
        "records and deployments",
    ),
)
