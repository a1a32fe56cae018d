"""Check's own XML: `<testsuites>` in its namespace, which is not JUnit."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import line_number, micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="check",
    title="Check (C)",
    producers=("Check",),
    reads="tests with result, place, iteration, message and time",
    leaves="the date, the duration of the whole",
    how="CK_XML_LOG_FILE_NAME=check.xml ./tests",
)

_OUTCOMES: Final = {
    "success": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERRORED,
}


def sniff(head: Head) -> bool:
    """The namespace tells it from JUnit."""
    return head.root == "testsuites" and head.namespace == "http://check.sourceforge.net/ns"


def read(stream: BinaryIO) -> TestReport:
    """Read a log. Raises `ReadError`."""
    return _Log(FORMAT.name).read(stream)


class _Log(SuiteReader):
    pieces = frozenset({"title", "test"})
    keep = frozenset({"path", "fn", "id", "iteration", "description", "message", "duration"})
    levels = frozenset({"suite"})

    def piece(self, element: Element, nested: int) -> None:
        if element.tag == "title":
            self.suites.rename(text_of(element))
            return
        iteration = text_of(element, "iteration")
        name = text_of(element, "id")
        file, _, line = text_of(element, "fn").rpartition(":")
        case = Case(
            name=name if iteration in ("", "0") else f"{name}[{iteration}]",
            classname=text_of(element, "description"),
            seen_in=file,
            line=line_number(line),
            message=text_of(element, "message"),
        )
        outcome = _OUTCOMES.get(element.get("result", ""), Outcome.ERRORED)
        self.suites.add(case, outcome, micros(text_of(element, "duration")))
