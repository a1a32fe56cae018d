from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from tests.support.reading import counted, read_tests, red_names

from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers import registry

STATS = {"passes": 1, "failures": 0}


def suite(**lists: Any) -> dict[str, Any]:
    return {"title": "Till", "file": "till.spec.js", **lists}


def document(*suites: dict[str, Any], **stats: int) -> str:
    return json.dumps({"stats": {**STATS, **stats}, "results": list(suites)})


def one(title: str = "adds", **facts: Any) -> dict[str, Any]:
    return {"title": title, "fullTitle": f"Till {title}", **facts}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"state": "passed"}, "passed"),
        ({"state": "failed"}, "failed"),
        ({"state": "pending", "pending": True}, "skipped"),
        ({"state": None, "pending": True}, "skipped"),
        ({"state": None, "skipped": True}, "skipped"),
        ({"state": None}, "errored"),
        ({"state": "unheard-of"}, "errored"),
    ],
)
def test_states(facts: dict[str, Any], outcome: str) -> None:
    text = document(suite(tests=[one(**facts)]))
    assert counted(read_tests(text, "mochawesome")) == {outcome: 1}


def test_hooks_count_where_they_failed() -> None:
    hooks = [one('"before all" hook', state=None), one('"before each" hook', state="failed")]
    text = document(suite(beforeHooks=hooks, afterHooks=hooks, tests=[one(state="passed")]))
    assert counted(read_tests(text, "mochawesome")) == {"passed": 1, "errored": 2}


def test_suites_in_suites() -> None:
    inner = suite(tests=[one(state="passed")])
    for _ in range(12):
        inner = suite(suites=[inner], tests=[one(state="passed")])
    assert counted(read_tests(document(inner), "mochawesome")) == {"passed": 13}


def test_a_failed_test_tells_what_happened() -> None:
    error = {"message": "no coins", "estack": "no coins\n    at till.js:3:1"}
    text = document(suite(tests=[one(state="failed", err=error)]))
    (detail,) = read_tests(text, "mochawesome").details
    assert (detail.name, detail.classname, detail.file) == ("adds", "Till", "till.spec.js")
    assert (detail.message, detail.text) == (error["message"], error["estack"])


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ({"a": 1}, "results is an object, and should be an array"),
        ({}, "results is an object, and should be an array"),
        ({"tests": [one(state="passed")]}, "results is an object, and should be an array"),
        (1, "without the list results"),
        (None, "without the list results"),
    ],
)
def test_results_that_are_no_list_are_refused(results: object, reason: str) -> None:
    text = json.dumps({"stats": STATS, "results": results})
    found = registry.read("report", BytesIO(text.encode()))
    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_declared_failures_are_red_where_none_is_shown() -> None:
    report = read_tests(document(suite(tests=[one(state="passed")]), failures=2), "mochawesome")
    assert red_names(report) == ["(the report declares 2 failures and holds none)"]
