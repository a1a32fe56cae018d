from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.support.pictures import SINCE, UNTIL, warehouse_of
from tests.support.records import Document, check, objective

from vsm_gate.analytics.picture import draw
from vsm_gate.report.digest import to_digest
from vsm_gate.report.findings import find

HOSTILE = "@all [x](https://evil.example) <img src=x>"


def digest(documents: Iterable[Document], *teams: str) -> str:
    warehouse = warehouse_of(documents)
    picture = draw(warehouse, since=SINCE, until=UNTIL, now=UNTIL)
    return to_digest(picture, find(warehouse, picture), teams)


def changes(team: str, score: float, many: int = 30) -> list[Document]:
    status = "pass" if score == 100 else "fail"
    return [
        check(
            f"2026-10-{5 + number % 20:02d}T{number % 24:02d}:00:00Z",
            team=team,
            repository=f"acme/{team}",
            score=score,
            objectives={"patch": objective(status, score)},
        )
        for number in range(many)
    ]


def test_it_has_three_figures_one_improvement_and_one_practice() -> None:
    said = digest([*changes("payments", 60), *changes("ledger", 100)], "payments")

    assert said.startswith("## payments: the week of 19 Oct 2026\n")
    assert 1 <= said.count("\n* ") <= 3
    assert "* Gate score: **60.0** (n = 30)" in said
    assert "**Most worth doing.** patch takes 40.0 points off the mean score" in said
    assert "**Worth borrowing.** ledger" in said
    assert "patch, this team 40.0" in said


def test_the_other_teams_are_read_but_not_told() -> None:
    said = digest([*changes("payments", 60), *changes("ledger", 100)], "payments")

    assert "## ledger" not in said
    assert "## ledger" in digest([*changes("payments", 60), *changes("ledger", 100)])


def test_a_good_team_is_told_of_nothing_to_mend() -> None:
    said = digest(changes("ledger", 100))

    assert "No objective takes half a point or more off the score." in said
    assert "No team of the peer group does clearly better" in said


def test_a_week_without_changes_is_no_data() -> None:
    said = digest([check("2026-10-05T10:00:00Z")])

    assert "No change was judged: no data, not zero." in said


@pytest.mark.parametrize("teams", [(), ("nobody",)])
def test_without_records_it_says_so(teams: tuple[str, ...]) -> None:
    assert digest([], *teams) == "No record yet.\n"


def test_a_hostile_name_is_plain_text() -> None:
    documents = changes("payments", 60)
    for document in documents:
        document["team"] = HOSTILE
        document["objectives"] = {HOSTILE: objective("fail", 60)}

    said = digest(documents)

    assert "@all" not in said
    assert "](https" not in said
    assert "<img" not in said.replace(r"\<img", "")
