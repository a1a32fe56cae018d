"""UnitTest++: `<unittest-results>`."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="unittest++",
    title="UnitTest++",
    producers=("UnitTest++ XmlTestReporter",),
    reads="tests with failures and time",
    leaves="totals, except where they alone are red",
    how="UnitTest::XmlTestReporter",
)


def sniff(head: Head) -> bool:
    """The root says it."""
    return head.root == "unittest-results"


def read(stream: BinaryIO) -> TestReport:
    """Read results. Raises `ReadError`."""
    return _Results(FORMAT.name).read(stream)


class _Results(SuiteReader):
    pieces = frozenset({"test"})
    keep = frozenset({"failure"})
    declared = ("failedtests", "failures")

    def piece(self, element: Element, nested: int) -> None:
        failure = element.find("failure")
        case = Case(
            name=element.get("name", ""),
            classname=element.get("suite", ""),
            message="" if failure is None else failure.get("message", ""),
        )
        outcome = Outcome.PASSED if failure is None else Outcome.FAILED
        self.suites.add(case, outcome, micros(element.get("time")))
