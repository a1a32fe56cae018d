"""Qt Test's own XML: `<TestCase>` of `<TestFunction>`s."""

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
    name="qtest",
    title="Qt Test",
    producers=("Qt Test",),
    reads="functions and data rows with what became of them, place and description",
    leaves="durations (one for all rows of a function), messages, benchmarks",
    how="./tests -o report.xml,xml",
)

# An expected failure (xfail) is an incident on the way; what becomes of the row follows it.
_OUTCOMES: Final = {
    "pass": Outcome.PASSED,
    "bpass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "xpass": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
    "bfail": Outcome.SKIPPED,
    "bxpass": Outcome.SKIPPED,
}
_ON_THE_WAY: Final = frozenset({"xfail", "bxfail"})


def sniff(head: Head) -> bool:
    """The root and what stands in it."""
    below = {"Environment", "TestFunction"}
    return head.root == "TestCase" and not below.isdisjoint(head.children)


def read(stream: BinaryIO) -> TestReport:
    """Read a report. Raises `ReadError`."""
    return _Report(FORMAT.name).read(stream)


class _Report(SuiteReader):
    pieces = frozenset({"Incident", "Message"})
    keep = frozenset({"DataTag", "Description"})
    levels = frozenset({"TestCase", "TestFunction"})

    def piece(self, element: Element, nested: int) -> None:
        kind = element.get("type", "")
        if kind in _ON_THE_WAY or (element.tag == "Message" and kind != "skip"):
            return
        tag = text_of(element, "DataTag")
        case = Case(
            name=f"{self.suites.name}({tag})" if tag else self.suites.name,
            seen_in=element.get("file", ""),
            line=line_number(element.get("line")),
            message=text_of(element, "Description"),
        )
        self.suites.add(case, _OUTCOMES.get(kind, Outcome.ERRORED), None)
