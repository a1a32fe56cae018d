"""NUnit 3 and 4: `<test-run>`."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import TestReport
from vsm_gate.readers.cases import micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.nunit import TestSuites, stated

FORMAT: Final = Format(
    name="nunit3",
    title="NUnit 3",
    producers=("NUnit 3 and 4 console", "NUnit test adapter", "NunitXml.TestLogger", "Pester 5"),
    reads="cases with result, label, time, message and stack trace; failed set-up and tear-down",
    leaves="properties, output, attachments, assertions one by one",
    how="nunit3-console tests.dll --result=TestResult.xml",
)


def sniff(head: Head) -> bool:
    """The root of a run, or of an assembly: the test adapter writes it alone."""
    suite = head.root == "test-suite" and not head.namespace
    return head.root == "test-run" or (suite and "testcasecount" in head.attributes)


def read(stream: BinaryIO) -> TestReport:
    """Read a test run. Raises `ReadError`."""
    return _TestRun(FORMAT.name).read(stream)


class _TestRun(TestSuites):
    def count(self, element: Element) -> None:
        get = element.get
        outcome = stated(get("result", ""), get("label", ""))
        time = micros(get("duration", get("time")))
        self.case(element, outcome, time, name=get("fullname") or get("name") or "")
