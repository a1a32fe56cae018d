from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vsm_gate.scorecards.criteria import (
    MAX_CLAUSES,
    MAX_LENGTH,
    Counterexample,
    Criterion,
    CriterionError,
    Rough,
    can_hold,
    difference,
    parse,
    quantity,
)

OPERATORS = ["==", "!=", "<", "<=", ">", ">="]


def holds(text: str, unit: str, value: str, baseline: str | None = None) -> bool | None:
    base = None if baseline is None else Fraction(baseline)
    return parse(text, unit).satisfied_by(Fraction(value), base)


@pytest.mark.parametrize(
    ("text", "unit", "value", "baseline", "expected"),
    [
        ("== 0", "count", "0", None, True),
        ("== 0", "count", "1", None, False),
        (">= 80%", "%", "80", None, True),
        (">= 80%", "%", "79.999", None, False),
        (">= 80.5 %", "%", "80.5", None, True),
        ("<= 15 m and > 1 s", "s", "900", None, True),
        ("<= 15m", "s", "900", None, True),
        ("<= 15m", "s", "900.001", None, False),
        ("<= 250ms", "s", "0.25", None, True),
        ("<= 2h", "s", "7200", None, True),
        ("< 1d", "s", "86400", None, False),
        ("<= 90s", "min", "1.5", None, True),
        ("<= 90s", "min", "1.51", None, False),
        ("<= 36h", "days", "1.5", None, True),
        ("<= 36h", "days", "1.51", None, False),
        (">= -0.5", "points", "-0.5", None, True),
        (">= - 0.5", "points", "-0.6", None, False),
        (">= baseline", "%", "70", "70", True),
        (">= baseline - 0.5%", "%", "69.5", "70", True),
        (">= baseline - 0.5%", "%", "69.49", "70", False),
        ("<= baseline + 0.5%", "%", "70.5", "70", True),
        ("<= baseline + 10%", "s", "11", "10", True),
        ("<= baseline + 10%", "s", "11.01", "10", False),
        (">= baseline - 10%", "count", "9", "10", True),
        ("<= baseline + 10", "count", "20", "10", True),
        ("<= baseline + 30s", "s", "40", "10", True),
        ("<= baseline", "s", "40", None, None),
        ("<= baseline and <= 15m", "s", "901", None, False),
        ("<= baseline and <= 15m", "s", "899", None, None),
        ("<= baseline or <= 15m", "s", "899", None, True),
        ("<= baseline or <= 15m", "s", "901", None, None),
        ("== 1 or == 2 and == 3", "count", "1", None, True),
        ("== 1 or == 2 and == 3", "count", "3", None, False),
        ("== 3 and == 2 or == 1", "count", "1", None, True),
        ("!= 3", "count", "3", None, False),
        ("> 3", "count", "3", None, False),
    ],
)
def test_what_a_criterion_means(
    text: str, unit: str, value: str, baseline: str | None, expected: bool | None
) -> None:
    assert holds(text, unit, value, baseline) is expected


