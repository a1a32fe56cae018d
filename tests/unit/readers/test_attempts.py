from __future__ import annotations

from typing import Any

import pytest

from vsm_gate.model.tests import MAX_DETAILS, Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, NANOSECONDS, SECONDS, Case, Recorder, micros

PASSED, FAILED, ERRORED, SKIPPED, FLAKY = Outcome


def recorded(*attempts: tuple[str, Outcome], retries: bool = True) -> TestReport:
    recorder = Recorder(TestReport("x"), retries=retries)
    for time, (name, outcome) in enumerate(attempts, 1):
        recorder.add(Case(name=name, message=f"attempt {time}"), outcome, time)
    return recorder.finish()


def outcomes(report: TestReport) -> list[Outcome]:
    return [Outcome(value) for value in report.cases.outcomes]


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ((FAILED, PASSED), [FLAKY]),
        ((ERRORED, FAILED, PASSED), [FLAKY]),
        ((FAILED, PASSED, FAILED), [FLAKY, FAILED]),
        ((FAILED, PASSED, PASSED), [FLAKY, PASSED]),
        ((PASSED, FAILED), [PASSED, FAILED]),
        ((FAILED, FAILED), [FAILED, FAILED]),
        ((FAILED, SKIPPED), [FAILED, SKIPPED]),
    ],
)
def test_only_a_failure_before_a_pass_is_a_retry(
    attempts: tuple[Outcome, ...], expected: list[Outcome]
) -> None:
    assert outcomes(recorded(*(("a", outcome) for outcome in attempts))) == expected


def test_the_last_attempt_gives_the_time_and_the_first_failure_the_detail() -> None:
    report = recorded(
        ("b", FAILED), ("a", FAILED), ("a", FAILED), ("c", ERRORED), ("a", PASSED), ("d", FAILED)
    )
    assert outcomes(report) == [FAILED, FLAKY, ERRORED, FAILED]
    assert [report.cases.micros_of(index) for index in range(4)] == [1, 5, 4, 6]
    told = [
        (detail.index, detail.name, detail.outcome, detail.message) for detail in report.details
    ]
    assert told == [
        (0, "b", FAILED, "attempt 1"),
        (1, "a", FLAKY, "attempt 2"),
        (2, "c", ERRORED, "attempt 4"),
        (3, "d", FAILED, "attempt 6"),
    ]
    assert [d.identity for d in report.details] == list(report.cases.identities)


def test_where_nobody_retries_equal_names_are_different_cases() -> None:
    assert outcomes(recorded(("a", FAILED), ("a", PASSED), retries=False)) == [FAILED, PASSED]


def test_a_case_without_a_name_equals_no_other() -> None:
    assert outcomes(recorded(("", FAILED), ("", PASSED))) == [FAILED, PASSED]


def test_details_are_bounded_and_counted() -> None:
    report = recorded(*((str(n), FAILED) for n in range(MAX_DETAILS + 5)))
    assert len(report.details) == MAX_DETAILS
    assert report.details_left_out == 5


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.06, SECONDS, 60_000),
        (1, MILLISECONDS, 1_000),
        (1_499, NANOSECONDS, 1),
        (0, SECONDS, 0),
        (-1, SECONDS, None),
        (float("nan"), SECONDS, None),
        (float("inf"), SECONDS, None),
        (10**400, SECONDS, None),
        (10**13, SECONDS, None),
        ("5", SECONDS, None),
        (True, SECONDS, None),
        (None, SECONDS, None),
    ],
)
def test_what_is_a_time(value: Any, unit: float, expected: int | None) -> None:
    assert micros(value, unit) == expected
