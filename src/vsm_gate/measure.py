"""Every metric of the catalogue that one change can have, or why it has none. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from vsm_gate.base_snapshot import Comparison
from vsm_gate.change.features import features
from vsm_gate.change.patch import PatchCoverage
from vsm_gate.metrics import change as change_metrics
from vsm_gate.metrics import coverage as coverage_metrics
from vsm_gate.metrics import flow as flow_metrics
from vsm_gate.metrics import impact as impact_metrics
from vsm_gate.metrics import tests as test_metrics
from vsm_gate.model.change import Change
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.impact import Impact
from vsm_gate.model.results import Baseline, Measurement
from vsm_gate.normalize import Normalized

# The metrics that are measured from what the forge says.
FROM_FORGE: Final = frozenset({*change_metrics.FROM_FORGE, *flow_metrics.FROM_FORGE})
# Those for which approval events in the history count as well.
OF_APPROVALS: Final = frozenset({"change.approvals", "change.self_merge"})


def measure(
    change: Change,
    impact: Impact,
    found: Normalized,
    patch: PatchCoverage | None,
    baseline: Baseline,
    compared: Comparison,
) -> dict[str, Measurement]:
    """Measurements by metric, of all that files and git tell."""
    measurements = {
        each.metric: each
        for family in (
            _tests(found, compared),
            _coverage(found, patch, compared),
            change_metrics.measure(features(change), change.past),
            impact_metrics.measure(impact),
        )
        for each in family
    }
    line = measurements["coverage.line"]
    delta = coverage_metrics.delta(line, baseline.values.get("coverage.line"))
    return {**measurements, delta.metric: delta}


def measure_forge(facts: ForgeFacts) -> dict[str, Measurement]:
    """Measurements by metric, of all that the forge tells."""
    families = (change_metrics.measure_pull_request(facts), flow_metrics.measure(facts))
    return {each.metric: each for family in families for each in family}


def _tests(found: Normalized, compared: Comparison) -> Iterator[Measurement]:
    """With part of the evidence missing nothing is known, except what already failed."""
    evidence = found.paths("tests")
    if found.tests is None or found.test_problems:
        reason = "; ".join(found.test_problems) or "no test report was found"
        red = found.tests.counts().red if found.tests else 0
        for missing in test_metrics.measure(None, reason, evidence):
            if missing.metric == "tests.failed" and red:
                yield Measurement("tests.failed", Fraction(red), evidence=evidence)
            else:
                yield missing
    else:
        yield from test_metrics.measure(
            found.tests, "", evidence, found.manual, compared.tests, compared.across
        )


def _coverage(
    found: Normalized, patch: PatchCoverage | None, compared: Comparison
) -> Iterator[Measurement]:
    reason = "; ".join(found.coverage_problems)
    report = None if reason else found.coverage
    yield from coverage_metrics.measure(
        report,
        patch,
        reason or "no coverage report was found",
        len(found.unmapped),
        found.paths("coverage"),
        None if compared.lost is None else sum(map(len, compared.lost.values())),
    )
