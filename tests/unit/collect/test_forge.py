"""Where a run stands, as the forge tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support import webhooks
from tests.support.repository import Repository

from vsm_gate.collect.forge import default_branch, find_context
from vsm_gate.git import Git
from vsm_gate.model.change import Context


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


RUN = {
    "id": 4,
    "event": "pull_request",
    "head_sha": "a" * 40,
    "head_branch": "feature",
    "head_repository": {"full_name": "acme/payments"},
    "pull_requests": [
        {
            "number": 7,
            "head": {"ref": "feature", "sha": "a" * 40},
            "base": {"ref": "main", "sha": "b" * 40},
        }
    ],
}
PUSHED = {**RUN, "event": "push", "head_branch": "main", "pull_requests": []}
FORKED = {**RUN, "head_repository": {"full_name": "stranger/payments"}, "pull_requests": []}


def context(folder: Path, name: str, event: dict[str, Any], **environment: str) -> Context:
    """The context of a job that GitHub told of an event."""
    place = folder / "event.json"
    place.write_text(json.dumps(event), "utf-8")
    told = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": str(place),
        "GITHUB_REPOSITORY": "acme/payments",
        "GITHUB_SHA": "f" * 40,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
    }
    return find_context(Repository(folder / "work").client, {**told, **environment})


@pytest.mark.parametrize(
    ("run", "number", "default"), [(RUN, 7, False), (PUSHED, None, True), (FORKED, None, False)]
)
def test_after_another_workflow_its_commit_is_judged_and_not_the_last_of_main(
    tmp_path: Path, run: dict[str, Any], number: int | None, default: bool
) -> None:
    event = {"workflow_run": run, "repository": {"default_branch": "main"}}
    found = context(tmp_path, "workflow_run", event)
    assert (found.head, found.tested) == ("a" * 40, "a" * 40)
    assert (found.pull_request, found.default_branch) == (number, default)
    assert found.base_branch == ("main" if number else "")


@pytest.mark.parametrize(
    "name", ["pull_request", "push", "merge_group", "workflow_run", "release", "deployment_status"]
)
def test_what_github_sends_is_understood(tmp_path: Path, name: str) -> None:
    """Its own examples: the commit is a whole one, and never the zeros of a deleted branch."""
    for event in webhooks.payloads(name):
        if event.get("deleted"):
            continue
        after = {"GITHUB_SHA": event["after"]} if "after" in event else {}
        found = context(tmp_path, name, event, **after)
        assert len(found.head) == 40
        assert found.head.strip("0")
        if name == "pull_request":
            assert found.head == event["pull_request"]["head"]["sha"] != "f" * 40
            assert found.pull_request == event["pull_request"]["number"]
        if name == "merge_group":
            assert found.head == event["merge_group"]["head_sha"]
            assert found.base_ref == event["merge_group"]["base_sha"]
            assert not found.default_branch
        if name == "workflow_run":
            assert found.head == event["workflow_run"]["head_sha"]
