"""Playwright Test's JSON reporter: suites in suites, specs, and a test for each project.

Playwright judges a test itself (expected, unexpected, flaky, skipped) by all of its attempts, and
by whether it was meant to fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, mapping, sequence, string, walk, whole

FORMAT: Final = Format(
    name="playwright-json",
    title="Playwright JSON",
    producers=("playwright test --reporter=json",),
    reads="tests of every project with outcome, time of the last attempt, error and place; flaky "
    "tests; errors outside of tests",
    leaves="steps, attachments, annotations, output",
    how="PLAYWRIGHT_JSON_OUTPUT_NAME=report.json npx playwright test --reporter=json",
)

_OUTCOMES: Final = {
    "expected": Outcome.PASSED,
    "unexpected": Outcome.FAILED,
    "flaky": Outcome.FLAKY,
    "skipped": Outcome.SKIPPED,
}
_SUITES: Final = ("suites",)
_ENTER: Final = frozenset({(), _SUITES})


def sniff(head: Head) -> bool:
    """An object with a `config` that has a root folder and projects."""
    return (
        head.shape == "object"
        and "config" in head.keys[0]
        and {"rootDir", "projects"} <= head.keys[1]
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the document file by file. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name))
    errors: list[Any] = []
    complete = False
    for path, value in walk(stream, _ENTER, arrays={_SUITES}):
        if path == (*_SUITES, ITEM):
            for titles, spec in _specs(mapping(value)):
                for test in map(mapping, sequence(spec.get("tests"))):
                    _add(recorder, titles, spec, test)
        elif path == _SUITES:
            complete = value is CLOSED
        elif path == ("errors",):
            errors = sequence(value)
    if not complete:
        raise ReadError("Playwright JSON without the list of suites")
    report = recorder.finish()
    for error in map(mapping, errors):
        message, text = string(error.get("message")), string(error.get("stack"))
        add_errored(report, "(an error outside of the tests)", message=message, text=text)
    return report


def _specs(file: dict[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """All specs of a file, each with the titles of the groups around it."""
    waiting: list[tuple[list[str], dict[str, Any]]] = [([], file)]
    while waiting:
        titles, suite = waiting.pop()
        for spec in map(mapping, sequence(suite.get("specs"))):
            yield titles, spec
        for inner in reversed(sequence(suite.get("suites"))):
            group = mapping(inner)
            waiting.append(([*titles, string(group.get("title"))], group))


def _add(recorder: Recorder, titles: list[str], spec: dict[str, Any], test: dict[str, Any]) -> None:
    results = [mapping(result) for result in sequence(test.get("results"))]
    last = results[-1] if results else {}
    outcome = _OUTCOMES.get(string(test.get("status")), Outcome.ERRORED)
    if last.get("status") == "interrupted":
        outcome = Outcome.ERRORED
    failed = (mapping(result.get("error")) for result in reversed(results) if result.get("error"))
    error = next(failed, {})
    case = Case(
        name=string(spec.get("title")),
        classname=" > ".join(titles),
        suite=string(test.get("projectName")),
        file=string(spec.get("file")),
        line=whole(spec.get("line")) or None,
        type=string(last.get("status")),
        message=string(error.get("message")),
        text=string(error.get("stack")),
    )
    recorder.add(case, outcome, micros(last.get("duration"), MILLISECONDS))
