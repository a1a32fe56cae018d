"""xUnit.net v2 and v3: `<assemblies>`, and a single `<assembly>`."""

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
    name="xunitnet",
    title="xUnit.net",
    producers=("xUnit.net v1, v2 and v3", "XunitXml.TestLogger", "Fixie"),
    reads="cases with result, time, message and stack trace; errors of assemblies",
    leaves="traits, output, attachments, warnings",
    how="dotnet test --logger xunit (XunitXml.TestLogger)",
)

_OUTCOMES: Final = {
    "pass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
    "notrun": Outcome.SKIPPED,
}
_OF_ASSEMBLY: Final = frozenset({"test-framework", "run-date"})
_BELOW: Final = frozenset({"assembly", "collection", "class", "errors", "test"})


def sniff(head: Head) -> bool:
    """Its roots, with its own elements or attributes below: other tools have assemblies, too."""
    if head.namespace:
        return False
    if head.root == "assemblies":
        return not head.children or not _BELOW.isdisjoint(head.children)
    below = _BELOW - {"assembly"}
    return head.root == "assembly" and (
        not _OF_ASSEMBLY.isdisjoint(head.attributes) or not below.isdisjoint(head.children)
    )


def read(stream: BinaryIO) -> TestReport:
    """Read assemblies. Raises `ReadError`."""
    return _Assemblies(FORMAT.name).read(stream)


class _Assemblies(SuiteReader):
    pieces = frozenset({"test", "error"})
    keep = frozenset({"failure", "message", "stack-trace", "reason"})
    levels = frozenset({"assembly", "collection", "class"})
    declared = ("failed", "errors")

    def piece(self, element: Element, nested: int) -> None:
        get = element.get
        message = text_of(element, "failure", "message")
        trace = text_of(element, "failure", "stack-trace")
        if element.tag == "error":
            what = get("name") or get("type") or "error"
            name = f"({what} of the assembly {self.suites.name})"
            self.suites.errored(name, message=message, text=trace)
            return
        failure = element.find("failure")
        case = Case(
            name=get("name", ""),
            classname=get("type", ""),
            seen_in=get("source-file", ""),
            line=line_number(get("source-line")),
            type="" if failure is None else failure.get("exception-type", ""),
            message=message or text_of(element, "reason"),
            text=trace,
        )
        outcome = _OUTCOMES.get(get("result", "").lower(), Outcome.ERRORED)
        self.suites.add(case, outcome, micros(get("time")))
