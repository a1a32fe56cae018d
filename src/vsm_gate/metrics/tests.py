"""Test metrics: what the cases of all reports come to."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

METRICS: Final = (
    Metric(
        "tests.total",
        "Tests",
        "count",
        Direction.NONE,
        "distinct cases after merging shards",
        "a test report",
    ),
    Metric(
        "tests.passed",
        "Passed",
        "count",
        Direction.HIGHER,
        "cases that passed at the first attempt",
        "a test report",
    ),
    Metric(
        "tests.failed",
        "Failed",
        "count",
        Direction.LOWER,
        "cases that failed or errored, a suite that could not start included",
        "a test report",
    ),
    Metric(
        "tests.skipped",
        "Skipped",
        "count",
        Direction.LOWER,
        "cases that were not run, by intention",
        "a test report",
    ),
    Metric(
        "tests.pass_rate",
        "Pass rate",
        "%",
        Direction.HIGHER,
        "(passed + flaky) ÷ (total − skipped)",
        "a test report",
    ),
    Metric(
        "tests.flaky",
        "Flaky",
        "count",
        Direction.LOWER,
        "cases with both outcomes on the same code: reruns in one report, or attempts "
        "of one commit",
        "a test report",
    ),
    Metric(
        "tests.rerun_flake_rate",
        "Flake rate of reruns",
        "%",
        Direction.LOWER,
        "(case, commit) pairs with both outcomes ÷ pairs run more than once",
        "a test report with reruns",
    ),
    Metric(
        "tests.new_failures",
        "New failures",
        "count",
        Direction.LOWER,
        "cases that fail here, passed or were absent at the base, and are not known to be flaky",
        "a test report; a snapshot of the base",
    ),
    Metric(
        "tests.known_failures",
        "Known failures",
        "count",
        Direction.LOWER,
        "cases that fail here and failed at the base",
        "a test report; a snapshot of the base",
    ),
    Metric(
        "tests.removed",
        "Removed tests",
        "count",
        Direction.LOWER,
        "cases at the base that are not here",
        "a test report; a snapshot of the base",
    ),
    Metric(
        "tests.duration",
        "Test time",
        "s",
        Direction.LOWER,
        "sum of the cases' own times",
        "a test report with times",
    ),
    Metric(
        "tests.slowdown",
        "Slowdown",
        "%",
        Direction.LOWER,
        "time against the base, over the cases in both",
        "a test report; a snapshot of the base",
    ),
    Metric(
        "tests.automation_rate",
        "Automation",
        "%",
        Direction.HIGHER,
        "automated ÷ (automated + manual) cases",
        "a test report",
    ),
    Metric(
        "tests.shift_left",
        "Shift left",
        "%",
        Direction.HIGHER,
        "of the defects found in the window, those found in unit or integration tests",
        "records over a window",
    ),
)
