from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.support.records import check

from vsm_gate.scorecards.cost import Cost, Costs, document, lines
from vsm_gate.scorecards.last_words import Judgement

BLOCKED: dict[str, Any] = {"verdict": "fail", "blocked": True}


def said(time: str, commit: str | None, number: int | None, **more: Any) -> dict[str, Any]:
    """A check of a commit of a pull request."""
    change = {"head": commit, "tested": commit, "pull_request": number, "default_branch": False}
    return check(f"2026-11-01T{time}Z", change=change, **more)


def cost_of(*documents: dict[str, Any]) -> Cost:
    costs = Costs()
    for each in documents:
        costs.add(Judgement.of("r", each), each)
    return costs.cost()


def test_a_block_that_passes_with_no_code_change_made_somebody_wait() -> None:
    found = cost_of(
        said("10:00:00", "a", 1, **BLOCKED),
        said("10:10:00", "a", 1, **BLOCKED),
        said("10:31:30", "a", 1),
        said("12:00:00", "a", 1),
        said("10:00:00", "b", 2, **BLOCKED),
        said("11:00:00", "bb", 2),
        said("09:00:00", "c", 3),
        said("10:00:00", "c", 3, **BLOCKED),
    )
    assert (found.runs, found.blocked, found.unchanged) == (8, 3, 1)
    assert found.minutes == Fraction(63, 2)
    assert found.false_rate == Fraction(100, 3)


def test_records_come_in_any_order() -> None:
    records = [said("10:30:00", "a", 1), said("10:00:00", "a", 1, **BLOCKED)]
    assert cost_of(*records) == cost_of(*reversed(records))
    assert cost_of(*records).unchanged == 1


@pytest.mark.parametrize(
    ("passed", "waived", "broken"),
    [
        ({"waivers": ["W-1"]}, 1, 0),
        ({"break_glass": {"label": "x", "by": "kim"}}, 0, 1),
        ({"waivers": [], "break_glass": None}, 0, 0),
    ],
)
def test_a_block_that_was_let_through_later(
    passed: dict[str, Any], waived: int, broken: int
) -> None:
    block = said("10:00:00", "a", 1, **BLOCKED)
    other = said("10:30:00", "b", 2, **passed)
    found = cost_of(block, said("11:00:00", "aa", 1, **passed), other)
    assert (found.blocked, found.unchanged, found.waived, found.broken) == (1, 0, waived, broken)
    before = cost_of(said("09:00:00", "aa", 1, **passed), block)
    assert (before.waived, before.broken) == (0, 0)


def test_the_minutes_of_the_gate_itself() -> None:
    found = cost_of(
        said("10:00:00", "a", 1, cost={"seconds": 30.5}),
        said("10:00:00", "b", 1, cost={"seconds": 29.5}),
        said("10:00:00", "c", 1),
        said("10:00:00", "d", 1, cost={"seconds": "long"}),
        said("10:00:00", None, 1, cost={"seconds": 60}),
    )
    assert (found.runs, found.timed, found.gate_minutes) == (5, 3, 2)


def test_what_a_record_says_wrongly_costs_nothing() -> None:
    for time in ("soon", "2026-11-01T10:00:00"):
        odd = said("10:00:00", "a", 1, **BLOCKED) | {"time": time}
        assert cost_of(odd, said("11:00:00", "a", 1)).blocked == 0


def test_a_cost_in_words_and_as_data() -> None:
    none = Cost()
    assert list(lines(none)) == [
        "how long the gate took is not recorded in 0 runs",
        (
            "0 commits blocked; 0 passed later with no code change, after 0 ms in all; "
            "0 under a waiver; 0 by break-glass"
        ),
    ]
    assert (document(none)["gate_minutes"], document(none)["false_rate"]) == (None, None)
    some = Cost(4, 3, Fraction(3, 2), 4, 1, Fraction(5), 2, 1)
    assert list(lines(some)) == [
        "the gate took 1 min 30 s in 3 of 4 runs: 30.0 s each",
        (
            "4 commits blocked; 1 (25.0 %) passed later with no code change, after 5 min 00 s in "
            "all; 2 under a waiver; 1 by break-glass"
        ),
    ]
    assert document(some) == {
        "runs": 4,
        "timed": 3,
        "gate_minutes": 1.5,
        "blocked": 4,
        "unchanged": 1,
        "false_rate": 25.0,
        "minutes": 5.0,
        "waived": 2,
        "broken": 1,
    }
