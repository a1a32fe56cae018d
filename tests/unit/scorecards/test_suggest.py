"""Suggested thresholds ask for what enough changes have done, and tighten."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.policies import policy

from vsm_gate.scorecards.criteria import difference
from vsm_gate.scorecards.criterion_language import parse
from vsm_gate.scorecards.suggest import ENOUGH, SHARES, lines, suggest, values_of

TODAY = date(2026, 11, 22)
MONTH = timedelta(days=30)


def numbers(*values: int | str) -> list[Fraction]:
    return [Fraction(value) for value in values]


def test_steps_of_a_hundred_changes() -> None:
    found = suggest("coverage.patch", numbers(*range(1, 101)), TODAY, MONTH)
    assert (found.n, found.median, found.warn) == (100, Fraction(101, 2), ">= 6%")
    assert [(step.day.isoformat(), step.criterion, step.reached) for step in found.steps] == [
        ("2026-12-22", ">= 11%", 90),
        ("2027-01-21", ">= 26%", 75),
        ("2027-02-20", ">= 51%", 50),
    ]


def test_less_is_better_of_a_duration() -> None:
    found = suggest("tests.duration", numbers(*[f"{n}/2" for n in range(1, 101)]), TODAY, MONTH)
    assert found.warn == "<= 48s"
    assert [step.criterion for step in found.steps] == ["<= 45s", "<= 38s", "<= 25s"]


def test_what_everybody_does_is_one_step() -> None:
    found = suggest("tests.failed", numbers(*[0] * 30), TODAY, MONTH)
    assert found.warn is None
    assert [(step.criterion, step.reached) for step in found.steps] == [("<= 0", 30)]


def test_too_little_data_and_no_direction_are_said() -> None:
    few = suggest("coverage.patch", numbers(*range(ENOUGH - 1)), TODAY, MONTH)
    assert few.reason == "too little data: n=19, and 20 are needed"
    assert list(lines(few, "x")) == [f"  # coverage.patch: {few.reason}"]
    neither = suggest("tests.total", numbers(*range(99)), TODAY, MONTH)
    assert neither.reason == "neither more nor less of it is better"


@pytest.mark.parametrize("metric", ["coverage.patch", "tests.duration", "change.files"])
@given(st.lists(st.fractions(0, 100), min_size=ENOUGH, max_size=60))
def test_each_step_is_reached_by_its_share_and_is_stricter_than_the_last(
    metric: str, values: list[Fraction]
) -> None:
    found = suggest(metric, values, TODAY, MONTH)
    unit = {"coverage.patch": "%", "tests.duration": "s"}.get(metric, "count")
    texts = [*([found.warn] if found.warn else []), *(step.criterion for step in found.steps)]
    criteria = [parse(text, unit) for text in texts]
    for share, criterion in zip(SHARES, criteria, strict=False):
        if len(criteria) == len(SHARES):
            assert sum(v in criterion.values(None) for v in values) >= share * len(values)
    for step, criterion in zip(reversed(found.steps), reversed(criteria), strict=False):
        assert step.reached == sum(value in criterion.values(None) for value in values)
        assert 2 * step.reached >= len(values)
    for mild, strict in itertools.pairwise(criteria):
        assert difference(strict, mild, unit) is None
        assert difference(mild, strict, unit) is not None
    days = [step.day for step in found.steps]
    assert days == [TODAY + (number + 1) * MONTH for number in range(len(days))]


def test_the_lines_are_a_scorecard() -> None:
    found = suggest("coverage.patch", numbers(*range(1, 101)), TODAY, MONTH)
    text = "\n".join(lines(found, "cover"))
    assert text.splitlines()[0] == "  cover:  # of 100 changes, in the middle 50.5 %"
    assert '# on 2027-02-20: pass: ">= 51%", warn: ">= 26%"  (50 of 100 did)' in text
    (objective,) = policy(f"objectives:\n{text}\n").objectives
    assert (objective.id, objective.passes.text) == ("cover", ">= 11%")
    assert objective.enforce_from == date(2026, 12, 22)


def test_a_change_counts_by_its_last_word() -> None:
    def check(number: int, time: str, value: object) -> tuple[str, dict[str, object]]:
        change = {"pull_request": number, "tested": time}
        measured = {"coverage.patch": {"value": value, "unit": "%"}, "change.files": None}
        return time, {"time": time, "change": change, "measurements": measured}

    records = [check(1, "1", 10), check(1, "3", 30), check(1, "2", 20), check(2, "4", "odd")]
    found = values_of(records, ["coverage.patch", "change.files"])
    assert found == {"coverage.patch": [30], "change.files": []}
