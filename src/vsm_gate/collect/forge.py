"""Where a run stands: from the forge's environment and event, or from the local repository.

The environment is passed in. Which commit to judge and which to publish on differs by event:
on a pull request the checked-out commit is the merge commit, and results belong to its second
parent, the pull request's own head.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from vsm_gate.collect.build_servers import on_build_server
from vsm_gate.errors import InputError
from vsm_gate.git import Git
from vsm_gate.model.change import Context

_OF_PULL_REQUESTS: Final = frozenset({"pull_request", "pull_request_target", "pull_request_review"})
_NO_COMMIT: Final = "0" * 40
_REMOTE_NAME: Final = re.compile(r"[:/]([^/:]+/[^/:]+?)(?:\.git)?/?$")
_DEFAULT_BRANCHES: Final = ("main", "master", "trunk")
_FEW: Final = 10


def find_context(git: Git, environment: Mapping[str, str]) -> Context:
    """The context of this run. Raises `InputError` where the forge's event cannot be read."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment, event_of(environment))
    return on_build_server(environment, lambda: _local(git)) or _local(git)


def event_of(environment: Mapping[str, str]) -> dict[str, Any]:
    """The event that the forge left for this job, empty outside. Raises `InputError`."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as problem:
        raise InputError(
            f"the event that GitHub left at {path} cannot be read: {problem}",
            hint="run the gate in a job of a workflow, or unset GITHUB_ACTIONS to run it locally",
        ) from None
    return event if isinstance(event, dict) else {}


def _github(environment: Mapping[str, str], event: dict[str, Any]) -> Context:
    name = environment.get("GITHUB_EVENT_NAME", "")
    common: dict[str, Any] = {
        "repository": environment.get("GITHUB_REPOSITORY", ""),
        "default_name": str(_part(event, "repository").get("default_branch") or ""),
        "event": name,
        "actor": environment.get("GITHUB_ACTOR", ""),
        "run": environment.get("GITHUB_RUN_ID", ""),
        "attempt": _number(environment.get("GITHUB_RUN_ATTEMPT")) or 1,
        "job": _job(environment),
        "server_url": environment.get("GITHUB_SERVER_URL", ""),
        "api_url": environment.get("GITHUB_API_URL", ""),
    }
    if name in _OF_PULL_REQUESTS and "pull_request" in event:
        return Context(**common, **_pull_request(_part(event, "pull_request")))
    if name == "merge_group" and "merge_group" in event:
        return Context(**common, **_merge_group(_part(event, "merge_group")))
    if name == "workflow_run" and "workflow_run" in event:
        return Context(**common, **_run_before(_part(event, "workflow_run"), common))
    return Context(**common, **_push(environment, event))


def _pull_request(pull: Mapping[str, Any]) -> dict[str, Any]:
    head, base = _part(pull, "head"), _part(pull, "base")
    return {
        "branch": str(head.get("ref") or ""),
        "head": str(head.get("sha") or ""),
        "base_ref": str(base.get("sha") or "") or None,
        "base_branch": str(base.get("ref") or ""),
        "pull_request": _number(pull.get("number")),
        "author": str(_part(pull, "user").get("login") or ""),
        "from_fork": _part(head, "repo").get("full_name") != _part(base, "repo").get("full_name"),
    }


def _job(environment: Mapping[str, str]) -> str:
    """The job and its place in the matrix, which the action tells: `tests, 3.12, linux`."""
    name = environment.get("GITHUB_JOB", "")
    try:
        matrix = json.loads(environment.get("VSM_GATE_MATRIX") or "null")
    except ValueError:
        return name
    values = matrix.values() if isinstance(matrix, dict) else ()
    shown = (str(value) for value in values if isinstance(value, str | int | float))
    return ", ".join([name, *shown])


def _merge_group(group: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "branch": str(group.get("head_ref") or "").removeprefix("refs/heads/"),
        "head": str(group.get("head_sha") or ""),
        "base_ref": str(group.get("base_sha") or "") or None,
    }


def _run_before(run: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """After another workflow: the commit that its run was of, never the default branch's last.

    Of a fork's run the forge names no pull request.
    """
    head, branch = str(run.get("head_sha") or ""), str(run.get("head_branch") or "")
    own = _part(run, "head_repository").get("full_name") == common["repository"]
    listed = run.get("pull_requests")
    pulls = [
        each for each in (listed if isinstance(listed, list) else ()) if isinstance(each, dict)
    ]
    pull = next((each for each in pulls if _part(each, "head").get("sha") == head), {})
    base = _part(pull, "base")
    pushed = own and run.get("event") == "push"
    return {
        "branch": branch,
        "default_branch": pushed and bool(branch) and branch == common["default_name"],
        "head": head,
        "tested": head,
        "base_ref": str(base.get("sha") or "") or None,
        "base_branch": str(base.get("ref") or ""),
        "pull_request": _number(pull.get("number")) if own else None,
    }


def _push(environment: Mapping[str, str], event: dict[str, Any]) -> dict[str, Any]:
    """Push, schedule, dispatch and the rest: the commit is what the forge says it is."""
    default = _part(event, "repository").get("default_branch")
    branch = environment.get("GITHUB_REF_NAME", "")
    on_branch = environment.get("GITHUB_REF", "").startswith("refs/heads/")
    before = str(event.get("before") or "")
    return {
        "branch": branch,
        "default_branch": on_branch and bool(default) and branch == default,
        "head": environment.get("GITHUB_SHA", ""),
        "base_ref": before if before and before != _NO_COMMIT else None,
    }


def _local(git: Git) -> Context:
    branch = git.text("symbolic-ref", "--quiet", "--short", "HEAD", check=False)
    default = default_branch(git) or ""
    return Context(
        repository=_repository_name(git),
        branch=branch,
        default_branch=branch == default if branch else _is_merged(git, default),
        default_name=default,
        actor=git.text("config", "user.name", check=False),
    )


def _is_merged(git: Git, default: str) -> bool:
    """Whether a detached HEAD, as build servers leave it, is a commit of the default branch."""
    places = (f"refs/heads/{default}", f"refs/remotes/origin/{default}")
    return any(git.ok("merge-base", "--is-ancestor", "HEAD", place) for place in places)


def default_branch(git: Git) -> str | None:
    """The default branch: what the remote says, else the usual names, else the only branch.

    A branch that has nothing in common with what is checked out, such as the one of records, is
    none of the code.
    """
    remote = git.text("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD", check=False)
    if remote:
        return remote.partition("/")[2]
    own, others = (_branches(git, folder) for folder in ("refs/heads", "refs/remotes/origin"))
    configured = git.text("config", "init.defaultBranch", check=False)
    for name in (*_DEFAULT_BRANCHES, configured):
        if name in own or name in others:
            return name
    code = own if len(own) == 1 else [name for name in own[:_FEW] if _is_of_code(git, name)]
    return code[0] if len(code) == 1 and len(own) <= _FEW else None


def _branches(git: Git, folder: str) -> list[str]:
    depth = folder.count("/") + 1
    return git.text("for-each-ref", f"--format=%(refname:lstrip={depth})", folder).splitlines()


def _is_of_code(git: Git, name: str) -> bool:
    return git.ok("merge-base", "HEAD", f"refs/heads/{name}")


def _repository_name(git: Git) -> str:
    """`owner/name` of the remote, else `local/` and the folder's name.

    Of linked work trees it is the folder of the first, so that all are one repository.
    """
    url = git.text("config", "remote.origin.url", check=False)
    match = _REMOTE_NAME.search(url)
    if match and ("://" in url or "@" in url):
        return match.group(1)
    shared = git.text("rev-parse", "--path-format=absolute", "--git-common-dir", check=False)
    top = git.text("rev-parse", "--show-toplevel", check=False)
    folder = Path(shared).parent if Path(shared).name == ".git" else Path(top)
    return f"local/{folder.name or 'repository'}"


def _part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def _number(value: object) -> int | None:
    return int(str(value)) if str(value).isdecimal() else None
