"""GLib's gtester: `<gtester>`."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="gtester",
    title="GLib gtester",
    producers=("gtester",),
    reads="test cases with status, duration and error",
    leaves="messages, random seeds, performance",
    how="gtester -o report.xml ./tests",
)

_OUTCOMES: Final = {
    "success": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "incomplete": Outcome.SKIPPED,
}


def sniff(head: Head) -> bool:
    """The root says it."""
    return head.root == "gtester"


def read(stream: BinaryIO) -> TestReport:
    """Read a report. Raises `ReadError`."""
    return _Report(FORMAT.name).read(stream)


class _Report(SuiteReader):
    pieces = frozenset({"testcase"})
    keep = frozenset({"error", "duration", "status"})
    levels = frozenset({"testbinary"})
    level_name = "path"

    def piece(self, element: Element, nested: int) -> None:
        status = element.find("status")
        stated = "" if status is None else status.get("result", "")
        skipped = element.get("skipped", "") not in ("", "0")
        outcome = _OUTCOMES.get(stated, Outcome.SKIPPED if skipped else Outcome.ERRORED)
        case = Case(name=element.get("path", ""), message=text_of(element, "error"))
        self.suites.add(case, outcome, micros(text_of(element, "duration")))
