"""Whatever the bytes: a report or `Unreadable`, never an exception."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import MAX_DETAILS, TestReport
from vsm_gate.readers import registry

FIRST_LINES = {
    "go-test-json": '{"Action":"run","Package":"p","Test":"T"}',
    "dart-json": '{"protocolVersion":"0.1.1","type":"start","time":0}',
    "cucumber-messages": '{"testRunStarted":{"id":"1"}}',
    "tap": "TAP version 14",
    "go-test-text": "=== RUN   TestA",
    "manual-csv": "title,status,minutes",
}
DOCUMENTS = {
    "jest-json": '{"numFailedTests":0,"numTotalTests":0,"testResults":',
    "mocha-json": '{"stats":{"passes":0,"pending":0,"failures":0},'
    '"failures":[],"pending":[],"passes":',
    "ctrf": '{"results":{"tool":{},"summary":{},"tests":',
    "playwright-json": '{"config":{"rootDir":"","projects":[]},"suites":',
    "rspec-json": '{"version":"3","summary":{},"examples":',
    "cucumber-json": '[{"uri":"","keyword":"","elements":',
}
VOCABULARY = (
    "Action Package Test Elapsed Output ImportPath type testID test id name time result hidden "
    "skipped error testCase testCaseStarted testStepFinished testCaseFinished testRunFinished "
    "pickle title status duration err assertionResults failureMessages location line specs tests "
    "suites results steps before after elements exception retries suite"
)
KEYS = VOCABULARY.split()
WORDS = ("run", "pass", "fail", "output", "testStart", "testDone", "error", "done", "passed", "T/s")
LINES = ("ok 1 - a", "not ok", "1..2", "    ok", "# Subtest: x", "  ---", "  ...", "}", "ok {", "{")

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)


def read(raw: bytes) -> TestReport | Unreadable:
    found = registry.read("report", BytesIO(raw))
    if isinstance(found, TestReport):
        counts = found.counts()
        parts = counts.passed + counts.failed + counts.errored + counts.skipped + counts.flaky
        assert counts.total == parts
        told = counts.failed + counts.errored + counts.flaky
        assert len(found.details) == min(told, MAX_DETAILS)
        return found
    assert isinstance(found, Unreadable)
    return found


@pytest.mark.parametrize("name", FIRST_LINES)
@given(rest=st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_bytes_after_the_first_line(name: str, rest: bytes) -> None:
    read(FIRST_LINES[name].encode() + b"\n" + rest)


@pytest.mark.parametrize("name", FIRST_LINES)
@given(events=st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=6), max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_objects_after_the_first_line(name: str, events: list[object]) -> None:
    lines = [FIRST_LINES[name], *(json.dumps(event) for event in events)]
    read("\n".join(lines).encode("utf-8", "surrogatepass"))


@given(lines=st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=12), depth=st.data())
@settings(max_examples=200, deadline=None)
def test_any_lines_of_tap(lines: list[str], depth: st.DataObject) -> None:
    indented = [" " * (4 * depth.draw(st.integers(0, 3))) + line for line in lines]
    read("\n".join(["TAP version 14", *indented]).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", DOCUMENTS)
@given(value=values, end=st.sampled_from(("", "}", "}}", "}]", "]")))
@settings(max_examples=60, deadline=None)
def test_any_value_in_a_document(name: str, value: object, end: str) -> None:
    read((DOCUMENTS[name] + json.dumps(value) + end).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", DOCUMENTS)
@given(items=st.lists(values, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_items_in_a_document(name: str, items: list[object]) -> None:
    end = {"ctrf": "}}", "cucumber-json": "}]"}.get(name, "}")
    found = read((DOCUMENTS[name] + json.dumps(items) + end).encode("utf-8", "surrogatepass"))
    assert isinstance(found, TestReport)
    assert found.format == name
