"""What the readers of whole JSON documents make of cases that their producers rarely write."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from tests.support.reading import counted, read_tests, red_names

from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers import registry
from vsm_gate.readers.head import HEAD_SIZE


def jest(*tests: dict[str, Any], **facts: Any) -> str:
    file = {"name": "/p/a.test.js", "status": "passed", "assertionResults": list(tests)}
    return json.dumps({"numFailedTests": 0, "numTotalTests": 1, "testResults": [file], **facts})


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        ({"status": "passed"}, "passed"),
        ({"status": "passed", "invocations": 2}, "flaky"),
        ({"status": "passed", "failureMessages": ["once"]}, "flaky"),
        ({"status": "failed", "invocations": 3}, "failed"),
        ({"status": "pending"}, "skipped"),
        ({"status": "disabled"}, "skipped"),
        ({"status": "whatever"}, "errored"),
        ({}, "errored"),
    ],
)
def test_jest_statuses(test: dict[str, Any], outcome: str) -> None:
    assert counted(read_tests(jest({"title": "a", **test}), "jest-json")) == {outcome: 1}


def test_jest_tests_of_equal_names_are_different_tests() -> None:
    tests = ({"title": "a", "status": "failed"}, {"title": "a", "status": "passed"})
    assert counted(read_tests(jest(*tests), "jest-json")) == {"failed": 1, "passed": 1}


def test_jest_declared_failures_are_red_where_none_is_shown() -> None:
    text = jest({"title": "a", "status": "passed"}, numFailedTests=2)
    assert red_names(read_tests(text, "jest-json")) == [
        "(the report declares 2 failures and holds none)"
    ]


def test_jest_results_as_its_reporters_get_them() -> None:
    tests = [{"title": "a", "status": "failed"}, {"title": "b", "status": "passed"}]
    broken = {"testFilePath": "/p/b.test.js", "testResults": [], "failureMessage": "no module"}
    files = [{"testFilePath": "/p/a.test.js", "testResults": tests}, broken]
    facts = {"numFailedTests": 1, "numTotalTests": 2}
    report = read_tests(json.dumps({**facts, "testResults": files}), "jest-json")
    assert counted(report) == {"passed": 1, "failed": 1, "errored": 1}
    assert [detail.file for detail in report.details] == ["/p/a.test.js", ""]


def test_a_jest_file_that_could_not_run_is_red_beside_tests_that_pass() -> None:
    file = {"testFilePath": "/p/a.test.js", "testResults": [{"title": "a", "status": "passed"}]}
    broken = {**file, "testExecError": {"message": "afterAll"}}
    facts = {"numFailedTests": 0, "numTotalTests": 1, "testResults": [broken]}
    assert counted(read_tests(json.dumps(facts), "jest-json")) == {"passed": 1, "errored": 1}


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        ({"status": "passed", "flaky": True}, "flaky"),
        ({"status": "passed", "retries": 1}, "flaky"),
        ({"status": "passed", "retries": 0, "flaky": False}, "passed"),
        ({"status": "failed", "flaky": True, "retries": 2}, "failed"),
        ({"status": "pending"}, "skipped"),
        ({"status": "other"}, "skipped"),
        ({"status": None}, "errored"),
    ],
)
def test_ctrf_statuses(test: dict[str, Any], outcome: str) -> None:
    results = {"tool": {"name": "x"}, "summary": {}, "tests": [{"name": "a", **test}]}
    assert counted(read_tests(json.dumps({"results": results}), "ctrf")) == {outcome: 1}


def test_ctrf_suites_are_a_list_or_a_text() -> None:
    def identity(suite: object) -> int:
        tests = [{"name": "a", "status": "passed", "suite": suite}]
        results = {"tool": {"name": "x"}, "summary": {}, "tests": tests}
        return read_tests(json.dumps({"results": results}), "ctrf").cases.identities[0]

    assert identity(["Basket", "with items"]) == identity("Basket > with items")


def cucumber(*elements: dict[str, Any]) -> str:
    feature = {"elements": list(elements), "keyword": "Feature", "name": "Till", "uri": "a.feature"}
    return json.dumps([feature])


def scenario(*statuses: str, line: int = 3, **more: Any) -> dict[str, Any]:
    steps = [{"keyword": "When ", "name": "it", "result": {"status": s}} for s in statuses]
    facts = {"keyword": "Scenario", "type": "scenario", "name": "a", "line": line}
    return {**facts, "steps": steps, **more}


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        (("passed", "passed"), "passed"),
        (("passed", "skipped"), "passed"),
        (("skipped", "skipped"), "skipped"),
        ((), "skipped"),
        (("passed", "undefined", "skipped"), "failed"),
        (("pending",), "failed"),
        (("ambiguous",), "failed"),
        (("unheard-of",), "failed"),
    ],
)
def test_cucumber_steps_make_the_scenario(statuses: tuple[str, ...], outcome: str) -> None:
    report = read_tests(cucumber(scenario(*statuses)), "cucumber-json")
    assert counted(report) == {outcome: 1}


def test_cucumber_rows_of_an_outline_are_told_apart_by_their_place() -> None:
    def identities(*lines: int) -> list[int]:
        rows = (scenario("passed", line=line) for line in lines)
        return list(read_tests(cucumber(*rows), "cucumber-json").cases.identities)

    assert len(set(identities(3, 4, 5))) == 3
    assert identities(3, 4, 5) == identities(13, 14, 15)


def test_cucumber_features_are_told_by_their_first_scenarios() -> None:
    text = cucumber(*(scenario("passed", line=line) for line in range(1, 2001)))
    assert len(text) > 2 * HEAD_SIZE
    assert counted(read_tests(text, "cucumber-json")) == {"passed": 2000}


def test_cucumber_features_without_scenarios_hold_no_case() -> None:
    feature = {"keyword": "Feature", "name": "Till", "line": 1, "id": "till", "uri": "a.feature"}
    assert counted(read_tests(json.dumps([feature]), "cucumber-json")) == {}


def test_cucumber_hooks_of_a_step_fail_the_scenario() -> None:
    step = {
        "name": "it",
        "result": {"status": "passed"},
        "after": [{"result": {"status": "failed"}}],
    }
    report = read_tests(cucumber(scenario(steps=[step])), "cucumber-json")
    assert counted(report) == {"failed": 1}


def behave(*elements: dict[str, Any], status: str = "passed") -> str:
    facts = {"keyword": "Feature", "name": "Till", "location": "a.feature:1", "status": status}
    return json.dumps([{**facts, **({"elements": list(elements)} if elements else {})}])


def behaved(status: str, *results: dict[str, Any], line: int = 3) -> dict[str, Any]:
    steps = [{"keyword": "When", "name": "it", "result": result} for result in results]
    facts = {"type": "scenario", "keyword": "Scenario", "name": "a", "status": status}
    return {**facts, "location": f"a.feature:{line}", "steps": [*steps, {"name": "then"}]}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("untested", "skipped"),
        ("skipped", "skipped"),
        ("hook_error", "failed"),
        ("failed", "failed"),
    ],
)
def test_behave_scenarios_whose_steps_did_not_run(status: str, outcome: str) -> None:
    assert counted(read_tests(behave(behaved(status)), "cucumber-json")) == {outcome: 1}


def test_behave_times_are_seconds_and_places_are_locations() -> None:
    said = ["oh", "no"]
    failed = {"status": "failed", "duration": 0.5, "error_message": said}
    text = behave(behaved("failed", {"status": "passed", "duration": 0.25}, failed, line=7))
    report = read_tests(text, "cucumber-json")
    (detail,) = report.details
    assert report.cases.micros_of(0) == 750_000
    assert (detail.file, detail.line, detail.text) == ("a.feature", 7, "oh\nno")


def test_behave_scenarios_of_one_name_are_told_apart_by_their_line() -> None:
    scenarios = (
        behaved("failed", {"status": "failed"}, line=3),
        behaved("passed", {"status": "passed"}, line=9),
    )
    assert counted(read_tests(behave(*scenarios), "cucumber-json")) == {"failed": 1, "passed": 1}


def test_a_behave_feature_that_failed_by_itself() -> None:
    red = ["(the feature Till: hook_error)"]
    for elements in ((), (behaved("untested"),)):
        assert red_names(read_tests(behave(*elements, status="hook_error"), "cucumber-json")) == red


def test_a_background_at_the_end_is_not_lost() -> None:
    background = {**scenario("failed"), "type": "background", "name": ""}
    assert red_names(read_tests(cucumber(background), "cucumber-json")) == ["Background"]


def test_mocha_hooks_are_errored() -> None:
    def entry(title: str) -> dict[str, str]:
        return {"title": title, "fullTitle": f"Till {title}"}

    failures = [entry('"after each" hook for "a"'), entry('says "hook"')]
    stats = {"passes": 0, "pending": 0, "failures": 2}
    text = json.dumps({"stats": stats, "passes": [], "pending": [], "failures": failures})
    assert counted(read_tests(text, "mocha-json")) == {"failed": 1, "errored": 1}


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"reportFormat": "CTRF", "results": {"tool": {}, "summary": {}, "tests": {}}}, "tests"),
        ({"numFailedTests": 0, "numTotalTests": 0, "testResults": {}}, "testResults"),
        ({"config": {"rootDir": "/", "projects": []}, "suites": {}}, "suites"),
        ({"version": "3.13", "examples": {}}, "examples"),
        (
            {"stats": {"passes": 0, "pending": 0, "failures": 0}, "tests": [], "passes": {}},
            "passes",
        ),
    ],
)
def test_an_object_in_place_of_the_list_of_tests_is_no_empty_run(
    document: dict[str, Any], name: str
) -> None:
    found = registry.read("report", BytesIO(json.dumps(document).encode()))

    assert isinstance(found, Unreadable)
    assert f"{name} is an object, and should be an array" in found.reason
