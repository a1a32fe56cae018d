"""Delivery events from what GitHub tells a workflow of. Pure, and trusting nothing in a payload.

Each source has an id of GitHub's own, so that the same thing told again is the same event, and told
otherwise a correction: an incident's issue is opened, labelled, and closed in the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vsm_gate.errors import InputError, UsageError

Values = dict[str, str]

_OUTCOMES: Final = {
    "success": "success",
    "failure": "failure",
    "error": "failure",
    "timed_out": "failure",
}
_SEVERITY: Final = re.compile(
    r"sev(?:erity)?(?:[ \t:/_-]+|(?=[0-9]))([a-z0-9]{1,20})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a kind, its fields as texts."""

    kind: str
    values: Values


def told(
    event: str, content: bytes, *, environment: str | None = None, labels: frozenset[str]
) -> Told | None:
    """The delivery event that a payload tells of; None where it tells of none (yet).

    `event` is GitHub's name of it. `environment` is where a workflow deploys that does not say so;
    issues with one of the `labels`, in lower case, are incidents. Raises `UsageError` where events
    of this name never tell of delivery, `InputError` where the payload is none.
    """
    read = _READERS.get(event)
    if read is None:
        raise UsageError(
            f"a workflow on `{event}` is told of no delivery",
            hint=f"record from {', '.join(_READERS)}; docs/examples/events.yml is one to paste",
        )
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"the event is not valid JSON: {problem}") from None
    if not isinstance(payload, Mapping):
        raise InputError("the event is no object")
    return read(payload, environment, labels)


def _deployment(payload: Any, environment: str | None, _: frozenset[str]) -> Told | None:
    made, status = _part(payload, "deployment"), _part(payload, "deployment_status")
    outcome = _OUTCOMES.get(_text(status, "state"))
    if outcome is None:
        return None
    values = {
        "id": _text(made, "id"),
        "commit": _text(made, "sha"),
        "status": outcome,
        "environment": _text(made, "environment") or environment or "",
        "started": _text(made, "created_at"),
        "finished": _text(status, "created_at"),
    }
    return Told("deployment", values)


def _workflow(payload: Any, environment: str | None, _: frozenset[str]) -> Told | None:
    """A workflow that deploys is over: who listens to one by its name says that it does.

    Of a pull request nothing is delivered, and a fork's run is a stranger's word.
    """
    run = _part(payload, "workflow_run")
    outcome = _OUTCOMES.get(_text(run, "conclusion"))
    own = _text(_part(run, "head_repository"), "full_name") == _text(
        _part(payload, "repository"), "full_name"
    )
    proposed = _text(run, "event").startswith("pull_request")
    if _text(payload, "action") != "completed" or outcome is None or proposed or not own:
        return None
    values = {
        "id": f"run-{_text(run, 'id')}-{_text(run, 'run_attempt') or 1}",
        "commit": _text(run, "head_sha"),
        "status": outcome,
        "environment": environment or "",
        "started": _text(run, "run_started_at") or _text(run, "created_at"),
        "finished": _text(run, "updated_at"),
    }
    return Told("deployment", values)


def _release(payload: Any, _: str | None, __: frozenset[str]) -> Told | None:
    """GitHub knows when a release went out, not for when it was planned."""
    release = _part(payload, "release")
    is_out = _text(payload, "action") in {"published", "released"}
    if not is_out or release.get("draft") is True or release.get("prerelease") is True:
        return None
    values = {
        "id": _text(release, "tag_name"),
        "finished": _text(release, "published_at"),
        "status": "success",
    }
    return Told("release", values)


def _incident(payload: Any, _: str | None, labels: frozenset[str]) -> Told | None:
    issue = _part(payload, "issue")
    if "pull_request" in issue or _text(payload, "action") in {"deleted", "transferred"}:
        return None
    listed = issue.get("labels")
    names = [_text(each, "name") for each in (listed if isinstance(listed, list) else ())]
    if labels.isdisjoint(name.lower() for name in names):
        return None
    severity = next((found[1] for name in names if (found := _SEVERITY.fullmatch(name))), "")
    values = {
        "id": f"issue-{_text(issue, 'number')}",
        "started": _text(issue, "created_at"),
        "resolved": _text(issue, "closed_at") if _text(issue, "state") == "closed" else "",
        "severity": severity.lower(),
    }
    return Told("incident", values)


def _approval(payload: Any, _: str | None, __: frozenset[str]) -> Told | None:
    review = _part(payload, "review")
    submitted = _text(payload, "action") == "submitted"
    if not submitted or _text(review, "state").lower() != "approved":
        return None
    values = {
        "commit": _text(review, "commit_id"),
        "by": _text(_part(review, "user"), "login"),
        "at": _text(review, "submitted_at"),
    }
    return Told("approval", values)


_READERS: Final[Mapping[str, Callable[[Any, str | None, frozenset[str]], Told | None]]] = {
    "deployment_status": _deployment,
    "workflow_run": _workflow,
    "release": _release,
    "issues": _incident,
    "pull_request_review": _approval,
}


def _part(data: Any, key: str) -> Mapping[str, Any]:
    """A part of a payload. Raises `InputError` where it is not there."""
    part = data.get(key)
    if not isinstance(part, Mapping):
        raise InputError(f"the event has no `{key}`", hint="is it of another kind?")
    return part


def _text(data: Any, key: str) -> str:
    """A value of a payload as text; empty where it is not there, or is no plain value."""
    value = data.get(key) if isinstance(data, Mapping) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
