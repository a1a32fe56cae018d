from __future__ import annotations

import json
from typing import Any

from tests.support.reading import counted, read_tests, red_names

Envelope = dict[str, dict[str, Any]]

PICKLE: Envelope = {
    "pickle": {
        "id": "p",
        "uri": "a.feature",
        "name": "pays",
        "location": {"line": 4},
        "steps": [{"id": "ps", "text": "it pays"}],
    }
}
CASE: Envelope = {
    "testCase": {
        "id": "c",
        "pickleId": "p",
        "testSteps": [{"id": "h", "hookId": "x"}, {"id": "s", "pickleStepId": "ps"}],
    }
}
END: Envelope = {"testRunFinished": {"success": True}}


def attempt(number: int, status: str, *, hook: str = "PASSED", **finished: Any) -> list[Envelope]:
    started = f"a{number}"

    def step(name: str, status: str) -> Envelope:
        result = {"status": status, "duration": {"seconds": 1, "nanos": 500_000_000}}
        told = {"testCaseStartedId": started, "testStepId": name, "testStepResult": result}
        return {"testStepFinished": told}

    return [
        {"testCaseStarted": {"id": started, "testCaseId": "c", "attempt": number}},
        step("h", hook),
        step("s", status),
        {"testCaseFinished": {"testCaseStartedId": started, **finished}},
    ]


def run(*envelopes: Envelope) -> str:
    started: Envelope = {"testRunStarted": {}}
    return "".join(json.dumps(envelope) + "\n" for envelope in (started, PICKLE, CASE, *envelopes))


def test_the_last_attempt_counts_and_its_time() -> None:
    text = run(*attempt(0, "FAILED", willBeRetried=True), *attempt(1, "PASSED"), END)
    report = read_tests(text, "cucumber-messages")
    assert counted(report) == {"flaky": 1}
    assert report.cases.total_micros() == 3_000_000


def test_attempts_of_protocols_that_do_not_announce_a_retry() -> None:
    text = run(*attempt(0, "FAILED"), *attempt(1, "FAILED"), END)
    assert counted(read_tests(text, "cucumber-messages")) == {"failed": 1}


def test_a_hook_that_passed_is_no_executed_step() -> None:
    report = read_tests(run(*attempt(0, "SKIPPED", hook="PASSED"), END), "cucumber-messages")
    assert counted(report) == {"skipped": 1}


def test_a_failed_hook_fails_its_scenario() -> None:
    report = read_tests(run(*attempt(0, "SKIPPED", hook="FAILED"), END), "cucumber-messages")
    (detail,) = report.details
    assert (detail.name, detail.message, detail.line) == ("pays", "hook: failed", 4)


def test_a_run_that_is_cut_off_or_fails_as_a_whole() -> None:
    cut = run(*attempt(0, "PASSED"), *attempt(1, "PASSED")[:2])
    assert red_names(read_tests(cut, "cucumber-messages")) == ["(the test run did not finish)"]
    red = run(*attempt(0, "PASSED"), {"testRunFinished": {"success": False}})
    assert red_names(read_tests(red, "cucumber-messages")) == [
        "(the test run failed, though none of its scenarios did)"
    ]


def test_what_runs_without_a_pickle_has_no_name() -> None:
    lines = (json.dumps(envelope) for envelope in (*attempt(0, "PASSED"), END))
    report = read_tests('{"testRunStarted":{}}\n' + "\n".join(lines), "cucumber-messages")
    assert list(report.cases.identities) == [0]
