"""What a change that edits the policy would make of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from tests.support.policies import baseline, measured, policy
from tests.support.records import check

from vsm_gate.history.record import Record
from vsm_gate.model.results import Baseline
from vsm_gate.proposal import RUNS, compare_here, compare_past
from vsm_gate.scorecards.decide import judge
from vsm_gate.scorecards.policy import Policy

TODAY = date(2026, 11, 22)
NOTHING = Baseline()


def card(cover: int, more: str = "") -> Policy:
    return policy(
        "score: {pass: 0, warn: 0, min_evidence: 0%}\n"
        "objectives:\n"
        f'  cover: {{metric: coverage.patch, pass: ">= {cover}%", key: true}}\n{more}'
    )


LENIENT, STRICT = card(50), card(80)


def record(number: int, cover: int, **more: Any) -> Record:
    """The check of a pull request of its own; higher numbers are newer."""
    change = {"head": f"c{number}", "tested": f"c{number}", "pull_request": number}
    when = f"2026-11-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
    measurements = {"coverage.patch": {"value": cover, "unit": "%"}}
    return Record.of(
        check(
            when,
            measurements=measurements,
            change={**change, "default_branch": False, **more.pop("change", {})},
            **more,
        )
    )


def newest(*covers: int) -> Iterable[Record]:
    return [record(number, cover) for number, cover in enumerate(covers)][::-1]


@pytest.mark.parametrize(
    ("cover", "verdict", "otherwise"),
    [(90, "pass", ()), (60, "fail", ("cover",)), (40, "fail", ())],
)
def test_what_it_says_of_the_change_itself(
    cover: int, verdict: str, otherwise: tuple[str, ...]
) -> None:
    now, then = (
        judge(each, measured(coverage__patch=cover), NOTHING, today=TODAY)
        for each in (LENIENT, STRICT)
    )
    found = compare_here(STRICT, "card.yaml", then, now)
    assert (found.source, found.sha256) == ("card.yaml", STRICT.sha256)
    assert (found.verdict, found.conclusion, found.score) == (verdict, verdict, then.score)
    assert found.otherwise == otherwise
    assert found.mistake is None


def test_objectives_that_come_and_go_stand_otherwise() -> None:
    values = measured(coverage__patch=90, tests__failed=0)
    more = card(50, '  green: {metric: tests.failed, pass: "== 0"}\n')
    small, large = (judge(each, values, NOTHING, today=TODAY) for each in (LENIENT, more))
    assert compare_here(more, "s", large, small).otherwise == ("green",)
    assert compare_here(LENIENT, "s", small, large).otherwise == ("green",)


def test_what_each_policy_blocks_of_the_changes_before() -> None:
    records = newest(90, 60, 70, 40)
    assert compare_past((STRICT, NOTHING), (LENIENT, NOTHING), records, TODAY) == (4, 3, 1)
    assert compare_past((LENIENT, NOTHING), (STRICT, NOTHING), records, TODAY) == (4, 1, 3)
    assert compare_past((STRICT, NOTHING), (LENIENT, NOTHING), [], TODAY) == (0, 0, 0)


def test_a_change_counts_once_by_the_last_word_on_it() -> None:
    again = record(7, 90, change={"pull_request": 1, "head": "d", "tested": "d"})
    records = [again, record(1, 10)]
    assert compare_past((STRICT, NOTHING), (LENIENT, NOTHING), records, TODAY) == (1, 0, 0)


def test_only_so_many_checks_are_looked_at() -> None:
    read = 0

    def endless() -> Iterable[Record]:
        nonlocal read
        while True:
            read += 1
            yield record(10_000 - read, 10)

    changes, blocked, _ = compare_past((STRICT, NOTHING), (LENIENT, NOTHING), endless(), TODAY)
    assert changes == blocked == RUNS
    assert RUNS < read < 2 * RUNS


RELATIVE = """
score: {pass: 0, warn: 0, min_evidence: 0%}
objectives:
  loss: {metric: coverage.line, pass: ">= baseline", key: true}
"""


def test_a_baseline_counts_only_where_its_policy_pins_it() -> None:
    digest = "a" * 64
    pinned = policy(f"{RELATIVE}baseline: {{pinned: '{digest}'}}\n")
    free = policy(RELATIVE)
    high = baseline(coverage__line=95)
    line = {"coverage.line": {"value": 90, "unit": "%"}}
    records = [
        Record.of(check(f"2026-11-0{day}T10:00:00Z", measurements=line)) for day in (3, 2, 1)
    ]
    found = compare_past((pinned, high), (free, high), records, TODAY)
    assert found == (3, 3, 0)
