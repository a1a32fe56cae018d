"""The summary beside Maven Failsafe's JUnit reports: it alone tells of a lost fork."""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import TestReport
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.pieces import text_of
from vsm_gate.readers.suites import SuiteReader

FORMAT: Final = Format(
    name="failsafe-summary",
    title="Maven Failsafe summary",
    producers=("Maven Failsafe",),
    reads="a crash or timeout of the forked test process, as one errored case",
    leaves="the counts of cases: they stand in the TEST-*.xml files beside it",
    how="mvn verify (target/failsafe-reports/failsafe-summary.xml)",
)


def sniff(head: Head) -> bool:
    """The root says it."""
    return head.root == "failsafe-summary"


def read(stream: BinaryIO) -> TestReport:
    """Read a summary. Raises `ReadError`."""
    return _Summary(FORMAT.name).read(stream)


class _Summary(SuiteReader):
    pieces = frozenset({"failsafe-summary"})
    keep = frozenset({"errors", "failures", "failureMessage"})

    def piece(self, element: Element, nested: int) -> None:
        message = text_of(element, "failureMessage")
        timeout = element.get("timeout", "").lower() == "true"
        if timeout:
            self.suites.errored("(the integration tests timed out)", message=message, text=message)
        elif message:
            self.suites.errored(
                "(the integration tests did not finish)",
                message=message.splitlines()[0],
                text=message,
            )
        elif any(text_of(element, tag).strip("0") for tag in ("errors", "failures")):
            self.suites.errored("(the summary declares failed integration tests)")
