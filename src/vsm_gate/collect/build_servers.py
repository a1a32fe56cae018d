"""Where a run stands on a build server that is not GitHub's, from the variables that it sets.

Each server tells some of it; the rest is what the clone itself says (`local`). The pages that
define the variables: GitLab "Predefined CI/CD variables", Jenkins "Global variable reference" with
its branch API, Azure Pipelines "Use predefined variables".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from vsm_gate.model.change import Context

Variables = Mapping[str, str]

_BRANCHES: Final = "refs/heads/"


def on_build_server(environment: Variables, local: Callable[[], Context]) -> Context | None:
    """The context of the build server that this is; None where it is none that is known."""
    for mark, value, context in _SERVERS:
        found = environment.get(mark, "")
        if found and (not value or found == value):
            return context(environment, local)
    return None


def _gitlab(environment: Variables, _: Callable[[], Context]) -> Context:
    """A pipeline of a branch, or of a merge request, which has no CI_COMMIT_BRANCH."""
    project = environment.get("CI_PROJECT_PATH", "")
    branch = environment.get("CI_COMMIT_BRANCH", "")
    default = environment.get("CI_DEFAULT_BRANCH", "")
    return Context(
        repository=project,
        event=environment.get("CI_PIPELINE_SOURCE", ""),
        branch=branch or environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", ""),
        default_branch=bool(branch) and branch == default,
        default_name=default,
        head=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
        or environment.get("CI_COMMIT_SHA", ""),
        base_ref=environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or None,
        pull_request=_number(environment.get("CI_MERGE_REQUEST_IID")),
        from_fork=environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", project) != project,
        actor=environment.get("GITLAB_USER_LOGIN", ""),
        run=environment.get("CI_PIPELINE_ID", ""),
        job=environment.get("CI_JOB_NAME", ""),
    )


def _jenkins(environment: Variables, local: Callable[[], Context]) -> Context:
    """A build of a multibranch pipeline: of a branch, or of a change request, named `PR-7`.

    What is checked out there may be the request merged into its target, a commit that Jenkins makes
    itself. The change is what it has beyond the target as that was fetched.
    """
    found = local()
    target = environment.get("CHANGE_TARGET", "")
    branch = environment.get("CHANGE_BRANCH") or environment.get("BRANCH_NAME") or found.branch
    primary = environment.get("BRANCH_IS_PRIMARY") == "true"
    of_default = primary or (bool(found.default_name) and branch == found.default_name)
    return replace(
        found,
        event="change_request" if target else "push",
        branch=branch,
        default_branch=of_default and not target,
        default_name=branch if primary else found.default_name,
        base_ref=f"refs/remotes/origin/{target}" if target else None,
        pull_request=_number(environment.get("CHANGE_ID")),
        from_fork=bool(environment.get("CHANGE_FORK")),
        author=environment.get("CHANGE_AUTHOR", ""),
        actor=environment.get("CHANGE_AUTHOR", "") or found.actor,
        run=environment.get("BUILD_NUMBER", ""),
        job=environment.get("STAGE_NAME", "") or environment.get("JOB_BASE_NAME", ""),
    )


def _azure(environment: Variables, local: Callable[[], Context]) -> Context:
    """A run of a branch, or of a pull request, whose merge with the target is checked out."""
    found = local()
    target = environment.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "").removeprefix(_BRANCHES)
    source = environment.get("SYSTEM_PULLREQUEST_SOURCEBRANCH", "")
    branch = (source or environment.get("BUILD_SOURCEBRANCH", "")).removeprefix(_BRANCHES)
    number = environment.get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER")
    return replace(
        found,
        repository=environment.get("BUILD_REPOSITORY_NAME") or found.repository,
        event=environment.get("BUILD_REASON", ""),
        branch=branch or found.branch,
        default_branch=not target and bool(branch) and branch == found.default_name,
        head=environment.get("SYSTEM_PULLREQUEST_SOURCECOMMITID")
        or environment.get("BUILD_SOURCEVERSION", ""),
        base_ref=f"refs/remotes/origin/{target}" if target else None,
        pull_request=_number(number or environment.get("SYSTEM_PULLREQUEST_PULLREQUESTID")),
        from_fork=environment.get("SYSTEM_PULLREQUEST_ISFORK", "").lower() == "true",
        actor=environment.get("BUILD_REQUESTEDFOR", ""),
        run=environment.get("BUILD_BUILDID", ""),
        attempt=_number(environment.get("SYSTEM_JOBATTEMPT")) or 1,
        job=environment.get("SYSTEM_JOBDISPLAYNAME", ""),
    )


# The variable by which a server is known, the value it has there (any, where none is named).
_SERVERS: Final = (
    ("GITLAB_CI", "true", _gitlab),
    ("TF_BUILD", "True", _azure),
    ("JENKINS_URL", "", _jenkins),
)


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdecimal() else None
