"""Where a change stands, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.results import objective, result

from vsm_gate.model.results import Baseline, Practice, Status
from vsm_gate.publish import bundle
from vsm_gate.publish.plan import result_json
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.trend import (
    improvement_text,
    practice_text,
    score_text,
    spark,
    worth,
)

SCORES = tuple(map(Fraction, (70, 75, 80, 90)))
PEER = Practice("ledger", "coverage.patch", Fraction(92), 14, ">= 85%", "enforce", date(2026, 8, 3))


def behind() -> CheckResult:
    """A change whose patch coverage is what is most worth improving."""
    patch = objective("patch", "coverage.patch", Status.WARN, value=Fraction(60))
    return result([patch], practice=PEER)


def test_a_line_of_bars() -> None:
    assert spark(SCORES) == "▁▂▄█"


def test_what_hardly_moves_is_not_drawn_as_a_mountain_range() -> None:
    assert spark([Fraction(99), Fraction(100)]) == "▇█"
    assert spark([Fraction(100)] * 3) == "███"


@given(st.lists(st.fractions(min_value=0, max_value=100), min_size=1, max_size=30))
def test_bars_are_of_the_order_of_the_values(values: list[Fraction]) -> None:
    drawn = spark(values)
    assert len(drawn) == len(values)
    pairs = sorted(zip(values, drawn, strict=True))
    assert [bar for _, bar in pairs] == sorted(drawn)


def test_the_score_is_shown_beside_those_of_the_baseline() -> None:
    before = Baseline(records=("a" * 64,) * 4, scores=SCORES)
    assert score_text(result(baseline=before)) == (
        "▁▂▃▅█ 99.9 now; 70.0 to 90.0 in the baseline of 4 records"
    )
    assert score_text(result(baseline=replace(before, scores=SCORES[:2]))) == ""


def test_the_improvement_is_the_one_that_raises_the_score_most() -> None:
    small = objective("a", "tests.failed", Status.FAIL, weight=Fraction(1))
    large = objective("b", "coverage.patch", Status.WARN, weight=Fraction(3))
    assert worth([small, large]) == {"coverage.patch": 75, "tests.failed": 25}
    assert improvement_text(result([small, large])) == "Patch coverage, worth 75 of 100 points"
    assert worth([objective("a", "tests.failed", Status.PASS)]) == {}
    assert improvement_text(result([])) == ""


def test_a_peer_that_does_better_is_told_of_with_what_it_asks_of_itself() -> None:
    assert practice_text(behind()) == (
        "ledger: Patch coverage 92.0 % in the median of its last 14 records; "
        "it enforces >= 85%, at least since 2026-08-03"
    )


def test_without_a_peer_nothing_is_said() -> None:
    assert practice_text(result([])) == ""


@pytest.mark.parametrize(
    ("phase", "said"), [("warn", "it warns below >= 85%"), ("observe", "it observes >= 85%")]
)
def test_how_strongly_a_peer_asks_is_told(phase: str, said: str) -> None:
    assert said in practice_text(replace(behind(), practice=replace(PEER, phase=phase)))


def test_a_peer_without_an_objective_is_told_of_as_that() -> None:
    peer = replace(PEER, criterion=None, phase=None, since=None)
    assert practice_text(replace(behind(), practice=peer)).endswith("without an objective for it")


def test_what_stands_in_a_bundle_says_the_same() -> None:
    found = replace(behind(), baseline=Baseline(records=("a" * 64,) * 4, scores=SCORES))
    again = bundle.read("bundle.json", result_json(found).encode())
    assert practice_text(again) == practice_text(found)
    assert score_text(again) == score_text(found)
