"""The JSON reporter of Dart's test runner, and Flutter's `--machine`: one event a line.

Hidden tests (the loading of files, setUpAll, tearDownAll) do not count while they succeed. A test
may fail after it was reported done; a stream that does not end with `done` did not finish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import RED, Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import Objects, mapping, string, whole

FORMAT: Final = Format(
    name="dart-json",
    title="Dart and Flutter JSON",
    producers=("dart test --reporter json", "flutter test --machine"),
    reads="tests with result, time, error and place; tests that fail after their end; retries; "
    "runs that do not finish",
    leaves="printed messages, debug events",
    how="dart test --file-reporter json:dart.json; flutter test --machine > dart.json",
)

_RESULTS: Final = {
    "success": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERRORED,
}
_REMEMBERED: Final = 4096


def sniff(head: Head) -> bool:
    """Events with a type and a time, the first of them with the version of the protocol."""
    return head.shape in ("lines", "object") and {"protocolVersion", "type", "time"} <= head.keys[0]


def read(stream: BinaryIO) -> TestReport:
    """Read the stream event by event. Raises `ReadError`."""
    run = _Run()
    for event in Objects(stream):
        run.event(event)
    return run.report()


@dataclass(slots=True)
class _Test:
    """A test that has begun."""

    case: Case
    began: int
    retried: bool = False


class _Run:
    """The state of a stream: open tests, those that ended lately, the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name))
        self.suites: dict[int, str] = {}
        self.open: dict[int, _Test] = {}
        self.ended: dict[int, tuple[int | None, Case]] = {}
        self.success: object = None

    def event(self, event: dict[str, Any]) -> None:
        """Take one event; those that say nothing of results are passed over."""
        kind = event.get("type")
        if kind == "testStart":
            self.start(mapping(event.get("test")), whole(event.get("time")))
        elif kind == "testDone":
            self.done(event)
        elif kind == "error":
            self.error(event)
        elif kind == "suite":
            suite = mapping(event.get("suite"))
            self.suites[whole(suite.get("id"))] = string(suite.get("path"))
        elif kind == "print":
            self.printed(whole(event.get("testID")), string(event.get("message")))
        elif kind == "done":
            self.success = event.get("success")

    def start(self, test: dict[str, Any], time: int) -> None:
        """A test begins. `root_line` is its line in the suite where `line` is in a library."""
        case = Case(
            name=string(test.get("name")),
            file=self.suites.get(whole(test.get("suiteID")), ""),
            line=whole(test.get("root_line")) or whole(test.get("line")) or None,
        )
        self.open[whole(test.get("id"))] = _Test(case, time)

    def printed(self, number: int, message: str) -> None:
        """The runner's own word that a test failed and is run again."""
        test = self.open.get(number)
        if test is not None and message == f"Retry: {test.case.name}":
            test.retried = True

    def error(self, event: dict[str, Any]) -> None:
        """An error in a test, which may have ended already."""
        number = whole(event.get("testID"))
        message, text = string(event.get("error")), string(event.get("stackTrace"))
        if (test := self.open.get(number)) is not None:
            test.case.message, test.case.text = message, text
            return
        outcome = Outcome.FAILED if event.get("isFailure") is True else Outcome.ERRORED
        row, case = self.ended.pop(number, (None, Case(name=f"(test {number}, after its end)")))
        case.message, case.text = message, text
        if row is None:
            self.recorder.add(case, outcome, None)
        elif self.recorder.report.cases.outcomes[row] not in RED:
            self.recorder.fail(row, case, outcome)

    def done(self, event: dict[str, Any]) -> None:
        """A test has ended."""
        number = whole(event.get("testID"))
        test = self.open.pop(number, None)
        if test is None:
            return
        outcome = _RESULTS.get(string(event.get("result")), Outcome.ERRORED)
        row = None
        if outcome is not Outcome.PASSED or event.get("hidden") is not True:
            if outcome is Outcome.PASSED and event.get("skipped") is True:
                outcome = Outcome.SKIPPED
            elif outcome is Outcome.PASSED and test.retried:
                outcome = Outcome.FLAKY
            time = whole(event.get("time")) - test.began
            row = self.recorder.add(test.case, outcome, micros(time, MILLISECONDS))
        self.ended[number] = row, test.case
        if len(self.ended) > _REMEMBERED:
            del self.ended[next(iter(self.ended))]

    def report(self) -> TestReport:
        """The report, once the stream has ended."""
        report = self.recorder.finish()
        if self.success is None:
            running = ", ".join(test.case.name for test in list(self.open.values())[:20])
            message = f"still running: {running}" if running else ""
            add_errored(report, "(the test run did not finish)", message=message)
        elif self.success is False and not report.counts().red:
            add_errored(report, "(the test run failed, though none of its tests did)")
        return report
