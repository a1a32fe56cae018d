from __future__ import annotations

import json
from typing import Any

from tests.support.reading import counted, read_tests, red_names

START = {"type": "start", "protocolVersion": "0.1.1", "time": 0}


def run(*events: dict[str, Any], success: object = True) -> str:
    done = {"type": "done", "success": success, "time": 9}
    return "".join(json.dumps(event) + "\n" for event in (START, *events, done))


def begins(number: int, name: str = "adds") -> dict[str, Any]:
    return {"type": "testStart", "test": {"id": number, "name": name, "line": 3}, "time": 5}


def ends(number: int, result: str = "success", **more: Any) -> dict[str, Any]:
    return {"type": "testDone", "testID": number, "result": result, "time": 8, **more}


def fails(number: int, *, failure: bool) -> dict[str, Any]:
    return {"type": "error", "testID": number, "error": "late", "isFailure": failure, "time": 9}


def test_hidden_tests_count_only_where_they_fail() -> None:
    hidden = (begins(1), ends(1, hidden=True), begins(2), ends(2, "error", hidden=True))
    assert counted(read_tests(run(*hidden, success=False), "dart-json")) == {"errored": 1}


def test_a_failure_after_the_end_changes_the_result() -> None:
    for failure, outcome in ((True, "failed"), (False, "errored")):
        text = run(begins(1), ends(1), fails(1, failure=failure), fails(1, failure=True))
        report = read_tests(text, "dart-json")
        assert counted(report)[outcome] >= 1
        assert "passed" not in counted(report)
        assert report.details[0].message == "late"


def test_a_hidden_test_becomes_visible_when_it_fails_after_its_end() -> None:
    text = run(begins(1, "loading a"), ends(1, hidden=True), fails(1, failure=False))
    assert red_names(read_tests(text, "dart-json")) == ["loading a"]


def test_a_run_that_was_closed_early_did_not_finish() -> None:
    report = read_tests(run(begins(1), ends(1), begins(2, "waits"), success=None), "dart-json")
    assert red_names(report) == ["(the test run did not finish)"]
    assert report.details[0].message == "still running: waits"


def test_a_run_that_failed_without_a_failed_test() -> None:
    report = read_tests(run(begins(1), ends(1), success=False), "dart-json")
    assert red_names(report) == ["(the test run failed, though none of its tests did)"]
    assert report.cases.total_micros() == 3_000
