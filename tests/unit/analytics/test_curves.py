from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.analytics.curves import CURVES, DIMENSIONS, dimensions, score
from vsm_gate.analytics.figures import Figure, complete
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction


@pytest.mark.parametrize("metric", CURVES)
def test_a_curve_goes_the_way_of_its_metric(metric: str) -> None:
    rising = CATALOGUE[metric].direction is Direction.HIGHER

    for (left, low), (right, high) in pairwise(CURVES[metric]):
        assert left < right
        assert (high > low) == rising


@given(st.sampled_from(sorted(CURVES)), st.floats(-1e9, 1e9))
def test_a_score_lies_between_0_and_100(metric: str, value: float) -> None:
    assert 0 <= score(metric, value) <= 100


def test_points_are_met_and_joined_by_straight_lines() -> None:
    assert score("delivery.change_fail_rate", 5) == 90
    assert score("delivery.change_fail_rate", 10) == 75
    assert score("delivery.change_fail_rate", 90) == 0


def test_a_dimension_without_a_figure_is_no_data() -> None:
    found = dimensions(complete((), {}))

    assert set(found) == set(DIMENSIONS) == {"quality", "throughput", "stability", "flow"}
    assert all(figure.value is None and figure.missing for figure in found.values())


def test_a_dimension_is_the_mean_of_those_it_has() -> None:
    failing = Figure("delivery.change_fail_rate", value=5.0, n=40)
    rework = Figure("delivery.deployment_rework_rate", value=15.0, n=30)

    found = dimensions(complete((failing, rework), {}))["stability"]

    assert (found.value, found.n) == (75, 30)
