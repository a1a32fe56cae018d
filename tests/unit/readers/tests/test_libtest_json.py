from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.reading import counted, read_tests, red_names

START = {"type": "suite", "event": "started", "test_count": 1}
OK = {"type": "suite", "event": "ok", "passed": 1, "failed": 0}
FAILED = {"type": "suite", "event": "failed", "passed": 0, "failed": 1}


def stream(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def result(event: str, name: str = "till::adds", **more: Any) -> dict[str, Any]:
    return {"type": "test", "name": name, "event": event, **more}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("ok", {"passed": 1}),
        ("failed", {"failed": 1}),
        ("ignored", {"skipped": 1}),
        ("allowed_failure", {"skipped": 1}),
        ("timeout", {}),
        ("started", {}),
    ],
)
def test_events(event: str, expected: dict[str, int]) -> None:
    suite_end = FAILED if event == "failed" else OK
    report = read_tests(stream(START, result(event), suite_end), "libtest-json")
    assert counted(report) == expected


@pytest.mark.parametrize("time", [0.25, "0.25s"])
def test_times_of_all_versions(time: object) -> None:
    text = stream(START, result("ok", exec_time=time), OK)
    assert read_tests(text, "libtest-json").cases.micros_of(0) == 250_000


@pytest.mark.parametrize(
    "said",
    ["panicked at 'no coins', src/till.rs:7:5\n", "panicked at src/till.rs:7:5:\nno coins\n"],
)
def test_the_place_of_a_panic(said: str) -> None:
    text = stream(START, result("failed", stdout=f"thread 'main' {said}"), FAILED)
    (detail,) = read_tests(text, "libtest-json").details
    assert (detail.file, detail.line) == ("src/till.rs", 7)


def test_equal_names_in_two_binaries_are_two_tests() -> None:
    text = stream(START, result("failed"), FAILED, START, result("ok"), OK)
    assert counted(read_tests(text, "libtest-json")) == {"failed": 1, "passed": 1}


@pytest.mark.parametrize(("last", "expected"), [("ok", "flaky"), ("failed", "failed")])
def test_nextest_counts_the_attempts_in_the_name(last: str, expected: str) -> None:
    name = "till::till$adds"
    end = OK if last == "ok" else FAILED
    text = stream(START, result("started", name), result(last, f"{name}#2"), end)
    report = read_tests(text, "libtest-json")
    assert counted(report) == {expected: 1}
    assert report.details[0].name == name


def test_suites_of_nextest_run_at_the_same_time() -> None:
    text = stream(START, result("failed", "a"), START, FAILED, result("ok", "b"), OK)
    assert counted(read_tests(text, "libtest-json")) == {"failed": 1, "passed": 1}


def test_a_suite_that_fails_with_more_than_it_shows() -> None:
    broken = '{ "type": "test", "name": "src\\lib.rs - \\u", "event": "failed" }\n'
    report = read_tests(stream(START) + broken + stream(FAILED), "libtest-json")
    assert red_names(report) == ["(the suites count 1 failed tests, and 0 are shown)"]
    assert report.notes == ["1 lines begin like events and are no JSON"]


def test_a_run_that_did_not_finish() -> None:
    report = read_tests(stream(START, result("started")), "libtest-json")
    assert red_names(report) == ["(the test run did not finish)"]
    assert report.details[0].message == "still running: till::adds"


def test_a_stream_that_ends_in_the_middle_of_an_event() -> None:
    text = stream(START, result("ok"), OK) + '{"type": "suite", "event": "sta'
    assert red_names(read_tests(text, "libtest-json")) == ["(the test run did not finish)"]
