"""The study of the rank: what it takes for the cause of a fix, and the table that it prints."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from tests.support.repository import Repository
from tools import risk_study
from tools.szz import induced

from vsm_gate.collect.line import commits, landed

CODE = "def total(prices):\n    found = 0\n    for price in prices:\n        found += price\n"


def labels(repository: Repository) -> dict[str, int]:
    git, head = repository.client, repository.head
    graph = commits(git, [head])
    line = [change.commit for change in landed(graph, head)]
    return induced(git, graph, risk_study.carriers(graph, line))


def test_the_change_that_brought_the_line_is_blamed(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.write("shop.py", CODE).commit("Add totals")
    wrong = CODE.replace("found += price", "found -= price")
    cause = repository.write("shop.py", wrong).commit("Simplify")
    repository.write("shop.py", wrong + "    return found\n").commit("Return it")
    repository.write("shop.py", CODE + "    return found\n").commit("Fix the sign")
    assert set(labels(repository)) == {cause}


def test_a_branch_is_blamed_by_the_change_that_landed_it(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.write("a.py", "1\n").commit("Begin")
    repository.branch("topic").write("shop.py", CODE).commit("Add totals")
    repository.checkout("main").write("a.py", "2\n").commit("Go on")
    cause = repository.merge("topic")
    repository.branch("mend").write("shop.py", CODE.replace("0", "1")).commit("Fix the start")
    repository.checkout("main")
    fix = repository.merge("mend")
    assert labels(repository) == {cause: int(repository.git("log", "-1", "--format=%ct", fix))}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("tests/test_shop.py", CODE, CODE.replace("0", "1")),
        ("README.md", "wrong\n", "right\n"),
        ("shop.py", "# wrong\n" + CODE, CODE),
        ("shop.py", CODE, CODE.replace("    ", "  ")),
        ("vendor/shop.py", CODE, CODE.replace("0", "1")),
    ],
)
def test_what_cannot_fail_is_not_blamed(tmp_path: Path, path: str, before: str, after: str) -> None:
    repository = Repository(tmp_path / "shop")
    repository.write(path, before).commit("Add")
    repository.write(path, after).commit("Fix it")
    assert labels(repository) == {}


def test_where_a_change_stands_among_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk_study, "WINDOW", 2)
    assert risk_study.among_the_last([5, 1, 3, 3, 9, 1]) == [0.5, 0, 0.5, 0.75, 1, 0]


def test_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Large changes to one file bring what is fixed in the next change."""
    repository = Repository(tmp_path / "shop")
    dice = random.Random(3)
    for number in range(120):
        bad = number % 4 == 0
        size = 30 if bad else dice.randint(1, 3)
        lines = "".join(f"x{number}_{line} = {dice.random()}\n" for line in range(size))
        repository.write(f"f{number}.py", lines)
        month = {"GIT_COMMITTER_DATE": f"{1_600_000_000 + number * 2_600_000} +0000"}
        repository.commit("Add", env=month)
        if bad:
            repository.write(f"f{number}.py", lines.replace(" = ", " = 1 + "))
            repository.commit("Fix it", env=month)
    monkeypatch.setattr(sys, "argv", ["risk_study", str(repository.path)])
    assert risk_study.main() == 0
    header, _, row, mean, above, chance = capsys.readouterr().out.splitlines()
    assert header.startswith("| repository | commit | changes | of them bad | AUC churn |")
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[:2] == [str(repository.path), f"`{repository.head[:10]}`"]
    assert float(cells[5]) >= float(cells[4]) > 0.7
    assert mean.startswith("| **mean, of those given** |")
    assert above.count("of 1") == 6
    assert chance.startswith("| random |")
