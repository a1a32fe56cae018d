"""Impact metrics: what a change reaches."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from vsm_gate.metrics.metric import Direction, Metric, count, rate
from vsm_gate.model.impact import Impact, Risk
from vsm_gate.model.results import Measurement

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
        "share of the repository's earlier changes with less churn (lines added and deleted, "
        "generated and vendored files apart), those with as much counted half",
        "local history: 30 earlier changes or more",
        "churn as the unsupervised rank: Liu et al., ESEM 2017",
    ),
)

_NO_COMPONENTS: Final = "no components are known: list them in `.vsm-gate.yaml`"


def measure(impact: Impact) -> Iterator[Measurement]:
    """All impact metrics of one change that follow from its files and its components."""
    if impact.total:
        yield count("impact.components", len(impact.touched))
        yield rate("impact.blast_radius", len(impact.reached), impact.total)
    else:
        for metric in ("impact.components", "impact.blast_radius"):
            yield Measurement(metric, missing=_NO_COMPONENTS)
    if impact.tier is None:
        yield Measurement("impact.tier", missing="no component that is reached has a tier")
    else:
        yield Measurement("impact.tier", Fraction(impact.tier))
    yield count("impact.owners", len(impact.owners))
    yield count("impact.sensitive", sum(len(paths) for paths in impact.sensitive.values()))
    yield _risk(impact.risk)
    for metric, what in _FROM_EVENTS.items():
        yield Measurement(metric, missing=f"{what} are recorded")


def _risk(risk: Risk | None) -> Measurement:
    if risk is None or risk.percentile is None:
        missing = risk.missing if risk else "the earlier changes were not looked at"
        return Measurement("impact.risk", missing=missing)
    return Measurement("impact.risk", risk.percentile, sample=risk.compared)


_FROM_EVENTS: Final = {
    "impact.component_failure_rate": "no deployments of the touched components",
    "impact.error_budget": "no SLO readings of the components reached",
}
