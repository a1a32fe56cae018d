"""Where a run stands, as build servers other than GitHub's tell it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.repository import Repository

from vsm_gate.collect.forge import find_context
from vsm_gate.git import Git


def cloned(folder: Path) -> Git:
    """A detached clone, as build servers leave it, of a repository with a branch `main`."""
    origin = Repository(folder / "origin", branch="main")
    origin.write("a").commit()
    clone = Repository(folder / "clone")
    clone.git("fetch", "--quiet", str(origin.path), "main:refs/remotes/origin/main")
    clone.git("checkout", "--quiet", "--detach", "refs/remotes/origin/main")
    clone.git("remote", "add", "origin", "https://forge.example/acme/pay.git")
    return clone.client


def test_a_pipeline_of_gitlab_says_where_it_stands(tmp_path: Path) -> None:
    common = {
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": "acme/pay",
        "CI_DEFAULT_BRANCH": "develop",
        "CI_COMMIT_SHA": "c" * 40,
    }
    branch = {**common, "CI_COMMIT_BRANCH": "develop", "CI_PIPELINE_SOURCE": "push"}
    found = find_context(Git(tmp_path, branch), branch)
    assert (found.repository, found.branch, found.head) == ("acme/pay", "develop", "c" * 40)
    assert found.default_branch
    request = {
        **common,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "stranger/pay",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "b" * 40,
    }
    found = find_context(Git(tmp_path, request), request)
    assert (found.pull_request, found.branch, found.base_ref) == (7, "feature", "b" * 40)
    assert found.from_fork
    assert not found.default_branch


JENKINS = {"JENKINS_URL": "https://ci.example/", "BUILD_NUMBER": "12", "STAGE_NAME": "Gate"}


def test_a_build_of_a_branch_by_jenkins(tmp_path: Path) -> None:
    git = cloned(tmp_path)
    found = find_context(git, {**JENKINS, "BRANCH_NAME": "main"})
    assert (found.repository, found.branch, found.run, found.job) == (
        "acme/pay",
        "main",
        "12",
        "Gate",
    )
    assert found.default_branch
    assert found.base_ref is None
    assert not find_context(git, {**JENKINS, "BRANCH_NAME": "feature"}).default_branch
    other = find_context(git, {**JENKINS, "BRANCH_NAME": "develop", "BRANCH_IS_PRIMARY": "true"})
    assert other.default_branch
    assert other.default_name == "develop"


def test_a_build_of_a_change_request_by_jenkins(tmp_path: Path) -> None:
    request = {
        **JENKINS,
        "BRANCH_NAME": "PR-7",
        "CHANGE_ID": "7",
        "CHANGE_BRANCH": "main",
        "CHANGE_TARGET": "main",
        "CHANGE_AUTHOR": "ada",
        "CHANGE_FORK": "ada",
    }
    found = find_context(cloned(tmp_path), request)
    assert (found.pull_request, found.branch, found.author) == (7, "main", "ada")
    assert found.base_ref == "refs/remotes/origin/main"
    assert found.from_fork
    # a branch of a fork may have the name of the default branch, and is not it
    assert not found.default_branch


AZURE = {
    "TF_BUILD": "True",
    "BUILD_REPOSITORY_NAME": "pay",
    "BUILD_BUILDID": "99",
    "BUILD_SOURCEVERSION": "c" * 40,
    "SYSTEM_JOBATTEMPT": "2",
    "SYSTEM_JOBDISPLAYNAME": "Gate",
}


def test_a_run_of_a_branch_by_azure(tmp_path: Path) -> None:
    git = cloned(tmp_path)
    found = find_context(git, {**AZURE, "BUILD_SOURCEBRANCH": "refs/heads/main"})
    assert (found.repository, found.branch, found.head) == ("pay", "main", "c" * 40)
    assert (found.run, found.attempt, found.job) == ("99", 2, "Gate")
    assert found.default_branch
    assert not find_context(git, {**AZURE, "BUILD_SOURCEBRANCH": "refs/tags/main"}).default_branch


def test_a_run_of_a_pull_request_by_azure(tmp_path: Path) -> None:
    request = {
        **AZURE,
        "BUILD_REASON": "PullRequest",
        "BUILD_SOURCEBRANCH": "refs/pull/7/merge",
        "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "7",
        "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feature",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": "d" * 40,
        "SYSTEM_PULLREQUEST_ISFORK": "True",
    }
    found = find_context(cloned(tmp_path), request)
    assert (found.pull_request, found.branch, found.head) == (7, "feature", "d" * 40)
    assert found.base_ref == "refs/remotes/origin/main"
    assert found.from_fork
    assert not found.default_branch


@pytest.mark.parametrize("variables", [{}, {"TF_BUILD": "False"}, {"JENKINS_URL": ""}])
def test_elsewhere_the_clone_says_it(tmp_path: Path, variables: dict[str, str]) -> None:
    assert find_context(cloned(tmp_path), variables).event == "local"