@pytest.mark.parametrize(
    ("text", "unit", "column", "message", "hint"),
    [
        ("", "%", 1, "it ends where a comparison such as `>=` should stand", "a criterion is"),
        ("80%", "%", 1, "expected a comparison such as `>=`, not `80`", "a criterion is"),
        (">= 80", "%", 4, "a unit is missing: a metric measured in %", "write `80%`"),
        (">=   5m", "%", 6, "`m` does not fit a metric measured in %", "write `5%`"),
        ("<= 15", "s", 4, "a unit is missing: a metric measured in s", "write `15ms` or `15s`"),
        ("<= 15%", "s", 4, "`%` does not fit a metric measured in s", "`15m`"),
        ("< 5s", "count", 3, "`s` does not fit a metric measured in count", "write `5`"),
        (">= basline", "s", 4, "expected a number or `baseline`, not `basline`", "`baseline`?"),
        (">= baseline + x", "s", 15, "expected a number, not `x`", "a criterion is"),
        (">=", "%", 3, "it ends where a number or `baseline` should stand", "a criterion is"),
        ("< 3 OR > 5", "count", 5, "expected `and` or `or`, not `OR`", "`or`?"),
        (">= baseline - 5m", "%", 15, "`m` does not fit a metric measured in %", "`5%`"),
        (">= baseline +", "%", 14, "it ends where a number should stand", "a criterion is"),
        (">= baseline + -1", "count", 15, "expected a number, not `-`", "a criterion is"),
        ("> -", "count", 4, "it ends where a number should stand", "a criterion is"),
        ("> + 5", "count", 3, "expected a number, not `+`", "a criterion is"),
        (">= 5 ~", "count", 6, "`~` has no meaning here", "a criterion is"),
        ("≥ 5", "count", 1, "`≥` has no meaning here", "write `>=`"),
        ("= 5", "count", 1, "`=` has no meaning here", "write `==`"),
        ("< 5 & > 2", "count", 5, "`&` has no meaning here", "write `and`"),
        (">= 5 AND < 3", "count", 6, "expected `and` or `or`, not `AND`", "`and`?"),
        (">= 5 < 3", "count", 6, "expected `and` or `or`, not `<`", "a criterion is"),
        (">= 5 and", "count", 9, "it ends where a comparison", "a criterion is"),
        ("> 1.", "count", 4, "`.` has no meaning here", "a criterion is"),
        ("> 1" * 200, "count", 1, f"it is longer than {MAX_LENGTH} characters", "a criterion is"),
        (
            " or ".join(["> 1"] * (MAX_CLAUSES + 1)),
            "count",
            7 * MAX_CLAUSES - 2,
            f"more than {MAX_CLAUSES} clauses",
            "a criterion is",
        ),
    ],
)
def test_a_mistake_is_named_where_it_stands(
    text: str, unit: str, column: int, message: str, hint: str
) -> None:
    with pytest.raises(CriterionError) as caught:
        parse(text, unit)
    assert caught.value.column == column
    assert message in caught.value.message
    assert str(caught.value) == caught.value.message
    assert hint in caught.value.hint


def test_as_many_clauses_as_are_allowed() -> None:
    parsed = parse(" or ".join(["> 1"] * MAX_CLAUSES), "count")
    assert len(parsed.alternatives) == len(parsed.clauses) == MAX_CLAUSES
    assert parse("> 1".ljust(MAX_LENGTH), "count").text == "> 1"


def test_zero_needs_no_unit() -> None:
    assert parse("== 0", "%").values(None) == parse("== 0%", "%").values(None)
    assert parse("> 0", "s").values(None) == parse("> 0ms", "s").values(None)


def test_only_baseline_needs_one() -> None:
    assert parse("< 3 or > baseline", "count").needs_baseline
    assert not parse("< 3 or > 5", "count").needs_baseline
    with pytest.raises(ValueError, match=r"^a clause with `baseline` needs one$"):
        parse("> baseline", "count").values(None)


@given(st.text(max_size=40), st.sampled_from(["%", "s", "count", "points"]))
def test_any_text_is_a_criterion_or_a_mistake_within_it(text: str, unit: str) -> None:
    try:
        parse(text, unit)
        column = 1
    except CriterionError as problem:
        column = problem.column
    assert 1 <= column <= len(text) + 1


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


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("80%", "%", "80"), ("1.5h", "s", "5400"), ("90s", "min", "1.5"), ("0", "s", "0")],
)
def test_a_quantity_is_in_the_unit_of_its_metric(text: str, unit: str, value: str) -> None:
    assert quantity(text, unit) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "it ends where a number should stand"),
        ("   ", 4, "it ends where a number should stand"),
        ("1h 2", 4, "`2` has no meaning here"),
        ("1h and 2h", 4, "`and` has no meaning here"),
        (">= 1h", 1, "expected a number, not `>=`"),
        ("1", 1, "a unit is missing: a metric measured in s"),
        ("1%", 1, "`%` does not fit a metric measured in s"),
    ],
)
def test_what_is_no_quantity_is_said_where_it_stands(text: str, column: int, message: str) -> None:
    with pytest.raises(CriterionError) as caught:
        quantity(text, "s")
    assert (caught.value.column, caught.value.message) == (column, message)


def test_a_quantity_is_no_longer_than_a_criterion() -> None:
    assert quantity("1h".ljust(MAX_LENGTH), "s") == 3600
    with pytest.raises(CriterionError, match="longer than"):
        quantity("1h".ljust(MAX_LENGTH + 1), "s")
