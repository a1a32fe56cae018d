from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.policies import mistakes, policy

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction
from vsm_gate.scorecards.curves import LINES, Curves

OBJECTIVE = "objectives: {a: {metric: tests.failed, pass: '== 0'}}\n"


@pytest.mark.parametrize("metric", LINES)
def test_a_curve_goes_the_way_of_its_metric(metric: str) -> None:
    rising = CATALOGUE[metric].direction is Direction.HIGHER

    for (left, low), (right, high) in pairwise(LINES[metric]):
        assert left < right
        assert (high > low) == rising


@given(st.sampled_from(sorted(LINES)), st.floats(-1e9, 1e9))
def test_a_score_lies_between_0_and_100(metric: str, value: float) -> None:
    assert 0 <= Curves().score(metric, value) <= 100


def test_points_are_met_and_joined_by_straight_lines() -> None:
    assert Curves().score("delivery.change_fail_rate", 5) == 90
    assert Curves().score("delivery.change_fail_rate", 10) == 75
    assert Curves().score("delivery.change_fail_rate", 90) == 0


def test_a_figure_without_a_curve_is_a_score_already() -> None:
    assert Curves().score("quality.score", 71.5) == 71.5


def test_own_curves_stand_beside_those_of_the_tool() -> None:
    gate = policy(
        OBJECTIVE
        + """
curves:
  version: acme/2027-1
  lines:
    delivery.change_lead_time: [[4h, 100], [0.5d, 60], [2d, "50.5"], [30d, 0]]
"""
    )
    assert gate.curves is not None
    own = gate.curves.curves
    assert own.lines["delivery.change_lead_time"] == (
        (14_400, 100),
        (43_200, 60),
        (172_800, 50.5),
        (2_592_000, 0),
    )
    assert own.lines["flow.time"] == LINES["flow.time"]
    assert own.version.startswith("acme/2027-1+")


def test_points_that_move_under_an_old_name_are_another_version() -> None:
    one = Curves.own("v", {"flow.time": ((0, 100), (1, 0)), "quality.first_pass": ((0, 0), (9, 1))})
    same = Curves.own(
        "v", {"quality.first_pass": ((0, 0), (9, 1)), "flow.time": ((0, 100), (1, 0))}
    )
    moved = Curves.own("v", {"flow.time": ((0, 100), (2, 0))})

    assert one.version == same.version
    assert len({one.version, moved.version, Curves().version}) == 3


def test_curves_are_inherited_and_may_be_locked() -> None:
    organisation = OBJECTIVE + "curves: {version: v, lines: {flow.time: [[1h, 100], [1d, 0]]}}\n"
    heir = policy("extends: org.yaml\nteam: t\n", **{"org.yaml": organisation})
    assert heir.curves is not None
    assert heir.curves.version == "v"

    locked = {"org.yaml": organisation + "locked: [curves]\n"}
    assert policy("extends: org.yaml\nteam: t\n", **locked).curves == heir.curves
    (mistake,) = mistakes("extends: org.yaml\ncurves: null\n", **locked)
    assert mistake.message == "`curves` is locked at org.yaml:4: they cannot be changed"


@pytest.mark.parametrize(
    ("lines", "column", "says", "hint"),
    [
        (
            "{flow.tim: [[1h, 100], [1d, 0]]}",
            30,
            "the curve of flow.tim: no dimension is made of `flow.tim`",
            "flow.time",
        ),
        (
            "{tests.failed: [[1, 100], [2, 0]]}",
            30,
            "the curve of tests.failed: no dimension is made of `tests.failed`",
            "there are curves for delivery.deployment_frequency, ",
        ),
        ("{flow.time: [[1h, 100]]}", 30, "`flow.time`: list should have at least 2 items", ""),
        ("{flow.time: [[1h, 100], [2h]]}", 53, "`flow.time`: must be a value and its score", ""),
        ("{flow.time: [[1h, 100], 7]}", 53, "`flow.time`: must be a value and its score", ""),
        ("{flow.time: [[1h, 101], [2h, 0]]}", 42, "`flow.time`: must not be more than 100", ""),
        (
            "{flow.time: [[1, 100], [2h, 0]]}",
            43,
            "the curve of flow.time: `1`: a unit is missing: a metric measured in s",
            "write `1ms` or ",
        ),
        (
            "{flow.time: [[1h 2, 100], [2h, 0]]}",
            43,
            "the curve of flow.time: `1h 2`: `2` has no meaning here",
            "",
        ),
        (
            "{flow.time: [[2h, 100], [120m, 0]]}",
            54,
            "the curve of flow.time: `120m` is not above `2h`",
            "",
        ),
        (
            "{flow.time: [[1h, 10], [2h, 20]]}",
            57,
            "the curve of flow.time: the score rises where it is lower that is better",
            "",
        ),
        (
            "{quality.first_pass: [[10%, 10], [20%, 5]]}",
            68,
            "the curve of quality.first_pass: the score falls where it is higher that is better",
            "",
        ),
    ],
)
def test_a_crooked_curve_is_a_mistake(lines: str, column: int, says: str, hint: str) -> None:
    (found,) = mistakes(f"curves: {{version: v, lines: {lines}}}\n{OBJECTIVE}")

    assert found.message.startswith(says)
    assert hint in (found.hint or "")
    assert (found.line, found.column) == (2, column)


@pytest.mark.parametrize("rest", ["{version: v}", "{lines: {flow.time: [[1h, 1], [2h, 0]]}}"])
def test_curves_have_a_version_and_lines(rest: str) -> None:
    (found,) = mistakes(f"curves: {rest}\n{OBJECTIVE}")
    assert found.message in {"`lines` is missing", "`version` is missing"}
