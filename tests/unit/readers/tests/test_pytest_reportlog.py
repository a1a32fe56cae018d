from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.reading import counted, read_tests, red_names

from vsm_gate.model.tests import Outcome

START = {"$report_type": "SessionStart", "pytest_version": "9.0"}


def finish(status: int = 0) -> dict[str, Any]:
    return {"$report_type": "SessionFinish", "exitstatus": status}


def log(*reports: dict[str, Any], status: int | None = 0) -> str:
    end = [] if status is None else [finish(status)]
    return "".join(json.dumps(report) + "\n" for report in (START, *reports, *end))


def phase(when: str, outcome: str = "passed", node: str = "a.py::test_a", **more: Any) -> Any:
    facts = {"$report_type": "TestReport", "nodeid": node, "when": when, "outcome": outcome}
    return {**facts, "location": ["a.py", 6, "test_a"], "duration": 0.25, **more}


def phases(setup: str, call: str, teardown: str) -> list[dict[str, Any]]:
    told = (("setup", setup), ("call", call), ("teardown", teardown))
    return [phase(when, outcome) for when, outcome in told if outcome]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("passed", "passed", "passed"), "passed"),
        (("passed", "failed", "passed"), "failed"),
        (("failed", "", "passed"), "errored"),
        (("passed", "passed", "failed"), "errored"),
        (("passed", "failed", "failed"), "errored"),
        (("skipped", "", "passed"), "skipped"),
        (("passed", "skipped", "passed"), "skipped"),
        (("passed", "unheard-of", "passed"), "errored"),
    ],
)
def test_a_test_is_what_its_phases_make_of_it(
    outcomes: tuple[str, str, str], expected: str
) -> None:
    report = read_tests(log(*phases(*outcomes)), "pytest-reportlog")
    assert counted(report) == {expected: 1}
    assert report.cases.micros_of(0) == 250_000 * len([each for each in outcomes if each])


def test_a_duration_that_is_none_is_left_out() -> None:
    for duration in (10**400, -1, True, "1", float("inf")):
        told = phase("call", duration=duration), phase("teardown")
        report = read_tests(log(phase("setup"), *told), "pytest-reportlog")
        assert report.cases.micros_of(0) == 500_000, duration


@pytest.mark.parametrize(("last", "expected"), [("passed", "flaky"), ("failed", "failed")])
def test_a_rerun_ends_an_attempt_and_no_test(last: str, expected: str) -> None:
    attempts = phases("passed", "rerun", "passed") + phases("passed", last, "passed")
    report = read_tests(log(*attempts), "pytest-reportlog")
    assert counted(report) == {expected: 1}
    assert report.cases.micros_of(0) == 750_000


@pytest.mark.parametrize(
    ("said", "last", "message"),
    [
        (("E   first", "E   second"), None, "E   first"),
        ((None, "E   second"), None, "E   second"),
        (("E   first",), "E   last", "E   last"),
    ],
)
def test_a_rerun_tells_why_unless_the_last_attempt_does(
    said: tuple[str | None, ...], last: str | None, message: str
) -> None:
    reports = []
    for longrepr in said:
        rerun = phase("call", "rerun", longrepr=longrepr and f"trace\n{longrepr}")
        reports += [phase("setup"), rerun, phase("teardown")]
    call = phase("call", "failed", longrepr=f"trace\n{last}") if last else phase("call")
    report = read_tests(log(*reports, phase("setup"), call, phase("teardown")), "pytest-reportlog")
    (detail,) = report.details
    assert detail.outcome is (Outcome.FAILED if last else Outcome.FLAKY)
    assert (detail.message, detail.text) == (message, f"trace\n{message}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (0, 1),
        (999_999_998, 999_999_999),
        (999_999_999, None),
        (10**30, None),
        pytest.param(10**4300 - 1, None, id="4300 digits"),
        (-5, None),
        (-1, None),
        (True, None),
        (6.0, None),
        ("6", None),
        (None, None),
    ],
)
def test_lines_count_from_0_and_are_bounded(line: object, expected: int | None) -> None:
    failed = phase("call", "failed", location=["t", line, "test_a"])
    (detail,) = read_tests(log(failed, phase("teardown")), "pytest-reportlog").details
    assert detail.line == expected


def test_tests_of_several_workers_stand_between_each_other() -> None:
    reports = [
        phase("setup", node="a.py::b"),
        phase("setup", node="a.py::c"),
        phase("call", "failed", node="a.py::b"),
        phase("call", node="a.py::c"),
        phase("teardown", node="a.py::c"),
        phase("teardown", node="a.py::b"),
    ]
    assert counted(read_tests(log(*reports), "pytest-reportlog")) == {"passed": 1, "failed": 1}


def test_a_subtest_that_fails_fails_its_test() -> None:
    subtest = {**phase("call", "failed"), "$report_type": "SubTestReport"}
    reports = [phase("setup"), subtest, phase("call"), phase("teardown")]
    assert counted(read_tests(log(*reports), "pytest-reportlog")) == {"failed": 1}


def test_what_a_failed_test_tells() -> None:
    longrepr = {
        "reprcrash": {"path": "/w/a.py", "lineno": 9, "message": "assert 0\nmore"},
        "reprtraceback": {"reprentries": [{"data": {"lines": ["def test_a():", ">   assert 0"]}}]},
    }
    failed = phase("call", "failed", "t/a.py::TestA::test[x::y]", longrepr=longrepr)
    (detail,) = read_tests(
        log(failed, phase("teardown", node=failed["nodeid"])), "pytest-reportlog"
    ).details
    assert (detail.file, detail.classname, detail.name) == ("t/a.py", "TestA", "test[x::y]")
    assert (detail.line, detail.message) == (7, "assert 0")
    assert detail.text == "def test_a():\n>   assert 0"


def test_modules_that_cannot_be_collected_and_those_left_out() -> None:
    def collected(outcome: str) -> dict[str, Any]:
        facts = {"$report_type": "CollectReport", "nodeid": "b.py", "outcome": outcome}
        return {**facts, "longrepr": "E   no module"}

    report = read_tests(log(*map(collected, ("passed", "failed", "skipped"))), "pytest-reportlog")
    assert counted(report) == {"errored": 1, "skipped": 1}
    assert red_names(report) == ["(b.py could not be collected)"]


@pytest.mark.parametrize(
    ("text", "red"),
    [
        (log(phase("setup"), status=None), ["(the test run did not finish)"]),
        (log(phase("setup"), status=1), ["test_a"]),
        (log(status=2), ["(the test run was interrupted)"]),
        (log(status=3), ["(the test run had an internal error)"]),
        (log(phase("???", "failed"), status=None), ["test_a", "(the test run did not finish)"]),
        (log(status=1), []),
        (log(status=5), []),
    ],
)
def test_runs_that_do_not_end_well(text: str, red: list[str]) -> None:
    assert red_names(read_tests(text, "pytest-reportlog")) == red
