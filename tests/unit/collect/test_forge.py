"""Where a run stands, as the forge tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.repository import Repository

from vsm_gate.collect.forge import default_branch, find_context
from vsm_gate.git import Git


def committed(path: Path, *files: str, branch: str = "main") -> Repository:
    """A repository with a commit for each file."""
    found = Repository(path, branch=branch)
    for file in files:
        found.write(file).commit()
    return found


@pytest.mark.parametrize(
    ("matrix", "job"),
    [
        ("", "gate"),
        ("null", "gate"),
        ("{}", "gate"),
        ('{"python": "3.12", "os": "linux"}', "gate, 3.12, linux"),
        ('{"python": 3.12, "with": {"tools": ["a"]}}', "gate, 3.12"),
        ("not JSON", "gate"),
        ("[1]", "gate"),
    ],
)
def test_jobs_of_a_matrix_are_told_apart(tmp_path: Path, matrix: str, job: str) -> None:
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_JOB": "gate", "VSM_GATE_MATRIX": matrix}
    assert find_context(Git(tmp_path, environment), environment).job == job


def test_linked_work_trees_are_one_repository(tmp_path: Path) -> None:
    project = committed(tmp_path / "project", "a")
    project.git("worktree", "add", "--quiet", "-b", "feature", str(tmp_path / "beside"))
    for folder in (project.path, tmp_path / "beside"):
        assert find_context(Git(folder, project.environment), {}).repository == "local/project"


def test_a_detached_commit_is_of_the_default_branch_where_that_has_it(tmp_path: Path) -> None:
    project = committed(tmp_path / "project", "a", "b")
    project.git("checkout", "--quiet", "--detach", "HEAD~1")
    assert find_context(project.client, {}).default_branch
    project.write("c").commit()
    assert not find_context(project.client, {}).default_branch


def test_the_branch_of_records_leaves_the_default_branch_what_it_was(tmp_path: Path) -> None:
    project = committed(tmp_path / "project", "a", branch="develop")
    assert default_branch(project.client) == "develop"
    tree = project.git("hash-object", "-t", "tree", "-w", "/dev/null")
    orphan = project.git("commit-tree", "-m", "Records", tree)
    project.git("branch", "vsm-history", orphan)
    assert default_branch(project.client) == "develop"
    project.git("branch", "other")
    assert default_branch(project.client) is None
    project.git("config", "init.defaultBranch", "develop")
    assert default_branch(project.client) == "develop"


def test_a_clone_without_branches_of_its_own_has_those_of_its_remote(tmp_path: Path) -> None:
    origin = committed(tmp_path / "origin", "a")
    clone = Repository(tmp_path / "clone")
    clone.git("remote", "add", "origin", str(origin.path))
    clone.git("fetch", "--quiet", "origin")
    clone.git("checkout", "--quiet", "--detach", "origin/main")
    found = find_context(clone.client, {})
    assert (found.default_name, found.default_branch) == ("main", True)
