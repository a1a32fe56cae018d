from __future__ import annotations

import json
from typing import Any

from tests.support.reading import counted, read_tests, red_names

from vsm_gate.model.tests import Outcome


def event(action: str, test: str = "", **more: Any) -> str:
    what = {"Action": action, "Package": "example.org/shop", **({"Test": test} if test else {})}
    return json.dumps({**what, **more}) + "\n"


def result(action: str, test: str, *, elapsed: float = 0.5) -> str:
    return event("run", test) + event(action, test, Elapsed=elapsed)


def test_leaves_are_the_cases() -> None:
    text = event("run", "A") + result("pass", "A/b/c") + result("pass", "A/d")
    report = read_tests(text + event("pass", "A", Elapsed=9) + event("pass"), "go-test-json")
    assert counted(report) == {"passed": 2}
    assert report.cases.total_micros() == 1_000_000


def test_a_parent_is_a_case_only_where_it_alone_failed() -> None:
    alone = event("run", "A") + result("pass", "A/b") + event("fail", "A") + event("fail")
    assert red_names(read_tests(alone, "go-test-json")) == ["A"]
    echo = event("run", "A") + result("fail", "A/b") + event("fail", "A") + event("fail")
    assert red_names(read_tests(echo, "go-test-json")) == ["A/b"]


def test_a_parent_that_passes_when_it_is_run_again_is_flaky() -> None:
    first = event("run", "A") + result("pass", "A/b") + event("fail", "A") + event("fail")
    again = event("start") + event("run", "A") + result("pass", "A/b") + event("pass", "A")
    report = read_tests(first + again + event("pass"), "go-test-json")
    assert counted(report) == {"passed": 2, "flaky": 1}


def test_a_parent_that_failed_alone_and_then_with_a_subtest_is_no_second_case() -> None:
    alone = event("run", "A") + result("pass", "A/b") + event("fail", "A") + event("fail")
    echo = event("start") + event("run", "A") + result("fail", "A/b") + event("fail", "A")
    report = read_tests(alone + echo + event("fail"), "go-test-json")
    assert red_names(report) == ["A", "A/b"]


def test_the_end_of_a_long_output_is_kept() -> None:
    noise = event("output", "A", Output="noise " * 20 + "\n") * 600
    said = event("output", "A", Output="    shop_test.go:7: no coins\n")
    text = event("run", "A") + noise + said + event("fail", "A") + event("fail")
    (detail,) = read_tests(text, "go-test-json").details
    assert detail.message == "no coins"
    assert detail.text.endswith("no coins\n")


def test_a_place_in_the_output_does_not_change_the_identity() -> None:
    said = event("output", "A", Output="    shop_test.go:7: no coins\n")
    report = read_tests(
        event("run", "A") + said + event("fail", "A") + result("pass", "A") + event("pass"),
        "go-test-json",
    )
    (detail,) = report.details
    assert detail.outcome is Outcome.FLAKY
    assert (detail.file, detail.line, detail.message) == ("shop_test.go", 7, "no coins")


def test_packages_that_are_red_by_themselves() -> None:
    panics = event("output", "A", Output="panic: oh\n") + event("fail")
    cases = {
        event("start") + event("fail", FailedBuild="x"): "does not build",
        event("output", Output="FAIL\tshop [setup failed]\n") + event("fail"): "does not build",
        event("run", "A") + panics: "panicked",
        event("run", "A") + event("fail"): "failed with no failed test",
        event("run", "A") + event("output", "A", Output="x"): "did not finish",
    }
    for text, what in cases.items():
        assert red_names(read_tests(text, "go-test-json")) == [f"(package example.org/shop {what})"]


def test_a_build_that_fails_without_a_package() -> None:
    path = "example.org/tool [example.org/tool.test]"
    text = json.dumps({"ImportPath": path, "Action": "build-fail"}) + "\n"
    assert red_names(read_tests(text, "go-test-json")) == [f"(package {path} does not build)"]


def test_a_dependency_that_does_not_build_is_told_with_the_package_that_needs_it() -> None:
    build = json.dumps({"ImportPath": "example.org/coin", "Action": "build-fail"}) + "\n"
    report = read_tests(build + event("fail", FailedBuild="example.org/coin"), "go-test-json")
    assert red_names(report) == ["(package example.org/shop does not build)"]


def test_a_warning_of_the_compiler_is_not_red() -> None:
    text = json.dumps({"ImportPath": "x", "Action": "build-output", "Output": "note\n"}) + "\n"
    report = read_tests(text + result("pass", "A") + event("pass"), "go-test-json")
    assert counted(report) == {"passed": 1}


def test_benchmarks_and_packages_without_tests_are_no_cases() -> None:
    text = event("run", "BenchmarkA") + event("bench", "BenchmarkA") + event("skip")
    report = read_tests(text, "go-test-json")
    assert counted(report) == {}
    assert report.notes == ["1 tests began and have no result"]


def test_a_package_that_cannot_be_loaded_is_told_of_in_plain_text() -> None:
    plain = "# example.org/till\ntill.go:3:1: no\nFAIL\texample.org/till [setup failed]\n"
    text = plain + result("pass", "A") + event("pass") + "FAIL\n"
    report = read_tests(text, "go-test-json")
    assert counted(report) == {"passed": 1, "errored": 1}
    assert red_names(report) == ["(package example.org/till does not build)"]


def test_a_package_that_does_not_build_is_counted_once() -> None:
    build = json.dumps({"ImportPath": "example.org/shop [x.test]", "Action": "build-fail"}) + "\n"
    plain = "FAIL\texample.org/shop [build failed]\n"
    assert counted(read_tests(build + plain, "go-test-json")) == {"errored": 1}
    text = build + plain + event("start") + event("fail", FailedBuild="example.org/shop [x.test]")
    assert counted(read_tests(text, "go-test-json")) == {"errored": 1}


def test_a_stream_that_ends_in_the_middle_of_an_event() -> None:
    whole = result("pass", "A") + event("pass")
    report = read_tests(whole + '{"Action": "start", "Pack', "go-test-json")
    assert red_names(report) == ["(the stream is cut off)"]
    told = read_tests(whole + "{not json\n", "go-test-json")
    assert counted(told) == {"passed": 1}
