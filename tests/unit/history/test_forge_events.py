"""What GitHub tells of events, and what of it is delivery: its own examples, and worse."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import webhooks

from vsm_gate.errors import InputError, UsageError
from vsm_gate.history.events import KINDS, body_of
from vsm_gate.history.forge_events import Told, told

COMMIT = "6c5110c5d1c8b1d3f3f1e2a4b5968778695a4b3c"
READ = ("deployment_status", "workflow_run", "release", "issues", "pull_request_review")
REVIEW = {
    "state": "approved",
    "commit_id": COMMIT,
    "user": {"login": "alex"},
    "submitted_at": "2026-11-22T09:05:00Z",
}
RUN = {
    "id": 9,
    "run_attempt": 2,
    "conclusion": "timed_out",
    "head_sha": COMMIT,
    "run_started_at": "2026-11-22T09:00:00Z",
    "updated_at": "2026-11-22T09:05:00Z",
    "event": "push",
    "head_repository": {"full_name": "acme/shop"},
}
OVER = {"action": "completed", "workflow_run": RUN, "repository": {"full_name": "acme/shop"}}


def read(event: str, payload: Any, **changes: Any) -> Told | None:
    labels = changes.pop("labels", frozenset({"incident"}))
    return told(event, json.dumps(payload).encode(), labels=labels, **changes)


@pytest.mark.parametrize("event", READ)
def test_what_is_told_by_examples_are_events(event: str) -> None:
    found = [read(event, each, labels=frozenset({"bug"})) for each in webhooks.payloads(event)]
    for each in (each for each in found if each is not None):
        body, mistakes = body_of(KINDS[each.kind], each.values)
        assert mistakes == []
        assert body["id" if each.kind != "approval" else "by"]
    expected = {
        "deployment_status": {"deployment": 3, None: 1},
        "workflow_run": {"deployment": 2, None: 3},
        "release": {"release": 4, None: 9},
        "issues": {"incident": 21, None: 8},
        "pull_request_review": {None: 4},
    }
    assert Counter(each.kind if each else None for each in found) == expected[event]


@pytest.mark.parametrize("event", ["push", "pull_request", "merge_group", "schedule", ""])
def test_other_events_never_tell_of_delivery(event: str) -> None:
    with pytest.raises(UsageError, match="no delivery"):
        read(event, {})


@pytest.mark.parametrize("event", READ)
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"{}", b'{"issue": 7}', b"[" * 9999]
)
def test_payloads_of_something_else_are_refused(event: str, content: bytes) -> None:
    with pytest.raises(InputError):
        told(event, content, labels=frozenset())


def test_an_approval_is_the_one_of_the_final_word() -> None:
    values = {"commit": COMMIT, "by": "alex", "at": "2026-11-22T09:05:00Z"}
    found = read("pull_request_review", {"action": "submitted", "review": REVIEW})
    assert found == Told("approval", values)
    for action, state in (("dismissed", "approved"), ("submitted", "commented")):
        other = {"action": action, "review": {**REVIEW, "state": state}}
        assert read("pull_request_review", other) is None


def test_a_workflow_that_deploys_is_a_deployment_of_its_commit() -> None:
    found = read("workflow_run", OVER, environment="live")
    assert found is not None
    body, mistakes = body_of(KINDS["deployment"], found.values)
    assert mistakes == []
    assert (body["id"], body["commit"], body["status"]) == ("run-9-2", COMMIT, "failure")
    assert body["environment"] == "live"


@pytest.mark.parametrize(
    "change",
    [
        {"conclusion": "cancelled"},
        {"event": "pull_request"},
        {"head_repository": {"full_name": "stranger/shop"}},
    ],
)
def test_a_run_that_delivers_nothing_is_none(change: dict[str, Any]) -> None:
    assert read("workflow_run", {**OVER, "workflow_run": {**RUN, **change}}) is None


def test_a_pull_request_with_the_label_is_no_incident() -> None:
    issue = {"number": 1, "labels": [{"name": "incident"}], "pull_request": {}}
    assert read("issues", {"action": "labeled", "issue": issue}) is None


@pytest.mark.parametrize(
    ("label", "severity"),
    [("sev1", "1"), ("Severity: High", "high"), ("sev/2", "2"), ("several", ""), ("bug", "")],
)
def test_a_severity_is_read_from_a_label(label: str, severity: str) -> None:
    issue = {"number": 1, "labels": [{"name": "incident"}, {"name": label}]}
    found = read("issues", {"action": "opened", "issue": issue})
    assert found is not None
    assert found.values["severity"] == severity


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@pytest.mark.parametrize("event", READ)
@given(data=st.data())
def test_no_payload_is_a_traceback(event: str, data: st.DataObject) -> None:
    names = ("action", "deployment", "deployment_status", "workflow_run", "release", "issue")
    fields = ("state", "id", "labels", "user", "conclusion", "tag_name", "created_at", "number")
    part = st.dictionaries(st.sampled_from(fields), JSON) | JSON
    payload = data.draw(st.dictionaries(st.sampled_from((*names, "review")), part))
    try:
        found = read(event, payload)
    except InputError:
        return
    if found is not None:
        body_of(KINDS[found.kind], found.values)
