"""Test metrics: what the cases of all reports come to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from vsm_gate.metrics.metric import (
    Direction,
    Metric,
    all_missing,
    count,
    nothing_to_measure,
    rate,
)
from vsm_gate.model.results import Measurement

if TYPE_CHECKING:
    from vsm_gate.change.since_base import TestsSinceBase
    from vsm_gate.model.tests import TestCounts, TestReport


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
        "Passed tests",
        "count",
        Direction.HIGHER,
        "cases that passed at the first attempt",
        "a test report",
    ),
    Metric(
        "tests.failed",
        "Failed tests",
        "count",
        Direction.LOWER,
        "cases that failed or errored, a suite that could not start included",
        "a test report",
    ),
    Metric(
        "tests.skipped",
        "Skipped tests",
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
        "Flaky tests",
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
        "commits whose tests both failed and did not, in the same job ÷ commits that a job judged "
        "more than once",
        "records of attempts",
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

_NO_CASE: Final = "the reports hold no test case"
_NONE_RAN: Final = "no test was run: every case was skipped"
_NO_SNAPSHOT: Final = "no snapshot of the base to compare with"


def measure(
    report: TestReport | None,
    missing: str,
    evidence: tuple[str, ...],
    manual: int = 0,
    since: TestsSinceBase | None = None,
    across: frozenset[int] = frozenset(),
) -> Iterator[Measurement]:
    """All test metrics of one change.

    `report` is everything merged, None where there is no evidence, for the reason `missing`;
    `manual` counts the cases that were run by hand. `since` compares with the base, None where no
    snapshot of it is known; `across` are cases with both outcomes in attempts of this commit.
    """
    if report is None:
        yield from all_missing(METRICS, missing)
        return
    counts = report.counts()
    ran = counts.total - counts.skipped
    yield count("tests.total", counts.total, evidence)
    yield count("tests.passed", counts.passed, evidence)
    yield from _outcomes(counts, counts.flaky + len(across), evidence)
    if ran:
        yield rate("tests.pass_rate", counts.passed + counts.flaky, ran, evidence)
    else:
        yield Measurement("tests.pass_rate", missing=_nothing(counts), evidence=evidence)
    if counts.duration_s is None:
        yield Measurement("tests.duration", missing="no case carries a time", evidence=evidence)
    else:
        yield Measurement("tests.duration", Fraction(counts.duration_s), evidence=evidence)
    if counts.total:
        yield rate("tests.automation_rate", counts.total - manual, counts.total, evidence)
    else:
        yield Measurement("tests.automation_rate", missing=_NO_CASE, evidence=evidence)
    yield Measurement("tests.rerun_flake_rate", missing="needs the attempts of many commits")
    yield Measurement("tests.shift_left", missing="needs records over a window")
    yield from _since_base(_nothing(counts), since, evidence)


def _nothing(counts: TestCounts) -> str:
    """Why the reports say nothing of what fails; empty where they do."""
    if not counts.total:
        return _NO_CASE
    return _NONE_RAN if counts.total == counts.skipped else ""


def _since_base(
    nothing: str, since: TestsSinceBase | None, evidence: tuple[str, ...]
) -> Iterator[Measurement]:
    if since is None or nothing:
        reason = nothing or _NO_SNAPSHOT
        for name in ("new_failures", "known_failures", "removed", "slowdown"):
            yield Measurement(f"tests.{name}", missing=reason)
        return
    new = len(since.new_failures) + since.unnamed_failures
    yield count("tests.new_failures", new, evidence)
    yield count("tests.known_failures", len(since.known_failures), evidence)
    yield count("tests.removed", since.removed, evidence)
    if since.slowdown is None:
        yield nothing_to_measure("tests.slowdown", "no case with a time passed in both", evidence)
    else:
        yield Measurement("tests.slowdown", since.slowdown, evidence=evidence)


def _outcomes(counts: TestCounts, flaky: int, evidence: tuple[str, ...]) -> Iterator[Measurement]:
    """Reports of which no case was run are no evidence that nothing failed."""
    nothing = _nothing(counts)
    for name, value, missing in (
        ("failed", counts.red, nothing),
        ("skipped", counts.skipped, "" if counts.total else nothing),
        ("flaky", flaky, nothing),
    ):
        metric = f"tests.{name}"
        if missing:
            yield Measurement(metric, missing=missing, evidence=evidence)
        else:
            yield Measurement(metric, Fraction(value), denominator=counts.total, evidence=evidence)
