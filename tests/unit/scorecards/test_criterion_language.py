from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.scorecards.criterion_language import (
    MAX_CLAUSES,
    MAX_LENGTH,
    CriterionError,
    parse,
    quantity,
)


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


@given(st.text(max_size=40), st.sampled_from(["%", "s", "count", "points"]))
def test_any_text_is_a_criterion_or_a_mistake_within_it(text: str, unit: str) -> None:
    try:
        parse(text, unit)
        column = 1
    except CriterionError as problem:
        column = problem.column
    assert 1 <= column <= len(text) + 1


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
