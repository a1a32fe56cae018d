"""CppUnit, and AUnit, which puts failed tests into the same element as others: `<TestRun>`."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import line_number
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="cppunit",
    title="CppUnit",
    producers=("CppUnit XmlOutputter", "AUnit"),
    reads="failed and successful tests with place and message",
    leaves="what hooks of the outputter add",
    how="CppUnit::XmlOutputter",
)


def sniff(head: Head) -> bool:
    """TRX has the same root, in a namespace."""
    below = {"FailedTests", "SuccessfulTests"}
    return head.root == "TestRun" and not head.namespace and not below.isdisjoint(head.children)


def read(stream: BinaryIO) -> TestReport:
    """Read a test run. Raises `ReadError`."""
    return _TestRun(FORMAT.name).read(stream)


class _TestRun(SuiteReader):
    pieces = frozenset({"FailedTest", "Test", "Statistics"})
    keep = frozenset(
        {"Name", "FailureType", "Location", "File", "Line", "Message", "FailuresTotal"}
        | {"Exception", "Traceback"}
    )

    def piece(self, element: Element, nested: int) -> None:
        if element.tag == "Statistics":
            self.declared_red |= bool(text_of(element, "FailuresTotal").strip("0"))
            return
        classname, _, name = text_of(element, "Name").rpartition("::")
        kind = text_of(element, "FailureType")
        case = Case(
            name=name,
            classname=classname,
            seen_in=text_of(element, "Location", "File"),
            line=line_number(text_of(element, "Location", "Line")),
            type=kind,
            message=text_of(element, "Message"),
            text=text_of(element, "Exception", "Traceback"),
        )
        outcome = Outcome.PASSED
        if kind or element.tag == "FailedTest":
            outcome = Outcome.ERRORED if kind.lower() == "error" else Outcome.FAILED
        self.suites.add(case, outcome, None)
