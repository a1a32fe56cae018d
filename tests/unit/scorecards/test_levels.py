from __future__ import annotations

import pytest

from vsm_gate.model.results import Status
from vsm_gate.scorecards.levels import Member, Standing, standing


def members(**levels: tuple[str | None, str]) -> list[Member]:
    return [Member(name, level, status, None) for name, (level, status) in levels.items()]


@pytest.mark.parametrize("status", list(Status))
def test_which_statuses_reach_a_level(status: Status) -> None:
    reached = status in {Status.PASS, Status.NOT_APPLICABLE}
    expected = Standing("gold", None, ()) if reached else Standing(None, "gold", ("a",))
    assert standing([Member("a", "gold", status, None)]) == expected


def test_what_is_waived_has_not_passed() -> None:
    assert standing([Member("a", "gold", "pass", "W-1")]).level is None
    assert standing([Member("a", "gold", "not_applicable", "W-1")]).level == "gold"


def test_levels_are_cumulative() -> None:
    found = standing(
        members(
            a=("bronze", "pass"),
            b=("silver", "fail"),
            c=("gold", "pass"),
            d=("silver", "missing"),
            e=(None, "fail"),
        )
    )
    assert found == Standing("bronze", "silver", ("b", "d"))


def test_a_level_that_nothing_names_is_not_reached_and_not_in_the_way() -> None:
    assert standing(members(a=("gold", "pass"))) == Standing("gold", None, ())
    assert standing(members(a=("bronze", "pass"))) == Standing("bronze", None, ())
    assert standing(members(a=("bronze", "pass"), b=("gold", "warn"))) == Standing(
        "bronze", "gold", ("b",)
    )
    assert standing(members(a=(None, "pass"))) == Standing(None, None, ())
    assert standing([]) == Standing(None, None, ())
