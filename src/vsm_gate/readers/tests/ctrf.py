"""CTRF, the Common Test Report Format: one document, one object a test."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, mapping, sequence, string, walk, whole

FORMAT: Final = Format(
    name="ctrf",
    title="CTRF JSON",
    producers=("the reporters of ctrf.io for Playwright, Cypress, Jest, pytest, Go, .NET …",),
    reads="tests with status, time, message, trace and place; flaky tests and retries",
    leaves="environment, steps, attachments, insights",
    how="npx jest --reporters=jest-ctrf-json-reporter",
)

_OUTCOMES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "pending": Outcome.SKIPPED,
    "other": Outcome.SKIPPED,
}
_RESULTS: Final = ("results",)
_TESTS: Final = (*_RESULTS, "tests")
_ENTER: Final = frozenset({(), _RESULTS, _TESTS})


def sniff(head: Head) -> bool:
    """An object with `results` that says its format, or the tool and what the tool found."""
    document, results = head.keys[0], head.keys[1]
    return (
        head.shape == "object"
        and "results" in document
        and ("reportFormat" in document or {"tool", "summary"} <= results)
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the document test by test. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name))
    declared = other = 0
    complete = False
    for path, value in walk(stream, _ENTER, arrays={_TESTS}):
        if path == (*_TESTS, ITEM):
            test = mapping(value)
            _add(recorder, test)
            other += test.get("status") == "other"
        elif path == _TESTS:
            complete = value is CLOSED
        elif path == (*_RESULTS, "summary"):
            declared = whole(mapping(value).get("failed"))
    if not complete:
        raise ReadError("CTRF without the list results.tests")
    report = recorder.finish()
    if other:
        report.notes.append(f"{other} tests of the status `other` are counted as skipped")
    counts = report.counts()
    if not counts.red and declared > counts.flaky:
        add_errored(report, f"(the report declares {declared} failures and holds none)")
    return report


def _add(recorder: Recorder, test: dict[str, Any]) -> None:
    outcome = _OUTCOMES.get(string(test.get("status")), Outcome.ERRORED)
    if outcome is Outcome.PASSED and (test.get("flaky") is True or whole(test.get("retries"))):
        outcome = Outcome.FLAKY
    suite = test.get("suite")
    parts = [suite] if isinstance(suite, str) else map(string, sequence(suite))
    case = Case(
        name=string(test.get("name")),
        classname=" > ".join(part for part in parts if part),
        file=string(test.get("filePath")),
        line=whole(test.get("line")) or None,
        type=string(test.get("rawStatus")),
        message=string(test.get("message")),
        text=string(test.get("trace")),
    )
    recorder.add(case, outcome, micros(test.get("duration"), MILLISECONDS))
