"""The first ten minutes of the authors' page, walked through as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support.cli import Done, run
from tests.support.reports import cobertura, junit
from tests.support.repository import Repository

PAGE = Path(__file__).parents[2] / "docs" / "scorecards.md"
CODE = "".join(f"line {n}\n" for n in range(1, 11))
BARE, COVERED = dict.fromkeys(range(1, 11), 0), dict.fromkeys(range(1, 11), 1)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "shop")
    found.write(".gitignore", "build/\n").write("pyproject.toml", "").write("src/old.py", CODE)
    found.commit("Begin", ignored=False)
    return found


def first_minutes() -> str:
    return PAGE.read_text("utf-8").partition("## In ten minutes")[2].partition("\n## ")[0]


def gate(repository: Repository, *arguments: str) -> Done:
    return run(*arguments, folder=repository.path, environment=repository.environment)


def report(repository: Repository, coverage: dict[str, dict[int, int]]) -> None:
    """What the test run writes."""
    repository.write("build/junit.xml", junit(["test_a"]))
    repository.write("build/coverage.xml", cobertura(coverage))


def test_from_nothing_to_a_policy_that_blocks(repository: Repository) -> None:
    page = first_minutes()
    (card,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert gate(repository, "scorecard", "show").exit_code == 0
    assert gate(repository, "init", "--team", "payments").exit_code == 0

    repository.write("scorecards/payments.yaml", card)
    linted = gate(repository, "scorecard", "lint", "scorecards/payments.yaml")
    assert linted.exit_code == 0
    assert linted.stdout in page

    report(repository, {"src/old.py": COVERED})
    assert gate(repository, "check", "--no-history").exit_code == 0
    repository.commit("Judge changes by our own policy", ignored=False)
    assert gate(repository, "check").exit_code == 0

    repository.branch("feature").write("src/new.py", CODE).commit("A change", ignored=False)
    report(repository, {"src/old.py": COVERED, "src/new.py": {**BARE, 1: 1}})
    blocked = gate(repository, "check")
    assert blocked.exit_code == 10
    for line in re.findall(r"^✗ FAIL.*|^  +✗ patch.*|^ +key objective", page, re.MULTILINE):
        assert line in blocked.stdout, blocked.stdout

    lower = card.replace('pass: ">= 85%"', 'pass: ">= 20%"\n    warn: ">= 5%"')
    repository.write("scorecards/payments.yaml", lower).commit("Lower the bar", ignored=False)
    told = gate(repository, "check")
    assert told.exit_code == 10
    notes = re.findall(r"^note .*", page, re.MULTILINE)
    assert len(notes) == 2
    assert notes[0] in told.stdout
    assert "would have concluded warn (otherwise for patch-coverage)" in notes[1]
    assert "would have concluded warn (otherwise for patch-coverage)" in told.stdout


def test_every_scorecard_on_the_page_has_the_keys_that_there_are(tmp_path: Path) -> None:
    page = PAGE.read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    begin = "schema: vsm-gate/scorecard/v1\nextends: vsm-gate:baseline\n"
    repository = Repository(tmp_path / "pages")
    parts = [text for text in blocks if not text.startswith("schema:")]
    assert len(parts) >= 4
    for number, text in enumerate(parts):
        name = f"part{number}.yaml"
        repository.write(name, begin + text)
        done = gate(repository, "scorecard", "lint", name)
        assert done.exit_code == 0, text + done.stdout
