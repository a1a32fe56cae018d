"""Coverage metrics: of the whole, and of what the change touched."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

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
