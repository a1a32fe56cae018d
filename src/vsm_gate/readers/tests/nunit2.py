"""NUnit 2: `<test-results>`."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.nunit import TestSuites, stated

FORMAT: Final = Format(
    name="nunit2",
    title="NUnit 2",
    producers=("NUnit 2", "Pester 4", "Unity Test Runner", "xUnit.net and MbUnit converters"),
    reads="cases with result, time, message and stack trace; failed set-up and tear-down",
    leaves="properties, categories, asserts",
    how="nunit-console tests.dll /xml=TestResult.xml",
)


def sniff(head: Head) -> bool:
    """The root says it."""
    return head.root == "test-results"


def read(stream: BinaryIO) -> TestReport:
    """Read test results. Raises `ReadError`."""
    return _TestResults(FORMAT.name).read(stream)


class _TestResults(TestSuites):
    def count(self, element: Element) -> None:
        self.case(element, _outcome(element), micros(element.get("time")))


def _outcome(element: Element) -> Outcome:
    """Before 2.5 there was no `result`: what was executed either succeeded or did not."""
    result = element.get("result")
    if result:
        return stated(result, "")
    if element.get("executed", "True").lower() == "false":
        return Outcome.SKIPPED
    failed = element.find("failure") is not None
    succeeded = element.get("success", "False" if failed else "True").lower() == "true"
    return Outcome.PASSED if succeeded and not failed else Outcome.FAILED
