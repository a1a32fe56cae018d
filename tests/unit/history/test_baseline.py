"""Which records make a baseline, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from vsm_gate.history.baseline import MAX_LOOKED_AT, baseline, pinned
from vsm_gate.history.record import Record


def record(number: int, **changes: Any) -> Record:
    """A good record of the default branch; `number` makes it one of its own."""
    document: dict[str, Any] = {
        "schema": "vsm-gate/record/v1",
        "kind": "check",
        "time": "2026-11-22T10:00:00Z",
        "repository": "acme/pay",
        "team": "payments",
        "change": {"default_branch": True, "head": f"{number:040x}"},
        "verdict": "pass",
        "measurements": {
            "coverage.line": {"value": 33.3, "numerator": number, "denominator": 3, "unit": "%"},
            "tests.duration": {"value": number / 10, "unit": "s"},
        },
    }
    return Record.of(document | changes)


def of(records: list[Record], *, window: int = 20, aggregate: str = "median") -> Any:
    return baseline(
        records, repository="acme/pay", team="payments", window=window, aggregate=aggregate
    )


def test_rates_are_exact_and_all_else_is_its_digits() -> None:
    found = of([record(1), record(2)])
    assert found.values["coverage.line"] == Fraction(100 * 3, 2 * 3)
    assert found.values["tests.duration"] == Fraction(15, 100)


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [("median", Fraction(200, 3)), ("mean", 100), ("min", 0), ("max", 300), ("last", 300)],
)
def test_aggregates(aggregate: str, value: Fraction) -> None:
    found = of([record(9), record(2), record(1), record(0)], window=4, aggregate=aggregate)
    expected = {"median": Fraction(50), "mean": 100, "min": 0, "max": 300, "last": 300}
    assert found.values["coverage.line"] == expected[aggregate]


def test_of_several_runs_of_a_commit_the_newest_counts() -> None:
    change = {"default_branch": True, "tested": "c" * 40}
    records = [record(9, change=change), record(1, change=change), record(3)]
    found = of(records)
    assert found.records == (records[0].id, records[2].id)


def test_the_window_takes_the_newest() -> None:
    records = [record(number) for number in (5, 4, 3)]
    assert of(records, window=2).records == (records[0].id, records[1].id)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "fail"},
        {"verdict": "inconclusive"},
        {"change": {"default_branch": False}},
        {"change": None},
        {"repository": "acme/shop"},
        {"team": "shop"},
        {"kind": "deployment"},
    ],
)
def test_what_is_not_good_is_no_baseline(change: dict[str, Any]) -> None:
    assert of([record(1, **change)]).records == ()


def test_a_warned_record_is_a_baseline() -> None:
    assert len(of([record(1, verdict="warn")]).records) == 1


def test_missing_measurements_leave_the_others() -> None:
    found = of([record(1, measurements={"coverage.line": {"missing": "none"}}), record(2)])
    assert found.values["coverage.line"] == Fraction(200, 3)
    assert len(found.records) == 2


def test_it_does_not_look_back_for_ever() -> None:
    read = 0

    def endless() -> Iterator[Record]:
        nonlocal read
        bad = record(1, verdict="fail")
        while True:
            read += 1
            yield bad

    found = baseline(endless(), repository="acme/pay", team="payments", window=1, aggregate="last")
    assert found.records == ()
    assert read == MAX_LOOKED_AT


def test_a_pinned_record_is_the_baseline_whatever_came_after() -> None:
    old = record(1, verdict="fail", measurements={"a.b": {"value": 2}, "a.c": {"missing": "x"}})
    found = pinned([record(3), record(2), old], old.id)
    assert (found.values, found.records, found.problem) == ({"a.b": 2}, (old.id,), None)


def test_a_pinned_record_that_is_not_there_is_missing_evidence() -> None:
    event = record(1, kind="deployment")
    for records in ([], [record(1)], [event]):
        found = pinned(records, event.id)
        assert (found.values, found.records) == ({}, ())
        assert found.problem == f"the pinned record {event.id[:12]} is not in the history"
