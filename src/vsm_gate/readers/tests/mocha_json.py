"""mocha's JSON reporter: one document with the lists `passes`, `pending` and `failures`.

The three lists together are the run; `tests` repeats them, without the hooks that failed. Mocha
writes a retried test once, with the number of its last retry.
"""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, mapping, string, walk, whole

FORMAT: Final = Format(
    name="mocha-json",
    title="Mocha JSON",
    producers=("mocha --reporter json", "Cypress (mocha reporter)"),
    reads="passes, pending tests and failures with times and errors; failed hooks; retries",
    leaves="the speed classes, the diff of expected and actual values",
    how="mocha --reporter json --reporter-option output=mocha.json",
)

_OUTCOMES: Final = {
    "passes": Outcome.PASSED,
    "pending": Outcome.SKIPPED,
    "failures": Outcome.FAILED,
}
_ENTER: Final = frozenset({(), ("tests",), *((name,) for name in _OUTCOMES)})
_HOOKS: Final = ('"before all" hook', '"after all" hook', '"before each" hook', '"after each" hook')


def sniff(head: Head) -> bool:
    """An object with `stats` that count passes and pending tests."""
    return (
        head.shape == "object"
        and "stats" in head.keys[0]
        and {
            "passes",
            "pending",
            "failures",
        }
        <= head.keys[1]
        and "results" not in head.keys[0]
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the document test by test. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name))
    declared = 0
    closed: set[str] = set()
    for path, value in walk(stream, _ENTER, arrays=_ENTER - {()}):
        if value is CLOSED:
            closed.update(path)
        elif path == ("stats",):
            declared = whole(mapping(value).get("failures"))
        elif path[-1] == ITEM and (outcome := _OUTCOMES.get(path[0])) is not None:
            _add(recorder, mapping(value), outcome)
    if missing := _OUTCOMES.keys() - closed:
        raise ReadError(f"mocha JSON without the list {', '.join(sorted(missing))}")
    report = recorder.finish()
    if declared and not report.counts().red:
        add_errored(report, f"(the report declares {declared} failures and holds none)")
    return report


def _add(recorder: Recorder, test: dict[str, Any], outcome: Outcome) -> None:
    title, full = string(test.get("title")), string(test.get("fullTitle"))
    error = mapping(test.get("err"))
    if outcome is Outcome.FAILED and title.startswith(_HOOKS):
        outcome = Outcome.ERRORED
    elif outcome is Outcome.PASSED and whole(test.get("currentRetry")):
        outcome = Outcome.FLAKY
    case = Case(
        name=title or full,
        classname=full.removesuffix(title).strip(),
        file=string(test.get("file")),
        type=string(error.get("name")),
        message=string(error.get("message")),
        text=string(error.get("stack")),
    )
    recorder.add(case, outcome, micros(test.get("duration"), MILLISECONDS))
