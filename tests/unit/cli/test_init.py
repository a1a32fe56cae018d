"""`vsm-gate init`, in real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cli import run
from tests.support.repository import Repository


@pytest.fixture
def work(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "work").write("pyproject.toml")


def test_what_is_there_is_kept(work: Repository) -> None:
    work.write(".vsm-gate.yaml", "mine")
    done = run("init", "--team", "pay", folder=work.path, environment=work.environment)
    assert done.exit_code == 0, done.stderr
    assert "kept   .vsm-gate.yaml" in done.stdout
    assert "wrote  scorecards/pay.yaml" in done.stdout
    assert (work.path / ".vsm-gate.yaml").read_text("utf-8") == "mine"
    forced = ("init", "--team", "pay", "--force")
    assert "kept" not in run(*forced, folder=work.path, environment=work.environment).stdout


def test_what_it_writes_is_a_policy_that_check_can_use(work: Repository) -> None:
    run("init", folder=work.path, environment=work.environment)
    work.commit()
    done = run("check", "--no-history", folder=work.path, environment=work.environment)
    assert done.exit_code == 0, done.stderr
    assert "policy    scorecards/work.yaml" in done.stdout
    assert "problem   no test report" in done.stdout


def test_a_place_that_cannot_be_written_has_its_message(work: Repository) -> None:
    work.write("scorecards", "a file, where a folder is needed")
    done = run("init", folder=work.path, environment=work.environment)
    assert done.exit_code == 2
    assert "scorecards/work.yaml cannot be written" in done.stderr
