"""Impact metrics: what a change reaches."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

METRICS: Final = (
    Metric(
        "impact.components",
        "Components touched",
        "count",
        Direction.LOWER,
        "components with a changed file",
        "components",
    ),
    Metric(
        "impact.blast_radius",
        "Blast radius",
        "%",
        Direction.LOWER,
        "components reached through reverse dependencies, the changed ones included ÷ "
        "all components",
        "components with dependencies",
    ),
    Metric(
        "impact.tier",
        "Tier reached",
        "tier",
        Direction.HIGHER,
        "the most critical tier among the components reached, 1 being the most critical",
        "components with tiers",
    ),
    Metric(
        "impact.owners",
        "Owners crossed",
        "count",
        Direction.LOWER,
        "owner groups of the changed files",
        "CODEOWNERS, or components with owners",
    ),
    Metric(
        "impact.sensitive",
        "Sensitive files",
        "count",
        Direction.LOWER,
        "changed files in sensitive classes: migrations, infrastructure, pipelines, "
        "public interfaces, dependencies, authentication",
        "the change",
    ),
    Metric(
        "impact.component_failure_rate",
        "Components' fail rate",
        "%",
        Direction.LOWER,
        "change fail rate of the touched components over the window",
        "deployments and incidents",
    ),
    Metric(
        "impact.error_budget",
        "Error budget left",
        "%",
        Direction.HIGHER,
        "the least remaining error budget among the components reached",
        "SLO readings",
    ),
    Metric(
        "impact.risk",
        "Risk",
        "percentile",
        Direction.LOWER,
        "rank of the change among the repository's own past changes",
        "the repository's history",
    ),
)
