from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vsm_gate.scorecards.criteria import Counterexample, Criterion, Rough, can_hold, difference
from vsm_gate.scorecards.criterion_language import parse

OPERATORS = ["==", "!=", "<", "<=", ">", ">="]


def test_only_baseline_needs_one() -> None:
    assert parse("< 3 or > baseline", "count").needs_baseline
    assert not parse("< 3 or > 5", "count").needs_baseline
    with pytest.raises(ValueError, match=r"^a clause with `baseline` needs one$"):
        parse("> baseline", "count").values(None)


terms = st.one_of(
    st.integers(0, 6).map(str),
    st.sampled_from(
        ["baseline", *(f"baseline {more}" for more in ("+ 1", "- 2", "+ 50%", "- 50%"))]
    ),
)
clauses = st.builds(lambda operator, term: f"{operator} {term}", st.sampled_from(OPERATORS), terms)
texts = st.lists(clauses, min_size=1, max_size=3).flatmap(
    lambda parts: st.lists(
        st.sampled_from([" and ", " or "]), min_size=len(parts) - 1, max_size=len(parts) - 1
    ).map(lambda words: "".join(a + b for a, b in zip(parts, [*words, ""], strict=True)))
)
criteria = texts.map(lambda text: parse(text, "count"))
values = st.fractions(0, 12, max_denominator=2)


@given(criteria, values, values)
def test_the_set_of_values_is_what_satisfies(
    criterion: Criterion, value: Fraction, baseline: Fraction
) -> None:
    assert (value in criterion.values(baseline)) is criterion.satisfied_by(value, baseline)


@given(criteria, values, values)
def test_what_is_plain_in_floats_is_so(
    criterion: Criterion, value: Fraction, baseline: Fraction
) -> None:
    plain = Rough(criterion).satisfied_by(float(value), float(baseline))
    assert plain in {None, criterion.satisfied_by(value, baseline)}


@pytest.mark.parametrize(
    ("text", "value", "plain"),
    [
        (">= 80%", "80.01", True),
        (">= 80%", "79.99", False),
        (">= 80%", "80", None),
        (">= 80%", "80.00000001", None),
        (">= 80%", "79.99999999", None),
        ("== 80%", "81", False),
        ("!= 80%", "81", True),
        ("< 80%", "70", True),
        ("> 80%", "70", False),
        ("<= baseline + 1%", "50.9", True),
        ("<= baseline + 1%", "51.1", False),
        (">= 80% or >= 20%", "80", True),
        (">= 80% or >= 90%", "80", None),
        (">= 80% and >= 90%", "80", False),
        (">= 80% and >= 70%", "80", None),
        (">= 90% and >= 80%", "80", False),
    ],
)
def test_only_what_is_close_to_a_limit_is_not_plain(
    text: str, value: str, plain: bool | None
) -> None:
    assert Rough(parse(text, "%")).satisfied_by(float(value), 50.0) is plain


@given(criteria, values, values)
def test_what_is_certain_without_a_baseline_holds_with_any(
    criterion: Criterion, value: Fraction, baseline: Fraction
) -> None:
    certain = criterion.satisfied_by(value, None)
    assume(certain is not None)
    assert criterion.satisfied_by(value, baseline) is certain


@given(criteria, criteria, values, values)
def test_a_proof_of_implication_has_no_exception(
    one: Criterion, other: Criterion, value: Fraction, baseline: Fraction
) -> None:
    found = difference(one, other, "count")
    if found is None:
        implied = not one.satisfied_by(value, baseline) or other.satisfied_by(value, baseline)
        assert implied
    else:
        assert one.satisfied_by(found.value, found.baseline)
        assert other.satisfied_by(found.value, found.baseline) is False
        assert found.value >= 0


@given(criteria, values, values)
def test_what_can_never_hold_never_holds(
    criterion: Criterion, value: Fraction, baseline: Fraction
) -> None:
    if not can_hold(criterion, "count"):
        assert not criterion.satisfied_by(value, baseline)


@pytest.mark.parametrize(
    ("one", "other", "unit", "implied"),
    [
        (">= 80%", ">= 60%", "%", True),
        (">= 60%", ">= 80%", "%", False),
        (">= baseline - 0.5%", ">= baseline - 2%", "%", True),
        (">= baseline - 2%", ">= baseline - 0.5%", "%", False),
        (">= baseline", ">= 60%", "%", False),
        ("<= baseline + 10%", "<= baseline + 20%", "s", True),
        ("<= baseline + 20%", "<= baseline + 10%", "s", False),
        ("<= baseline and <= 15m", "<= 15m", "s", True),
        ("== 0", ">= 0", "count", True),
        (">= 0", "!= -1", "count", True),
        (">= 0", "!= -1", "points", True),
        ("<= 0", "== 0", "count", True),
        ("<= 0", "== 0", "points", False),
        ("<= baseline + 10", "<= baseline + 50%", "count", False),
        (">= baseline", ">= -1", "points", False),
        # broken at one baseline, or between two that lie close together, and nowhere else
        ("== baseline", "> 0", "count", False),
        ("== baseline + 50%", "<= 15 or >= 15.3", "count", False),
        ("== baseline + 50%", "<= baseline + 5 or >= baseline + 5.1", "count", False),
        ("== baseline + 50%", "<= 15 or >= 15", "count", True),
        ("== baseline + 1", ">= 1.5", "count", False),
        ("== baseline - 5", "<= baseline - 5.1 or >= 0.1", "count", False),
    ],
)
def test_implication(one: str, other: str, unit: str, implied: bool) -> None:
    assert (difference(parse(one, unit), parse(other, unit), unit) is None) is implied


def test_the_example_is_one_that_a_reader_has_seen() -> None:
    found = difference(parse(">= baseline - 2%", "%"), parse(">= baseline - 0.5%", "%"), "%")
    assert found is not None
    assert found.baseline is not None
    assert found.baseline >= 0
    assert found.value >= 0


def test_the_example_names_its_baseline() -> None:
    found = difference(parse("<= baseline + 1", "count"), parse("<= baseline", "count"), "count")
    assert found == Counterexample(Fraction(1), Fraction(0))
    found = difference(parse(">= baseline", "points"), parse(">= -1", "points"), "points")
    assert found is not None
    assert found.baseline is not None
    assert found.baseline < -1
    assert found.baseline <= found.value < -1
    found = difference(parse("<= 3", "count"), parse("<= 1", "count"), "count")
    assert found == Counterexample(Fraction(3), None)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("> 5 and < 3", "count", False),
        ("< 0", "count", False),
        ("< 0", "points", True),
        ("< 0%", "%", True),
        ("> baseline and < 0%", "%", True),
        ("> baseline and < 0", "count", False),
        ("< baseline and > baseline", "count", False),
        ("< baseline and > 5", "count", True),
        ("< baseline - 5", "count", True),
    ],
)
def test_whether_it_can_hold(text: str, unit: str, expected: bool) -> None:
    assert can_hold(parse(text, unit), unit) is expected
