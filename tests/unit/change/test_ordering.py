"""How well an order puts failures first, against the definitions taken literally."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.change.ordering import BINS, auc, auc_error, calibration, capture, scores

OUTCOMES = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), min_size=2).filter(
    lambda found: len({failed for _, failed in found}) == 2
)


def test_by_hand() -> None:
    outcomes = [(4.0, True), (3.0, False), (2.0, True), (1.0, False), (0.0, False)]
    assert auc(outcomes) == pytest.approx(5 / 6)
    assert capture(outcomes, 0.2) == 0.5
    assert capture(outcomes, 0.1) == 0.25
    assert capture(outcomes, 0.6) == 1


def test_the_standard_error_of_an_auc_shrinks_with_what_was_seen() -> None:
    outcomes = [(4.0, True), (3.0, False), (2.0, True), (1.0, False), (0.0, False)]
    # A = 5/6, Q1 = A ÷ (2 − A) = 5/7, Q2 = 2A² ÷ (1 + A) = 25/33, of 2 failed and 3 others
    area = 5 / 6
    variance = area * (1 - area) + (5 / 7 - area**2) + 2 * (25 / 33 - area**2)
    assert auc_error(outcomes) == pytest.approx((variance / 6) ** 0.5)
    assert auc_error(outcomes * 10) < auc_error(outcomes) / 2


def test_equal_figures_count_in_part() -> None:
    outcomes = [(1.0, True), (1.0, False), (1.0, False), (1.0, False)]
    assert auc(outcomes) == 0.5
    assert capture(outcomes, 0.5) == 0.5


@given(OUTCOMES)
def test_auc_is_the_chance_to_stand_before(outcomes: list[tuple[float, bool]]) -> None:
    failed = [figure for figure, fails in outcomes if fails]
    others = [figure for figure, fails in outcomes if not fails]
    wins = sum((a > b) + (a == b) / 2 for a, b in product(failed, others))
    assert auc(outcomes) == pytest.approx(wins / (len(failed) * len(others)))


@given(OUTCOMES, st.floats(0, 1))
def test_capture_is_a_share_and_grows(outcomes: list[tuple[float, bool]], share: float) -> None:
    assert 0 <= capture(outcomes, share) <= 1 + 1e-9
    assert capture(outcomes, share) <= capture(outcomes, 1.0) + 1e-9
    assert capture(outcomes, 1.0) == pytest.approx(1)


@given(OUTCOMES)
def test_scores_do_not_depend_on_the_order_of_what_is_given(
    outcomes: list[tuple[float, bool]],
) -> None:
    assert scores(outcomes) == scores(outcomes[::-1])


def test_calibration_has_bins_of_like_size() -> None:
    outcomes = [(number / 100, number % 2 == 1) for number in range(100)]
    found = calibration(outcomes)
    assert [part.changes for part in found] == [20] * BINS
    assert found[0].predicted == pytest.approx(0.095)
    assert {part.observed for part in found} == {0.5}
    assert [part.changes for part in calibration(outcomes[:3])] == [1, 1, 1]
