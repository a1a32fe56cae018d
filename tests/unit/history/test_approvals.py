from __future__ import annotations

from typing import Any

import pytest

from vsm_gate.history.approvals import approvers
from vsm_gate.history.record import Record

HEAD, OTHER = "a" * 40, "b" * 40


def approval(event: Any, kind: str = "approval") -> Record:
    return Record.of(
        {
            "schema": "vsm-gate/record/v1",
            "kind": kind,
            "time": "2026-11-22T10:00:00Z",
            "repository": "acme/shop",
            "event": event,
        }
    )


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"commit": HEAD, "by": "sam"}, {"sam"}),
        ({"commit": HEAD, "by": "@Sam "}, {"sam"}),
        ({"commit": OTHER, "by": "sam"}, set()),
        ({"commit": HEAD, "by": "@Kim"}, set()),
        ({"commit": HEAD, "by": ""}, set()),
        ({"commit": HEAD}, set()),
        ("sam", set()),
        (None, set()),
    ],
)
def test_who_approved_a_commit(event: Any, found: set[str]) -> None:
    assert approvers([approval(event)], frozenset({HEAD}), "kim") == found


def test_each_person_counts_once_and_other_events_not_at_all() -> None:
    events = [
        approval({"commit": HEAD, "by": "sam"}),
        approval({"commit": HEAD, "by": "SAM"}),
        approval({"commit": HEAD, "by": "alex"}),
        approval({"commit": HEAD, "by": "robin"}, kind="deployment"),
    ]
    assert approvers(events, frozenset({HEAD}), "") == {"sam", "alex"}
