"""What a peer does better, as the records have it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.support.records import check, objective

from vsm_gate.history.peers import NEEDED, Wanted, practice
from vsm_gate.history.record import Record
from vsm_gate.model.results import Practice

METRIC = "coverage.patch"


def records(
    team: str, value: int | None, count: int = NEEDED, *, asks: str = ">= 80%", **more: Any
) -> list[Record]:
    """Records newest first, a day each, the newest of the last day of October."""
    found = {METRIC: {"value": value, "unit": "%"}} if value is not None else {}
    line = {**objective(metric=METRIC), "pass": asks, "phase": "enforce"}
    return [
        Record.of(
            check(
                f"2026-10-{31 - number:02}T10:00:00Z",
                team=team,
                measurements=found,
                objectives={"patch": line},
                **more,
            )
        )
        for number in range(count)
    ]


def best(
    *groups: list[Record], higher: bool = True, mine: int = 60, before: Sequence[Wanted] = ()
) -> Practice | None:
    newest = sorted((each for group in groups for each in group), key=lambda each: each.time)
    wanted = [*before, Wanted(METRIC, Fraction(mine), higher)]
    return practice(reversed(newest), team="payments", peer_group="backend", wanted=wanted)


def test_the_best_of_the_peer_group_is_named_with_what_it_asks() -> None:
    found = best(records("ledger", 90), records("orders", 70))
    assert found == Practice(
        "ledger", METRIC, Fraction(90), NEEDED, ">= 80%", "enforce", date(2026, 10, 27)
    )


def test_where_less_is_better_the_least_is_best() -> None:
    found = best(records("ledger", 90), records("orders", 70), higher=False, mine=80)
    assert found is not None
    assert found.team == "orders"


def test_a_peer_that_is_no_better_is_none() -> None:
    assert best(records("ledger", 60)) is None
    assert best(records("ledger", 60), higher=False) is None


def test_what_is_most_worth_improving_comes_first_where_a_peer_is_better_at_it() -> None:
    nobody = Wanted("tests.failed", Fraction(3), higher=False)
    found = best(records("ledger", 90), before=[nobody])
    assert found is not None
    assert found.metric == METRIC


def test_the_own_team_other_groups_and_pull_requests_are_no_peers() -> None:
    assert best(records("payments", 90)) is None
    assert best(records("web", 90, peer_group="frontend")) is None
    assert best(records("ledger", 90, change={"default_branch": False})) is None


def test_a_team_of_which_little_is_known_is_no_peer() -> None:
    assert best(records("ledger", 90, NEEDED - 1)) is None
    assert best(records("ledger", None)) is None


def test_since_when_is_told_of_what_it_asks_now() -> None:
    before = [
        Record.of({**each.document, "time": each.document["time"].replace("-10-", "-09-")})
        for each in records("ledger", 60, asks=">= 50%")[1:]
    ]
    found = best(records("ledger", 90), before)
    assert found is not None
    assert (found.criterion, found.since) == (">= 80%", date(2026, 10, 27))
    assert found.count == 2 * NEEDED - 1


def test_a_team_without_such_an_objective_is_named_without_one() -> None:
    found = best(_without_objective())
    assert found is not None
    assert (found.criterion, found.phase, found.since) == (None, None, None)


def _without_objective() -> list[Record]:
    return [Record.of({**each.document, "objectives": {}}) for each in records("ledger", 90)]


def test_of_equals_the_first_by_name() -> None:
    found = best(records("orders", 90), records("ledger", 90))
    assert found is not None
    assert found.team == "ledger"
