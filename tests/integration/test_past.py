"""The rank of a change in real repositories."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.support.repository import Repository

from vsm_gate.change.rank import NEEDED
from vsm_gate.collect.change import find_change
from vsm_gate.collect.past import WINDOW, look_back
from vsm_gate.model.change import Context
from vsm_gate.model.impact import Risk


def risk_of(repository: Repository, **context: object) -> Risk:
    given = Context(repository="acme/shop", **context)  # type: ignore[arg-type]
    return look_back(repository.client, find_change(repository.client, given)).risk


def grow(repository: Repository, commits: int) -> None:
    """Changes of one line, two lines, and so on, by git's own import format."""
    lines = []
    for number in range(1, commits + 1):
        content = "".join(f"{number}.{line}\n" for line in range(number))
        lines.append(
            f"commit refs/heads/main\ncommitter A <a@example.com> {1_700_000_000 + number} +0000\n"
            f"data 1\nx\nM 100644 inline f{number}.py\ndata {len(content)}\n{content}\n"
        )
    repository.git("fast-import", "--quiet", stdin="".join(lines).encode())
    repository.git("reset", "--hard", "--quiet", "main")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "checkout")
    grow(repository, 40)
    return repository


def test_a_change_is_ranked_among_those_before_it(repository: Repository) -> None:
    repository.write("new.py", "x\n" * 30).commit()
    found = risk_of(repository, default_branch=True)
    assert (found.compared, found.percentile) == (40, Fraction(100 * (2 * 29 + 1), 80))
    assert found.level == "medium"


def test_a_branch_is_one_change_and_so_is_a_merge(repository: Repository) -> None:
    repository.branch("big")
    for number in range(3):
        repository.write(f"big{number}.py", "x\n" * 100).commit()
    repository.checkout("main").merge("big")
    repository.branch("feature").write("a.py", "x\n" * 200).commit()
    repository.write("b.py", "x\n" * 99).commit()
    found = risk_of(repository, base_ref="main")
    assert (found.compared, found.percentile) == (41, Fraction(4000, 41))


def test_moves_binaries_and_lock_files_are_no_churn(repository: Repository) -> None:
    repository.move("f40.py", "moved/f40.py").write("a.bin", b"\0" * 9).commit()
    repository.write("uv.lock", "x\n" * 5000).commit()
    repository.write(".gitattributes", "*.gen linguist-generated\n").commit()
    repository.write("x.gen", "x\n" * 5000).write("new.py", "1\n").commit()
    found = risk_of(repository, default_branch=True)
    assert (found.compared, found.percentile) == (41, Fraction(100 * 2, 82))


def test_a_first_commit_and_a_young_repository_have_no_rank(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "young")
    repository.write("a.py", "1\n").commit()
    assert "0 earlier changes" in risk_of(repository, default_branch=True).missing
    repository.write("a.py", "2\n").commit()
    assert "1 earlier change to compare" in risk_of(repository, default_branch=True).missing


def test_a_shallow_history_is_never_ranked_wrongly(repository: Repository, tmp_path: Path) -> None:
    repository.write("new.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone", f"--depth={NEEDED + 5}")
    found = risk_of(clone, default_branch=True)
    assert found.percentile is None
    assert found.missing.startswith("cannot rank: history is cut at ")
    assert "fetch-depth: 0" in found.missing


def test_a_partial_clone_is_not_filled_for_a_rank(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("new.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone", "--filter=blob:none")
    assert "partial clone" in risk_of(clone, default_branch=True).missing


def test_a_cut_beyond_the_window_does_no_harm(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "long")
    grow(repository, WINDOW + 20)
    clone = repository.clone(tmp_path / "clone", f"--depth={WINDOW + 5}")
    assert risk_of(clone, default_branch=True) == risk_of(repository, default_branch=True)
    assert risk_of(clone, default_branch=True).compared == WINDOW


def test_the_machines_configuration_changes_nothing(repository: Repository) -> None:
    repository.move("f30.py", "moved.py").write("new.py", "x\n" * 20).commit()
    plain = risk_of(repository, default_branch=True)
    for key, value in {
        "diff.renames": "false",
        "log.diffMerges": "off",
        "log.showRoot": "false",
        "format.pretty": "fuller",
        "log.showSignature": "true",
        "log.decorate": "full",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "color.ui": "always",
        "diff.external": "false",
    }.items():
        repository.git("config", key, value)
    assert risk_of(repository, default_branch=True) == plain
