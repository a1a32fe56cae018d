"""CTest's own `Test.xml`, as its dashboard reads it."""

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
    name="ctest",
    title="CTest dashboard",
    producers=("CTest (Testing/*/Test.xml)",),
    reads="tests with status, execution time and output; why a test was not run",
    leaves="other measurements, the host, build and coverage parts of the dashboard",
    how="ctest -T Test (or: ctest --output-junit junit.xml)",
)

_SKIPPED: Final = ("disabled", "skip_")  # SKIP_RETURN_CODE, SKIP_REGULAR_EXPRESSION_MATCHED


def sniff(head: Head) -> bool:
    """The dashboard has other parts with the same root."""
    return head.root == "Site" and "Testing" in head.children


def read(stream: BinaryIO) -> TestReport:
    """Read the tests of a dashboard. Raises `ReadError`."""
    return _Site(FORMAT.name).read(stream)


class _Site(SuiteReader):
    pieces = frozenset({"Test"})
    keep = frozenset({"Name", "Path", "Results", "NamedMeasurement", "Measurement", "Value"})

    def piece(self, element: Element, nested: int) -> None:
        stated = element.get("Status")
        if stated is None:  # an entry of TestList
            return
        measured = {
            entry.get("name", ""): text_of(entry, "Value")
            for entry in element.iterfind("Results/NamedMeasurement")
        }
        reason = measured.get("Exit Code") or measured.get("Completion Status", "")
        case = Case(
            name=text_of(element, "Name"),
            classname=text_of(element, "Path").removeprefix("./").removeprefix("."),
            message=reason,
            text=text_of(element, "Results", "Measurement", "Value"),
        )
        outcome = _outcome(stated, measured.get("Completion Status", ""))
        self.suites.add(case, outcome, micros(measured.get("Execution Time")))


def _outcome(stated: str, completion: str) -> Outcome:
    """A test that was not run was skipped on purpose, or could not be started."""
    if stated == "notrun":
        skipped = completion.lower().startswith(_SKIPPED)
        return Outcome.SKIPPED if skipped else Outcome.ERRORED
    return {"passed": Outcome.PASSED, "failed": Outcome.FAILED}.get(stated, Outcome.ERRORED)
