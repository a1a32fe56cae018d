"""How values are shown, and what the catalogue promises."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Fraction(100), "%", "100.0 %"),
        (Fraction(9996, 100), "%", "99.9 %"),
        (Fraction(1, 1000), "%", "<0.1 %"),
        (Fraction(0), "%", "0.0 %"),
        (Fraction(-5, 2), "points", "-2.5 points"),
        (Fraction(5, 2), "points", "+2.5 points"),
        (Fraction(0), "s", "0 ms"),
        (Fraction(1, 100_000), "s", "<1 ms"),
        (Fraction(25, 1000), "s", "25 ms"),
        (Fraction(599, 10), "s", "59.9 s"),
        (Fraction(125), "s", "2 min 05 s"),
        (Fraction(7260), "s", "2 h 01 min"),
        (Fraction(90), "min", "1 h 30 min"),
        (Fraction(86_400 * 3), "s", "3 d 0 h"),
        (Fraction(3), "count", "3"),
        (Fraction(1, 2), "per day", "0.50 per day"),
    ],
)
def test_values_are_shown_in_their_unit(value: Fraction, unit: str, shown: str) -> None:
    assert show(value, unit) == shown


@given(st.fractions(min_value=0, max_value=100))
def test_a_percentage_is_never_rounded_up(value: Fraction) -> None:
    shown = show(value, "%").removesuffix(" %")
    if shown.startswith("<"):
        assert 0 < value < Fraction(1, 10)
    else:
        assert Fraction(shown) <= value < Fraction(shown) + Fraction(1, 10)


def test_every_metric_says_what_it_is() -> None:
    assert len(CATALOGUE) > 70
    for metric in CATALOGUE.values():
        assert metric.title
        assert metric.formula
        assert metric.needs
        assert metric.family in metric.id
        show(Fraction(7, 3), metric.unit)
