"""TRX: Visual Studio, VSTest and Microsoft.Testing.Platform."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import MAX_NAME, cut
from vsm_gate.readers.clock import clock_micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="trx",
    title="TRX (Visual Studio test results)",
    producers=("dotnet test", "VSTest", "MSTest", "Microsoft.Testing.Platform"),
    reads="results with outcome, duration, message and stack trace; data rows; red of the run",
    leaves="counters, output, attachments, collectors",
    how="dotnet test --logger trx",
)

_RESULTS: Final = frozenset(
    {
        "UnitTestResult",
        "GenericTestResult",
        "ManualTestResult",
        "WebTestResult",
        "LoadTestResult",
        "TestResult",
        "TestResultAggregation",
    }
)
_OUTCOMES: Final = {
    "passed": Outcome.PASSED,
    "completed": Outcome.PASSED,
    "warning": Outcome.PASSED,
    "passedbutrunaborted": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "error": Outcome.ERRORED,
    "timeout": Outcome.ERRORED,
    "aborted": Outcome.ERRORED,
    "disconnected": Outcome.ERRORED,
    "notrunnable": Outcome.ERRORED,
    "notexecuted": Outcome.SKIPPED,
    "inconclusive": Outcome.SKIPPED,
    "pending": Outcome.SKIPPED,
}
_RED_OF_RUN: Final = frozenset({"failed", "error", "timeout", "aborted", "disconnected"})
# What the run says of tests that are counted: xUnit.net's lines, and the exit code for red tests.
_ECHO: Final = re.compile(r"\[FAIL\]\s*$|^Exit code indicates failure: '2'")


def sniff(head: Head) -> bool:
    """CppUnit has the same root, in no namespace."""
    return head.root == "TestRun" and "/TeamTest/" in head.namespace


def read(stream: BinaryIO) -> TestReport:
    """Read a test run. Raises `ReadError`."""
    return _TestRun(FORMAT.name).read(stream)


class _TestRun(SuiteReader):
    """Definitions stand after the results: details get their class names at the end."""

    pieces = _RESULTS | {"RunInfo", "UnitTest"}
    keep = _RESULTS | {
        "InnerResults",
        "Output",
        "ErrorInfo",
        "Message",
        "StackTrace",
        "Text",
        "TestMethod",
    }
    nesting = _RESULTS

    def __init__(self, format_name: str) -> None:
        super().__init__(format_name)
        self.run_red: list[str] = []
        self.summary = ""
        self.aborted = False
        self.told: dict[str, list[int]] = {}  # details of a test, by its id

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "ResultSummary":
            self.summary = attributes.get("outcome", "")

    def piece(self, element: Element, nested: int) -> None:
        if element.tag == "RunInfo":
            text = text_of(element, "Text")
            if element.get("outcome", "").lower() in _RED_OF_RUN and not _ECHO.search(text):
                self.run_red.append(text)
        elif element.tag == "UnitTest":
            self.define(element)
        elif not nested:
            self.result(element)

    def result(self, element: Element) -> None:
        get = element.get
        stated = get("outcome", "").lower()
        self.aborted |= stated == "passedbutrunaborted"
        test = get("testId", "").lower()
        case = Case(
            name=get("testName", ""),
            file=test,
            row=get("dataRowInfo", ""),
            message=text_of(element, "Output", "ErrorInfo", "Message"),
            text=text_of(element, "Output", "ErrorInfo", "StackTrace"),
        )
        details = self.suites.builder.details
        known = len(details)
        self.suites.add(case, _OUTCOMES.get(stated, Outcome.ERRORED), clock_micros(get("duration")))
        if len(details) > known:
            self.told.setdefault(test, []).append(next(reversed(details)))

    def define(self, element: Element) -> None:
        """Give the details of a test the class that its definition names."""
        method = element.find("TestMethod")
        details = self.suites.builder.details
        for index in self.told.pop(element.get("id", "").lower(), []):
            if method is not None and index in details:
                classname = cut(method.get("className", "").partition(",")[0], MAX_NAME)
                details[index] = replace(details[index], classname=classname)

    def finish(self) -> None:
        red = self.summary.lower() in _RED_OF_RUN and not self.suites.red
        if self.run_red or self.aborted or red:
            text = "\n".join(self.run_red)
            name = "(the test run was aborted)" if self.aborted else "(the test run failed)"
            self.suites.errored(name, message=text.partition("\n")[0], text=text)
