"""Robot Framework's `output.xml`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import line_number, micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="robot",
    title="Robot Framework output",
    producers=("Robot Framework 3 to 7", "Rebot", "Pabot"),
    reads="tests and tasks with status, time and message; suites that fail by themselves",
    leaves="keywords, log messages, tags, statistics",
    how="robot --output output.xml tests/",
)

_OUTCOMES: Final = {
    "PASS": Outcome.PASSED,
    "FAIL": Outcome.FAILED,
    "SKIP": Outcome.SKIPPED,
    "NOT RUN": Outcome.SKIPPED,
    "NOT_RUN": Outcome.SKIPPED,
}
_MICROSECOND: Final = timedelta(microseconds=1)
_NO_TIME: Final = timedelta(0)
_BODY: Final = frozenset({"kw", "for", "if", "try", "while", "group", "variable", "error"})


def sniff(head: Head) -> bool:
    """The root and its generator say it, or the suite in it."""
    return head.root == "robot" and ("generator" in head.attributes or "suite" in head.children)


def read(stream: BinaryIO) -> TestReport:
    """Read an output file. Raises `ReadError`."""
    return _Output(FORMAT.name).read(stream)


class _Output(SuiteReader):
    pieces = _BODY | {"test", "task", "status", "statistics", "errors"}
    keep = frozenset({"status"})
    levels = frozenset({"suite"})

    def __init__(self, format_name: str) -> None:
        super().__init__(format_name)
        self.sources: list[str] = []

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        super().open(tag, attributes)
        if tag == "suite":
            self.sources.append(attributes.get("source", ""))

    def close(self, tag: str) -> None:
        super().close(tag)
        if tag == "suite":
            self.sources.pop()

    def piece(self, element: Element, nested: int) -> None:
        if element.tag in ("test", "task"):
            self.test(element)
        elif element.tag == "status" and self.sources:
            self.suite_status(element)

    def test(self, element: Element) -> None:
        found = element.findall("status")
        status = found[-1] if found else Element("status")
        case = Case(
            name=element.get("name", ""),
            row="",
            seen_in=self.sources[-1] if self.sources else "",
            line=line_number(element.get("line")),
            message=text_of(status).partition("\n")[0],
            text=text_of(status),
        )
        outcome = _OUTCOMES.get(status.get("status", "").upper(), Outcome.ERRORED)
        self.suites.add(case, outcome, _micros(status))

    def suite_status(self, element: Element) -> None:
        """A suite that failed while none of its tests did: its set-up or tear-down."""
        if element.get("status", "").upper() == "FAIL" and not self.suites.red:
            text = text_of(element)
            name = f"(the suite {self.suites.name} failed, and none of its tests)"
            self.suites.errored(name, message=text.partition("\n")[0], text=text)


def _micros(status: Element) -> int | None:
    """Since 7.0 `elapsed` in seconds; before, two times of day."""
    elapsed = status.get("elapsed")
    if elapsed is not None:
        return micros(elapsed)
    try:
        start = datetime.fromisoformat(status.get("starttime", ""))
        passed = datetime.fromisoformat(status.get("endtime", "")) - start
    except (TypeError, ValueError):  # "N/A"; or one of them has a zone
        return None
    return passed // _MICROSECOND if passed >= _NO_TIME else None
