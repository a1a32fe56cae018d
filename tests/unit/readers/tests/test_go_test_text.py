"""The text of `go test -v` as other versions of go, and other ways to keep it, leave it."""

from __future__ import annotations

from io import BytesIO

import pytest
from tests.support.reading import counted, read_tests, red_names

from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers import registry

END = "PASS\nok  \texample.com/till\t0.012s\n"


@pytest.mark.parametrize("run", ["=== RUN TestAdd", "=== RUN   TestAdd"])
@pytest.mark.parametrize("time", ["(0.01s)", "(0.01 seconds)"])
def test_versions_of_go(run: str, time: str) -> None:
    report = read_tests(f"{run}\n--- PASS: TestAdd {time}\n{END}", "go-test-text")
    assert counted(report) == {"passed": 1}
    assert report.cases.micros_of(0) == 10_000


def test_a_result_behind_what_the_test_printed() -> None:
    text = (
        "=== RUN   TestAdd\nadding ...--- FAIL: TestAdd (0.00s)\nFAIL\nFAIL\texample.com/till\t1s\n"
    )
    assert red_names(read_tests(text, "go-test-text")) == ["TestAdd"]


def test_a_result_that_is_quoted_is_none() -> None:
    quoted = "    got: --- PASS: TestOther (0.00s)\n"
    text = f"=== RUN   TestAdd\n{quoted}--- PASS: TestAdd (0.00s)\n{END}"
    assert counted(read_tests(text, "go-test-text")) == {"passed": 1}


def test_tabs_that_became_spaces() -> None:
    text = (
        "=== RUN   TestAdd\n--- PASS: TestAdd (0.00s)\nPASS\n"
        "ok      example.com/till        0.010s\n"
        "FAIL    example.com/store [build failed]\n"
    )
    report = read_tests(text, "go-test-text")
    assert counted(report) == {"passed": 1, "errored": 1}
    assert red_names(report) == ["(package example.com/store does not build)"]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("PASS\n", {"passed": 1}),
        ("PASS", {"passed": 1}),
        ("PASS\ncoverage: 12.5% of statements\n", {"passed": 1}),
        ("FAIL\n", {"passed": 1, "errored": 1}),
        ("", {"passed": 1, "errored": 1}),
        ("PASS\n=== RUN   TestSub\n", {"passed": 1, "errored": 1}),
    ],
)
def test_a_test_binary_that_ran_by_itself_names_no_package(
    end: str, expected: dict[str, int]
) -> None:
    text = f"=== RUN   TestAdd\n--- PASS: TestAdd (0.00s)\n{end}"
    assert counted(read_tests(text, "go-test-text")) == expected


def test_a_test_binary_that_fails_by_itself_is_called_so() -> None:
    text = "=== RUN   TestAdd\n--- PASS: TestAdd (0.00s)\nFAIL\n"
    assert red_names(read_tests(text, "go-test-text")) == [
        "(the test binary failed with no failed test)"
    ]


def test_packages_that_do_not_build_need_no_verbose_output() -> None:
    text = "# example.com/till\n./till.go:3:1: no\nFAIL\texample.com/till [build failed]\nFAIL\n"
    assert red_names(read_tests(text, "go-test-text")) == [
        "(package example.com/till does not build)"
    ]


@pytest.mark.parametrize("line", ["ok  \ta\t0.1s", "FAIL\ta\t0.1s"])
def test_passed_tests_that_are_not_shown_are_not_guessed(line: str) -> None:
    found = registry.read("report", BytesIO(f"{line}\nFAIL\tb [build failed]\n".encode()))
    assert isinstance(found, Unreadable)
    assert "without -v" in found.reason


def test_packages_without_tests_need_no_verbose_output() -> None:
    text = "?   \ta\t[no test files]\nok  \tb\t(cached) [no tests to run]\n"
    assert counted(read_tests(text, "go-test-text")) == {}
