"""FPCUnit: `<TestResults>`."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import line_number
from vsm_gate.readers.clock import clock_micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="fpcunit",
    title="FPCUnit",
    producers=("FPCUnit (Free Pascal)",),
    reads="tests with result, time, exception and place",
    leaves="totals, except where they alone are red",
    how="./tests --format=xml --all",
)

_OUTCOMES: Final = {
    "ok": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "error": Outcome.ERRORED,
    "ignored": Outcome.SKIPPED,
}


def sniff(head: Head) -> bool:
    """The root says it, and the listing in it."""
    return head.root == "TestResults" and not head.namespace and "TestListing" in head.children


def read(stream: BinaryIO) -> TestReport:
    """Read results. Raises `ReadError`."""
    return _Results(FORMAT.name).read(stream)


class _Results(SuiteReader):
    pieces = frozenset({"Test"})
    keep = frozenset(
        {"Message", "ExceptionClass", "ExceptionMessage", "SourceUnitName", "LineNumber"}
    )
    levels = frozenset({"TestSuite"})
    level_name = "Name"
    declared = ("NumberOfErrors", "NumberOfFailures")

    def piece(self, element: Element, nested: int) -> None:
        case = Case(
            name=element.get("Name", ""),
            seen_in=text_of(element, "SourceUnitName"),
            line=line_number(text_of(element, "LineNumber")),
            type=text_of(element, "ExceptionClass"),
            message=text_of(element, "Message") or text_of(element, "ExceptionMessage"),
        )
        outcome = _OUTCOMES.get(element.get("Result", "").lower(), Outcome.ERRORED)
        self.suites.add(case, outcome, clock_micros(element.get("ElapsedTime")))
