"""Boost.Test's log: `<TestLog>`."""

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
    name="boost-test",
    title="Boost.Test log",
    producers=("Boost.Test",),
    reads="test cases with errors, exceptions, time and place; errors of fixtures",
    leaves="messages, warnings, context, assertions that passed",
    how="./tests --log_format=XML --log_sink=log.xml --log_level=test_suite",
)

_RED: Final = {
    "Exception": Outcome.ERRORED,
    "FatalError": Outcome.FAILED,
    "Error": Outcome.FAILED,
}


def sniff(head: Head) -> bool:
    """The root of a log, with what Boost writes below it: TestComplete has logs, too."""
    below = {"TestSuite", "TestCase", "Info", "Message", *_RED}
    return head.root == "TestLog" and (not head.children or not below.isdisjoint(head.children))


def read(stream: BinaryIO) -> TestReport:
    """Read a log. Raises `ReadError`."""
    return _Log(FORMAT.name).read(stream)


class _Log(SuiteReader):
    pieces = frozenset({"TestCase", *_RED})
    keep = frozenset({"TestingTime", "TestSuite", *_RED})
    nesting = frozenset({"TestCase"})  # a case may run a suite of its own
    levels = frozenset({"TestSuite"})

    def piece(self, element: Element, nested: int) -> None:
        if element.tag in _RED:
            name = f"(the suite {self.suites.name} failed outside of its cases)"
            self.suites.errored(name, message=text_of(element))
            return
        found = [element.find(tag) for tag in _RED]
        red = next((result for result in found if result is not None), None)
        case = Case(name=element.get("name", ""), seen_in=element.get("file", ""))
        outcome = Outcome.PASSED
        if red is not None:
            outcome = _RED[red.tag]
            case.seen_in = red.get("file", case.seen_in)
            case.line = line_number(red.get("line"))
            case.message = text_of(red)
        elif element.get("skipped", "").lower() in ("yes", "true"):
            outcome = Outcome.SKIPPED
        time = micros(text_of(element, "TestingTime"))  # in microseconds
        self.suites.add(case, outcome, None if time is None else time // 1_000_000)
