"""SonarQube's generic format of test executions: `<testExecutions>`."""

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
    name="sonar-executions",
    title="SonarQube generic test executions",
    producers=("jest-sonar", "karma-sonarqube-reporter", "Catch2", "xcresultparser"),
    reads="cases of each file with status, duration and message",
    leaves="nothing",
    how="jest --reporters=jest-sonar; ./tests --reporter sonarqube::out=executions.xml",
)

# The worst last; a case is what the worst of its children says.
_OUTCOMES: Final = {
    "skipped": Outcome.SKIPPED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERRORED,
}


def sniff(head: Head) -> bool:
    """Its root, which was once named otherwise."""
    return head.root == "testExecutions" or (
        head.root == "unitTest" and "version" in head.attributes
    )


def read(stream: BinaryIO) -> TestReport:
    """Read a report. Raises `ReadError`."""
    return _Executions(FORMAT.name).read(stream)


class _Executions(SuiteReader):
    pieces = frozenset({"testCase"})
    keep = frozenset(_OUTCOMES)
    path = ""

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "file":
            self.path = attributes.get("path", "")

    def piece(self, element: Element, nested: int) -> None:
        said = {child.tag: child for child in element}
        worst = next((tag for tag in reversed(_OUTCOMES) if tag in said), "")
        case = Case(name=element.get("name", ""), file=self.path, seen_in=self.path)
        if worst:
            case.message, case.text = said[worst].get("message", ""), text_of(said[worst])
        milliseconds = micros(element.get("duration"))
        time = None if milliseconds is None else (milliseconds + 500) // 1000
        self.suites.add(case, _OUTCOMES.get(worst, Outcome.PASSED), time)
