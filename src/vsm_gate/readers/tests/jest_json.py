"""jest's JSON, and vitest's, which has the same shape: one document, one entry a test file.

Neither writes a retried test more than once, so that tests with equal titles are different tests.
jest counts the `invocations` of a retried test; vitest leaves the failures of earlier attempts
beside the status `passed`. jest's own reporters and results processors get the same document with
other names for a file and its tests, and write it as they get it.
"""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, mapping, sequence, string, walk, whole

FORMAT: Final = Format(
    name="jest-json",
    title="Jest and Vitest JSON",
    producers=("jest --json", "vitest --reporter=json", "Karma and Bun converters"),
    reads="tests of each file with status, time and messages; files that failed to run; retries; "
    "a run that was interrupted or failed as a whole",
    leaves="coverageMap, snapshots, console output",
    how="jest --json --outputFile=jest.json; vitest run --reporter=json --outputFile=vitest.json",
)

_OUTCOMES: Final = {
    "passed": Outcome.PASSED,
    "focused": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "pending": Outcome.SKIPPED,
    "skipped": Outcome.SKIPPED,
    "todo": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
}
_FILES: Final = ("testResults",)
_ENTER: Final = frozenset({(), _FILES, ("coverageMap",)})
_DECLARED: Final = ("numFailedTests", "numRuntimeErrorTestSuites", "numFailedTestSuites")


def sniff(head: Head) -> bool:
    """An object that counts the failed tests as jest does."""
    return head.shape == "object" and {"numFailedTests", "numTotalTests"} <= head.keys[0]


def read(stream: BinaryIO) -> TestReport:
    """Read the document file by file. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name))
    facts: dict[str, Any] = {}
    complete = False
    for path, value in walk(stream, _ENTER, arrays={_FILES}):
        if path == _FILES and value is CLOSED:
            complete = True
        elif path == (*_FILES, ITEM):
            _add_file(recorder, mapping(value))
        elif len(path) == 1:
            facts[path[0]] = value
    if not complete:
        raise ReadError("jest JSON without the list testResults")
    report = recorder.finish()
    if facts.get("wasInterrupted") is True:
        add_errored(report, "(the test run was interrupted)")
    elif not report.counts().red:
        _check_declared(report, facts)
    return report


def _add_file(recorder: Recorder, entry: dict[str, Any]) -> None:
    file = string(entry.get("name")) or string(entry.get("testFilePath"))
    tests = entry.get("assertionResults", entry.get("testResults"))
    red = False
    for test in sequence(tests):
        red |= _add(recorder, file, mapping(test)) is Outcome.FAILED
    failed = entry.get("status") == "failed" or (not tests and entry.get("failureMessage"))
    if entry.get("testExecError") or (failed and not red):
        message = string(entry.get("message")) or string(entry.get("failureMessage"))
        add_errored(recorder.report, f"(the test file {file} failed to run)", message=message)


def _add(recorder: Recorder, file: str, test: dict[str, Any]) -> Outcome:
    ancestors = [string(title) for title in sequence(test.get("ancestorTitles"))]
    failures = [string(message) for message in sequence(test.get("failureMessages"))]
    outcome = _OUTCOMES.get(string(test.get("status")), Outcome.ERRORED)
    if outcome is Outcome.PASSED and (whole(test.get("invocations")) > 1 or any(failures)):
        outcome = Outcome.FLAKY
    text = "\n".join(failures)
    case = Case(
        name=string(test.get("title")) or string(test.get("fullName")),
        classname=" > ".join(title for title in ancestors if title),
        file=file,
        line=whole(mapping(test.get("location")).get("line")) or None,
        message=text.partition("\n")[0],
        text=text,
    )
    recorder.add(case, outcome, micros(test.get("duration"), MILLISECONDS))
    return outcome


def _check_declared(report: TestReport, facts: dict[str, Any]) -> None:
    """Declared failures are red even where none is shown.

    `success` alone is not: it is false, too, where coverage is below jest's own threshold.
    """
    declared = max(whole(facts.get(key)) for key in _DECLARED)
    if declared:
        add_errored(report, f"(the report declares {declared} failures and holds none)")
    elif facts.get("success") is False:
        report.notes.append(
            "the run says that it failed, and no test did: a coverage threshold or a snapshot"
        )
