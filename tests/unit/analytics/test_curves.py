from __future__ import annotations

from vsm_gate.analytics.curves import DIMENSIONS, dimensions
from vsm_gate.analytics.figures import Figure, complete
from vsm_gate.scorecards.curves import LINES, Curves


def test_a_dimension_without_a_figure_is_no_data() -> None:
    found = dimensions(complete((), {}), Curves())

    assert set(found) == set(DIMENSIONS) == {"quality", "throughput", "stability", "flow"}
    assert all(figure.value is None and figure.missing for figure in found.values())


def test_a_dimension_is_the_mean_of_those_it_has() -> None:
    failing = Figure("delivery.change_fail_rate", value=5.0, n=40)
    rework = Figure("delivery.deployment_rework_rate", value=15.0, n=30)

    found = dimensions(complete((failing, rework), {}), Curves())["stability"]

    assert (found.value, found.n) == (75, 30)


def test_an_organisation_s_own_curves_score_its_dimensions() -> None:
    own = Curves.own("acme", {"delivery.change_fail_rate": ((0, 100), (10, 0))})
    failing = Figure("delivery.change_fail_rate", value=5.0, n=40)

    found = dimensions(complete((failing,), {}), own)["stability"]

    assert (found.value, found.n) == (50, 40)


def test_every_curve_is_of_a_dimension_or_of_a_figure_beside_it() -> None:
    made_of = {metric for metrics in DIMENSIONS.values() for metric in metrics}

    assert made_of - set(LINES) == {"quality.score"}
