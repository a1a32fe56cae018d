"""`vsm-gate risk`, and what `check` makes of a model."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.cli import Done, run
from tests.support.deployed import NAME, by_chance, deployed, hot
from tests.support.ledgers import bare_machine, checkout, server
from tests.support.repository import Repository
from tests.support.schemas import validate

from vsm_gate.history.risk_models import RiskModels

NOW = ("--now", "2026-11-01T00:00:00Z")


@pytest.fixture
def learnable(tmp_path: Path) -> Repository:
    return deployed(tmp_path, hot)


def risk(repository: Repository, *arguments: str) -> Done:
    environment = bare_machine(repository.path.parent)
    return run("risk", *arguments, *NOW, folder=repository.path, environment=environment)


def models(repository: Repository) -> RiskModels:
    environment = bare_machine(repository.path.parent)
    return RiskModels.open(repository.path, of=NAME, environment=environment)


def risk_of_check(repository: Repository) -> dict[str, Any]:
    environment = bare_machine(repository.path.parent)
    done = run("check", "--format", "json", folder=repository.path, environment=environment)
    found: dict[str, Any] = done.json()["impact"]
    return found


def test_what_a_history_teaches(learnable: Repository) -> None:
    done = risk(learnable, "evaluate", "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = done.json()
    validate("risk-evaluation-v1", found)
    assert (found["deployments"], found["changes"], found["missing"]) == (199, 199, "")
    assert found["evaluation"]["model"]["auc"] > 0.95
    assert found["evaluation"]["churn"]["auc"] < 0.9
    assert (found["shortcoming"], found["stored"]) == ("", None)
    assert models(learnable).read() is None


def test_the_table_for_people(learnable: Repository) -> None:
    lines = risk(learnable, "evaluate").stdout.splitlines()
    assert lines[0].endswith("of 199 deployments failed; they carried 199 changes")
    names = [line[:24].strip() for line in lines[4:8]]
    assert names == ["model", "rank without a model", "churn alone", "random"]
    assert lines[7].split()[1:] == ["0.500", "10.0", "%", "20.0", "%"]
    assert lines[-1].startswith("such a model is used by `check`")


def test_a_model_is_kept_and_check_ranks_by_it(learnable: Repository) -> None:
    done = risk(learnable, "train", "--format", "json")
    stored = done.json()["stored"]
    model = models(learnable).model()
    assert model is not None
    assert (model.name, model.usable, model.repository) == (stored, True, NAME)
    content = models(learnable).read()
    assert content is not None
    validate("risk-model-v1", json.loads(content))
    assert "example.com" not in content.decode()
    assert risk(learnable, "evaluate", "--format", "json").json()["stored"] == stored

    learnable.write("hot.py", "1\n").commit()
    found = risk_of_check(learnable)["risk"]
    assert found["model"] == stored
    assert found["percentile"] > 74
    shown = run("check", folder=learnable.path, environment=bare_machine(learnable.path.parent))
    assert f"of 200 earlier changes by {stored} (" in shown.stdout
    assert any("earlier changes to its files: raises it" in text for text in found["drivers"])
    learnable.write("cold.py", "1\n" * 20).commit()
    assert risk_of_check(learnable)["risk"]["percentile"] < 74


def test_the_same_history_teaches_the_same(learnable: Repository) -> None:
    risk(learnable, "train")
    first = models(learnable).read()
    risk(learnable, "train")
    assert models(learnable).read() == first


def test_a_model_that_is_not_better_is_kept_and_not_used(tmp_path: Path) -> None:
    repository = deployed(tmp_path, by_chance)
    done = risk(repository, "train")
    assert "such a model is not used by `check`: " in done.stdout
    model = models(repository).model()
    assert model is not None
    assert not model.usable
    repository.write("hot.py", "1\n").commit()
    assert risk_of_check(repository)["risk"]["model"] == "rank"


def test_a_damaged_model_is_told_and_not_used(learnable: Repository) -> None:
    models(learnable).replace(b"{}", datetime(2026, 11, 1, tzinfo=UTC))
    learnable.write("hot.py", "1\n").commit()
    found = risk_of_check(learnable)
    assert found["risk"]["model"] == "rank"
    assert any("the risk model cannot be read" in note for note in found["notes"])
    assert risk(learnable, "evaluate").exit_code == 3


def test_of_too_few_failures_nothing_is_learnt(tmp_path: Path) -> None:
    repository = deployed(tmp_path, hot, changes=60)
    done = risk(repository, "train", "--format", "json")
    assert done.exit_code == 0
    found = done.json()
    validate("risk-evaluation-v1", found)
    assert found["evaluation"] is None
    assert found["missing"].endswith("failed deployments are recorded, and 30 are needed")
    assert models(repository).read() is None
    assert "no model: " in risk(repository, "train").stdout


def test_without_a_history_nothing_is_learnt(tmp_path: Path) -> None:
    done = risk(checkout(tmp_path / "shop"), "evaluate")
    assert done.exit_code == 0
    assert "0 failed deployments are recorded, and 30 are needed" in done.stdout


def test_a_cut_history_is_an_error(learnable: Repository, tmp_path: Path) -> None:
    clone = learnable.clone(tmp_path / "clones" / "shop", "--depth=50")
    clone.git("fetch", "--quiet", "origin", "vsm-history:vsm-history")
    done = risk(clone, "evaluate")
    assert done.exit_code == 3
    assert "history is cut at" in done.stderr


def test_deployments_of_other_lines_are_told(learnable: Repository) -> None:
    learnable.git("checkout", "--quiet", "-b", "old", "HEAD~50")
    done = risk(learnable, "evaluate")
    assert "50 deployments are left out: their commits are not on this line" in done.stdout
    assert risk(learnable, "evaluate", "--format", "json").json()["elsewhere"] == 50


def test_a_model_is_kept_on_the_remote_of_the_history(
    learnable: Repository, tmp_path: Path
) -> None:
    remote = server(tmp_path / "server")
    learnable.git("push", "--quiet", str(remote.path), "vsm-history")
    risk(learnable, "train", "--history-remote", str(remote.path))
    assert models(learnable).read() is None
    refs = remote.git("for-each-ref", "--format=%(refname)", "refs/vsm-gate/").split()
    assert [ref.rpartition("/")[0] for ref in refs] == ["refs/vsm-gate/risk-models"]


def test_what_to_install_is_told(learnable: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    done = risk(learnable, "train")
    assert done.exit_code == 2
    assert 'pip install "vsm-gate[risk]"' in done.stderr
