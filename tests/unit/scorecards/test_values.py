from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.scorecards.values import AFTER, BEFORE, EVERYTHING, ValueSet, compared

OPERATORS = ["==", "!=", "<", "<=", ">", ">="]
numbers = st.fractions(min_value=-5, max_value=5, max_denominator=2)
simple = st.builds(compared, st.sampled_from(OPERATORS), numbers)
sets = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(ValueSet.__and__, inner, inner),
        st.builds(ValueSet.__or__, inner, inner),
        st.builds(ValueSet.__invert__, inner),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("value", [Fraction(n, 2) for n in range(-1, 6)])
def test_a_comparison_holds_what_python_says(operator: str, value: Fraction) -> None:
    limit = Fraction(1)
    expected = {
        "==": value == limit,
        "!=": value != limit,
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
    }[operator]
    assert (value in compared(operator, limit)) is expected


@given(sets, sets, numbers)
def test_sets_combine_like_their_members(one: ValueSet, other: ValueSet, value: Fraction) -> None:
    assert (value in (one & other)) == (value in one and value in other)
    assert (value in (one | other)) == (value in one or value in other)
    assert (value in ~one) == (value not in one)


@given(sets, sets)
def test_equal_sets_are_written_in_one_way(one: ValueSet, other: ValueSet) -> None:
    assert one & other == ~(~one | ~other)
    assert one | one == one
    assert one & ~one == ValueSet(starts=False)
    assert one | ~one == EVERYTHING


@given(sets)
def test_an_example_is_a_member(each: ValueSet) -> None:
    if each:
        assert each.example() in each
    else:
        with pytest.raises(ValueError, match=r"^the set is empty$"):
            each.example()


def test_an_example_of_a_range_is_its_end_where_that_belongs_to_it() -> None:
    above, below = compared(">", Fraction(1)), compared("<=", Fraction(3))
    assert (above & below).example() == 3
    assert (above & compared("<", Fraction(3))).example() == 2
    assert above.example() == 2
    assert compared("<", Fraction(3)).example() == 2
    assert below.example() == 3
    assert EVERYTHING.example() == 0


def test_edges_around_a_value() -> None:
    gap = compared("<=", Fraction(1)) | compared(">", Fraction(3))
    one, three = (Fraction(1), AFTER), (Fraction(3), AFTER)
    assert gap.edges_around(Fraction(2)) == (one, three)
    assert gap.edges_around(Fraction(3)) == (one, three)
    assert gap.edges_around(Fraction(1)) == (None, one)
    assert gap.edges_around(Fraction(4)) == (three, None)


def test_edges_from_a_place_on() -> None:
    line = compared("==", Fraction(2))
    before, after = (Fraction(2), BEFORE), (Fraction(2), AFTER)
    assert line.first_edge_from((Fraction(1), BEFORE)) == before
    assert line.first_edge_from(after) == after
    assert line.first_edge_from((Fraction(3), BEFORE)) is None
    assert line.last_edge_to((Fraction(3), BEFORE)) == after
    assert line.last_edge_to(before) == before
    assert line.last_edge_to((Fraction(1), BEFORE)) is None
