"""Reading a report out of a literal, through the registry, as `inspect` does."""

from __future__ import annotations

from io import BytesIO

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers import registry


def read_tests(text: str | bytes, expected_format: str) -> TestReport:
    """The report that the text is; the test fails where it is none, or of another format."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    found = registry.read("report", BytesIO(raw))
    assert isinstance(found, TestReport), found
    assert found.format == expected_format
    return found


def counted(report: TestReport) -> dict[str, int]:
    """How many cases of each outcome, without those of which there are none."""
    counts = {outcome.name.lower(): report.cases.count(outcome) for outcome in Outcome}
    return {name: count for name, count in counts.items() if count}


def red_names(report: TestReport) -> list[str]:
    """The names of the cases that failed or errored, in their order."""
    return [detail.name for detail in report.red_details()]
