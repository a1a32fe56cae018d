"""Impact metrics: what a change reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from vsm_gate.metrics.metric import Direction, Metric, count, rate
from vsm_gate.model.impact import Detail, Impact, Operations, Risk
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
        "impact.breaking",
        "Breaking findings",
        "count",
        Direction.LOWER,
        "what sensitive files do that loses data or breaks whoever depends on them: migrations "
        "that drop or rename, API descriptions that promise less",
        "the change",
    ),
    Metric(
        "impact.component_failure_rate",
        "Components' fail rate",
        "%",
        Direction.LOWER,
        "distinct failed production deployments ÷ production deployments of the touched components "
        "in the last 28 days",
        "deployments and incidents",
    ),
    Metric(
        "impact.error_budget",
        "Error budget left",
        "%",
        Direction.HIGHER,
        "the least among the components reached of 1 − bad ÷ ((1 − target) × total), each SLO at "
        "its newest reading of the last 28 days",
        "SLO readings",
    ),
    Metric(
        "impact.risk",
        "Risk",
        "percentile",
        Direction.LOWER,
        "share of the repository's last 300 changes that it outranks, equals counted half: by a "
        "regression fitted to failed deployments where one is good enough, else by 4 × added + "
        "deleted lines outside tests and documentation",
        "local history: 30 earlier changes or more",
        "chosen in docs/risk.md",
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
    yield _breaking(impact.details)
    yield from _operations(impact.operations)


def _breaking(details: Sequence[Detail]) -> Measurement:
    """Where a file could not be read, none is not known to be none."""
    found = sum(detail.severity == "breaking" for detail in details)
    unread = next((detail for detail in details if not detail.read), None)
    if unread is not None and not found:
        return Measurement("impact.breaking", missing=f"{unread.path}: {unread.finding}")
    return count("impact.breaking", found)


def _operations(found: Operations | None) -> Iterator[Measurement]:
    if found is None:
        found = Operations(0, missing="the history was not looked at")
    if found.deployments and not found.missing:
        yield rate("impact.component_failure_rate", found.failed, found.deployments)
    else:
        missing = found.missing or f"no deployment of what is touched in {found.days} days"
        yield Measurement("impact.component_failure_rate", missing=missing)
    if found.budgets:
        yield Measurement("impact.error_budget", found.budgets[0].remaining)
    else:
        reasons = found.missing or f"no SLO reading of what is reached in {found.days} days"
        yield Measurement("impact.error_budget", missing="; ".join((reasons, *found.notes)))


def _risk(risk: Risk | None) -> Measurement:
    if risk is None or risk.percentile is None:
        missing = risk.missing if risk else "the earlier changes were not looked at"
        return Measurement("impact.risk", missing=missing)
    return Measurement("impact.risk", risk.percentile, sample=risk.compared)
