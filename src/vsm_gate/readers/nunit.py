"""What the formats of NUnit share: nested suites of cases, and red that belongs to a suite."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import Outcome
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import Case, SuiteReader

_RESULTS: Final = {
    "passed": Outcome.PASSED,
    "success": Outcome.PASSED,
    "warning": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERRORED,
    "notrunnable": Outcome.ERRORED,
    "inconclusive": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED,
    "explicit": Outcome.SKIPPED,
    "skipped": Outcome.SKIPPED,
    "": Outcome.SKIPPED,  # a listing of tests that were not run
}
_RED_RESULTS: Final = frozenset({"failed", "failure", "error", "notrunnable"})
_ECHO: Final = re.compile(r"\s*(one or more )?child tests? (had|have|failed|has)\b", re.IGNORECASE)


def stated(result: str, label: str) -> Outcome:
    """The outcome of a case. A result that NUnit does not have is no reason to call it green."""
    outcome = _RESULTS.get(result.lower(), Outcome.ERRORED)
    if outcome is Outcome.FAILED and label.lower() in ("error", "invalid"):
        return Outcome.ERRORED
    return outcome


class TestSuites(SuiteReader):
    """Both formats have `test-suite`, `test-case` and `failure`, whose attributes differ."""

    pieces = frozenset({"test-case", "failure"})
    keep = frozenset({"failure", "reason", "message", "stack-trace"})
    levels = frozenset({"test-suite"})
    declared = ("failed", "failures", "errors")

    def __init__(self, format_name: str) -> None:
        super().__init__(format_name)
        self.open_suites: list[dict[str, str]] = []

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        """A suite, or something between suites."""
        super().open(tag, attributes)
        if tag == "test-suite":
            self.open_suites.append(attributes)
        self.declared_red |= attributes.get("result", "").lower() in _RED_RESULTS

    def close(self, tag: str) -> None:
        """The end of a suite, or of something between suites."""
        super().close(tag)
        if tag == "test-suite":
            self.open_suites.pop()

    def piece(self, element: Element, nested: int) -> None:
        """A case, or the failure of a suite."""
        if element.tag == "test-case":
            self.count(element)
        elif self.open_suites:
            self.suite_failure(element, self.open_suites[-1])

    @abstractmethod
    def count(self, element: Element) -> None:
        """Count a case."""

    def suite_failure(self, element: Element, suite: dict[str, str]) -> None:
        """A suite failed by itself, unless it only says that something in or above it did."""
        message = text_of(element, "message")
        site = suite.get("site", "")
        if site in ("Child", "Parent") or (not site and _ECHO.match(message)):
            return
        where = f" in its {site}" if site else ""
        name = f"(the suite {suite.get('fullname') or suite.get('name', '')} failed{where})"
        self.suites.errored(name, message=message, text=text_of(element, "stack-trace"))

    def case(self, element: Element, outcome: Outcome, time: int | None, *, name: str = "") -> None:
        """Count a case with what it says."""
        where = "failure" if element.find("failure") is not None else "reason"
        self.suites.add(
            Case(
                name=name or element.get("name", ""),
                classname=element.get("classname", ""),
                message=text_of(element, where, "message"),
                text=text_of(element, where, "stack-trace"),
            ),
            outcome,
            time,
        )
