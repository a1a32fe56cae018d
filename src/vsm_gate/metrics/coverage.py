"""Coverage metrics: of the whole, and of what the change touched."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from vsm_gate.metrics.metric import Direction, Metric, all_missing, count, nothing_to_measure, rate
from vsm_gate.model.results import Measurement

if TYPE_CHECKING:
    from vsm_gate.change.patch import PatchCoverage
    from vsm_gate.model.coverage import CoverageReport


METRICS: Final = (
    Metric(
        "coverage.line",
        "Line coverage",
        "%",
        Direction.HIGHER,
        "covered ÷ coverable lines over all merged files",
        "a coverage report",
    ),
    Metric(
        "coverage.branch",
        "Branch coverage",
        "%",
        Direction.HIGHER,
        "taken ÷ all branch outcomes over all merged files",
        "a coverage report with branches",
    ),
    Metric(
        "coverage.patch",
        "Patch coverage",
        "%",
        Direction.HIGHER,
        "covered ÷ coverable changed lines at the head, renames followed",
        "a coverage report; the change",
    ),
    Metric(
        "coverage.patch_branch",
        "Patch branch coverage",
        "%",
        Direction.HIGHER,
        "taken ÷ all branch outcomes on changed lines",
        "a coverage report with branches; the change",
    ),
    Metric(
        "coverage.patch_missed",
        "Uncovered changed lines",
        "count",
        Direction.LOWER,
        "coverable changed lines that no test ran",
        "a coverage report; the change",
    ),
    Metric(
        "coverage.delta",
        "Coverage change",
        "points",
        Direction.HIGHER,
        "coverage.line − its baseline",
        "a coverage report; a baseline",
    ),
    Metric(
        "coverage.indirect",
        "Indirect losses",
        "count",
        Direction.LOWER,
        "lines that lost coverage though the change did not touch them",
        "a coverage report; a snapshot of the base",
    ),
    Metric(
        "coverage.unmapped",
        "Unmapped files",
        "count",
        Direction.LOWER,
        "files in coverage reports that match no file of the repository",
        "a coverage report",
    ),
)

_NO_BRANCHES: Final = "the reports carry no branches"


def measure(
    report: CoverageReport | None,
    patch: PatchCoverage | None,
    missing: str,
    unmapped: int,
    evidence: tuple[str, ...],
    lost: int | None = None,
) -> Iterator[Measurement]:
    """All coverage metrics of one change but `coverage.delta`, which needs a baseline.

    `report` holds repository paths and `patch` is what of it the change touched; both are None
    where there is no evidence, for the reason `missing`. `unmapped` counts the files of the
    reports that match none of the repository; `lost` the lines that lost coverage untouched, None
    where no snapshot of the base is known.
    """
    if report is None or patch is None:
        measured = tuple(metric for metric in METRICS if metric.id != "coverage.delta")
        yield from all_missing(measured, missing)
        return
    lines, branches = report.line_ratio(), report.branch_ratio()
    if lines.total:
        yield rate("coverage.line", lines.covered, lines.total, evidence)
    else:
        yield Measurement("coverage.line", missing="the reports hold no coverable line")
    if branches is None:
        yield Measurement("coverage.branch", missing=_NO_BRANCHES)
    elif branches.total:
        yield rate("coverage.branch", branches.covered, branches.total, evidence)
    else:
        yield nothing_to_measure("coverage.branch", "no covered line branches", evidence)
    yield from _patch(patch, evidence)
    yield count("coverage.unmapped", unmapped, evidence)
    if lost is None:
        yield Measurement("coverage.indirect", missing="no snapshot of the base to compare with")
    else:
        yield count("coverage.indirect", lost, evidence)


def _patch(patch: PatchCoverage, evidence: tuple[str, ...]) -> Iterator[Measurement]:
    """A changed file that no report knows is missing evidence, not an empty patch."""
    if patch.coverable:
        missed = patch.coverable - patch.covered
        yield rate("coverage.patch", patch.covered, patch.coverable, evidence)
        yield Measurement(
            "coverage.patch_missed",
            Fraction(missed),
            denominator=patch.coverable,
            evidence=evidence,
        )
    else:
        for metric in ("coverage.patch", "coverage.patch_missed"):
            if patch.files_without_data:
                yield Measurement(metric, missing=patch.reason)
            else:
                yield nothing_to_measure(metric, patch.reason, evidence)
    if patch.branches_total is None or patch.branches_taken is None:
        yield Measurement("coverage.patch_branch", missing=_NO_BRANCHES)
    elif patch.branches_total:
        yield rate("coverage.patch_branch", patch.branches_taken, patch.branches_total, evidence)
    else:
        yield nothing_to_measure("coverage.patch_branch", "no changed line branches", evidence)


def delta(line: Measurement, baseline: Fraction | None) -> Measurement:
    """`coverage.delta` = coverage.line − baseline, in points."""
    if line.value is None:
        return Measurement("coverage.delta", missing=line.missing)
    if baseline is None:
        return Measurement("coverage.delta", missing="no baseline yet")
    return Measurement("coverage.delta", line.value - baseline, evidence=line.evidence)
