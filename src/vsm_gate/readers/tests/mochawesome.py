"""Mochawesome's JSON: suites in suites, each with its tests and hooks.

A hook counts only where it failed. A test that did not run because a hook failed is skipped.
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
    name="mochawesome",
    title="Mochawesome JSON",
    producers=("mochawesome", "cypress-mochawesome-reporter", "mochawesome-merge"),
    reads="tests with state, time and error; failed hooks",
    leaves="the code of tests, contexts, diffs; which attempts a retried test needed",
    how="mocha --reporter mochawesome; npx mochawesome-merge cypress/results/*.json > all.json",
)

_MAX_DEPTH: Final = 64
_ENDS: Final = frozenset({"tests", "beforeHooks", "afterHooks"})
_STEPS: Final = _ENDS | {"suites", ITEM}
_OUTCOMES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "pending": Outcome.SKIPPED,
    "skipped": Outcome.SKIPPED,
}


class _Suites:
    """The containers to enter: the results, and in each suite its lists."""

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, tuple) or len(path) > _MAX_DEPTH:
            return False
        if len(path) > 1 and path[-1] == ITEM and path[-2] in _ENDS:
            return False
        return not path or (path[0] == "results" and _STEPS.issuperset(path[1:]))


def sniff(head: Head) -> bool:
    """An object with `stats` and `results`, which both know passes and failures."""
    return (
        head.shape == "object"
        and {"stats", "results"} <= head.keys[0]
        and {"passes", "failures"} <= head.keys[1]
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the document test by test. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name))
    declared, file, complete = 0, "", False
    for path, value in walk(stream, _Suites(), arrays={("results",)}):
        if value is CLOSED:
            complete |= path == ("results",)
        elif path == ("stats",):
            declared = whole(mapping(value).get("failures"))
        elif path == ("results", ITEM, "file"):
            file = string(value)
        elif path[-1] == ITEM and path[-2] in _ENDS:
            _add(recorder, mapping(value), file, hook=path[-2] != "tests")
        elif path[-1] == ITEM and isinstance(value, dict):
            raise ReadError("suites are nested too deeply")
    if not complete:
        raise ReadError("mochawesome JSON without the list results")
    report = recorder.finish()
    if declared and not report.counts().red:
        add_errored(report, f"(the report declares {declared} failures and holds none)")
    return report


def _add(recorder: Recorder, test: dict[str, Any], file: str, *, hook: bool) -> None:
    skipped = test.get("pending") is True or test.get("skipped") is True
    outcome = _OUTCOMES.get(string(test.get("state")))
    if outcome is None:
        outcome = Outcome.SKIPPED if skipped else Outcome.ERRORED
    if hook:
        if outcome is not Outcome.FAILED:
            return
        outcome = Outcome.ERRORED
    title, full = string(test.get("title")), string(test.get("fullTitle"))
    error = mapping(test.get("err"))
    case = Case(
        name=title or full,
        classname=full.removesuffix(title).strip(),
        file=file,
        message=string(error.get("message")),
        text=string(error.get("estack")),
    )
    recorder.add(case, outcome, micros(test.get("duration"), MILLISECONDS))
