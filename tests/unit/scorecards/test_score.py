from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vsm_gate.scorecards.criterion_language import parse
from vsm_gate.scorecards.score import Scored, score
from vsm_gate.scorecards.values import ValueSet, compared

numbers = st.fractions(min_value=-20, max_value=20, max_denominator=4)
steps = st.fractions(min_value=0, max_value=10, max_denominator=4)
intervals = st.tuples(numbers, steps).map(
    lambda pair: compared(">=", pair[0]) & compared("<=", pair[0] + pair[1])
)
rays = st.builds(compared, st.sampled_from(["<", "<=", ">", ">=", "!=", "=="]), numbers)
sets = st.lists(st.one_of(intervals, rays), min_size=1, max_size=3).map(
    lambda parts: parts[0] | parts[-1] | parts[len(parts) // 2]
)


def scored(passes: str, warns: str | None, value: str, unit: str = "%") -> Scored:
    warn = parse(warns, unit).values(None) if warns else None
    return score(Fraction(value), parse(passes, unit).values(None), warn)


@pytest.mark.parametrize(
    ("passes", "warns", "value", "expected"),
    [
        (">= 80%", ">= 60%", "100", "100"),
        (">= 80%", ">= 60%", "80", "100"),
        (">= 80%", ">= 60%", "79", "97.5"),
        (">= 80%", ">= 60%", "70", "75"),
        (">= 80%", ">= 60%", "60", "50"),
        (">= 80%", ">= 60%", "50", "25"),
        (">= 80%", ">= 60%", "40", "0"),
        (">= 80%", ">= 60%", "39", "0"),
        (">= 80%", None, "80", "100"),
        (">= 80%", None, "79.999", "0"),
        ("<= 10%", "<= 20%", "15", "75"),
        ("<= 10%", "<= 20%", "20", "50"),
        ("<= 10%", "<= 20%", "25", "25"),
        ("<= 10%", "<= 20%", "31", "0"),
        ("> 80%", "> 60%", "80", "100"),  # on the edge of what passes, without passing
        ("> 80%", "> 60%", "60", "50"),
        ("== 0%", "<= 4%", "2", "75"),
        ("== 0%", "<= 4%", "-1", "100"),  # nothing limits what warns on that side
        (">= 40% and <= 60%", ">= 30% and <= 80%", "35", "75"),
        (">= 40% and <= 60%", ">= 30% and <= 80%", "70", "75"),
        (">= 40% and <= 60%", ">= 30% and <= 80%", "25", "25"),
        (">= 40% and <= 60%", ">= 30% and <= 80%", "90", "25"),
        ("<= 10% or >= 20%", "<= 12% or >= 19%", "11", "75"),
        ("<= 10% or >= 20%", "<= 12% or >= 19%", "14", "0"),
        ("<= 10% or >= 20%", "<= 10% or >= 11%", "12", "55.555"),  # the better side counts
        ("<= 10% or >= 20%", "<= 19% or >= 20%", "11", "94.444"),
        ("<= 10%", "<= 12% or >= 50% and <= 60%", "55", "50"),  # it warns: 50 at the least
        (">= 80%", ">= 80%", "79", "0"),
        ("> 80%", ">= 80%", "80", "50"),
        ("!= 5%", None, "5", "0"),
        ("> 5% and < 3%", None, "4", "0"),
    ],
)
def test_points(passes: str, warns: str | None, value: str, expected: str) -> None:
    points = scored(passes, warns, value).points
    assert abs(points - Fraction(expected)) < Fraction(1, 1000)


def test_the_edges_that_the_line_was_drawn_through() -> None:
    assert scored(">= 80%", ">= 60%", "70") == Scored(Fraction(75), Fraction(80), Fraction(60))
    assert scored("<= 8%", "<= 10%", "9") == Scored(Fraction(75), Fraction(8), Fraction(10))
    assert scored(">= 80%", ">= 60%", "10") == Scored(Fraction(0), Fraction(80), Fraction(60))
    assert scored(">= 80%", ">= 60%", "60") == Scored(Fraction(50), Fraction(80), Fraction(60))
    assert scored(">= 80%", ">= 80%", "79") == Scored(Fraction(0), Fraction(80), Fraction(80))
    assert scored(">= 80%", ">= 60%", "90") == Scored(Fraction(100))
    assert scored(">= 80%", None, "70") == Scored(Fraction(0))
    assert scored("<= 8%", "<= 8% or > 20%", "30") == Scored(Fraction(50))
    assert scored("== 0%", "<= 4%", "-1") == Scored(Fraction(100), Fraction(0))


@given(numbers, sets, sets)
def test_a_score_agrees_with_the_status(value: Fraction, passes: ValueSet, more: ValueSet) -> None:
    warns = passes | more
    points = score(value, passes, warns).points
    if value in passes:
        assert points == 100
    elif value in warns:
        assert 50 <= points <= 100
    else:
        assert 0 <= points <= 50
    assert score(value, passes, None).points == (100 if value in passes else 0)


@given(numbers, steps, numbers, numbers, st.booleans())
def test_a_better_value_never_scores_less(
    passes: Fraction, band: Fraction, one: Fraction, other: Fraction, higher: bool
) -> None:
    operator, sign = (">=", 1) if higher else ("<=", -1)
    pass_set, warn_set = compared(operator, passes), compared(operator, passes - sign * band)
    worse, better = sorted((one, other), key=lambda value: sign * value)
    assert score(worse, pass_set, warn_set).points <= score(better, pass_set, warn_set).points


@given(numbers, sets, sets, sets)
def test_tightening_what_warns_never_raises_a_score(
    value: Fraction, passes: ValueSet, more: ValueSet, kept: ValueSet
) -> None:
    loose = passes | more
    tight = passes | (more & kept)
    assert score(value, passes, tight).points <= score(value, passes, loose).points


@given(numbers, numbers, steps, steps)
def test_tightening_what_passes_never_raises_the_score_of_a_value_that_still_warns(
    value: Fraction, warns: Fraction, band: Fraction, step: Fraction
) -> None:
    assume(value >= warns)
    warn_set = compared(">=", warns)
    loose, tight = compared(">=", warns + band), compared(">=", warns + band + step)
    assert score(value, tight, warn_set).points <= score(value, loose, warn_set).points


@given(numbers, numbers, steps, steps)
def test_tightening_both_alike_never_raises_a_score(
    value: Fraction, passes: Fraction, band: Fraction, step: Fraction
) -> None:
    loose = score(value, compared(">=", passes), compared(">=", passes - band))
    tight = score(value, compared(">=", passes + step), compared(">=", passes + step - band))
    assert tight.points <= loose.points
