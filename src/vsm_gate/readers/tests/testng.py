"""TestNG's own results: `<testng-results>`."""

from __future__ import annotations

import re
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.cases import micros
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

FORMAT: Final = Format(
    name="testng",
    title="TestNG results",
    producers=("TestNG",),
    reads="test methods with parameters, status, time and exception; failed configuration methods",
    leaves="groups, reporter output, declared totals (except where they alone are red)",
    how="TestNG writes test-output/testng-results.xml by itself",
)

_OUTCOMES: Final = {
    "PASS": Outcome.PASSED,
    "SUCCESS_PERCENTAGE_FAILURE": Outcome.PASSED,
    "FAIL": Outcome.FAILED,
    "SKIP": Outcome.SKIPPED,
}
_OBJECT: Final = re.compile(r"@[0-9a-f]{5,16}\b")  # a Java object without a text of its own


def sniff(head: Head) -> bool:
    """The root says it."""
    return head.root == "testng-results"


def read(stream: BinaryIO) -> TestReport:
    """Read results. Raises `ReadError`."""
    return _Results(FORMAT.name, skipped_attempts=True).read(stream)


class _Results(SuiteReader):
    pieces = frozenset({"test-method"})
    keep = frozenset({"params", "param", "value", "exception", "message", "full-stacktrace"})
    levels = frozenset({"suite", "test", "class"})
    declared = ("failed",)

    def piece(self, element: Element, nested: int) -> None:
        get = element.get
        message = text_of(element, "exception", "message")
        trace = text_of(element, "exception", "full-stacktrace")
        outcome = _OUTCOMES.get(get("status", "").upper(), Outcome.ERRORED)
        if get("is-config", "").lower() == "true":
            if outcome is Outcome.FAILED:
                name = f"(the configuration method {self.suites.name}.{get('name', '')} failed)"
                self.suites.errored(name, message=message, text=trace)
            return
        exception = element.find("exception")
        values = [text_of(value) for value in element.iterfind("params/param/value")]
        name = get("name", "")
        case = Case(
            name=f"{name}({_OBJECT.sub('', ', '.join(values))})" if values and name else name,
            classname=self.suites.name,
            row="\0".join((get("signature", ""), *values)),
            type="" if exception is None else exception.get("class", ""),
            message=message or trace.partition("\n")[0],
            text=trace,
        )
        time = micros(get("duration-ms"))
        self.suites.add(case, outcome, None if time is None else time // 1000)
