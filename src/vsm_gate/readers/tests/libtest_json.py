"""The JSON of Rust's test harness: one event a line, one suite after the other.

`cargo test` runs a suite for each binary, one after the other, nextest all at once. Suites that
began and did not end, or that count more failed tests than are shown, are one errored case.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored, line_number
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import Objects, string, whole

FORMAT: Final = Format(
    name="libtest-json",
    title="Rust libtest JSON",
    producers=("cargo test -- --format json", "cargo nextest run --message-format libtest-json"),
    reads="tests with result, time, output and place of failed ones; suites that do not finish",
    leaves="benchmarks, how long a test has been running, reports of doc tests",
    how="cargo test -- -Z unstable-options --format json --report-time > tests.json",
)

_RESULTS: Final = {
    "ok": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "ignored": Outcome.SKIPPED,
    "allowed_failure": Outcome.SKIPPED,
}
# What nextest adds to the name of a test that needed more than one attempt.
_ATTEMPTS: Final = re.compile(r"(?P<name>.+\$.+)#\d+")
_PANIC: Final = re.compile(
    r"panicked at (?:'.*', )?(?P<file>[^\s:']+):(?P<line>\d{1,9}):\d+:?\s*(?P<message>.*)"
)


def sniff(head: Head) -> bool:
    """Events of suites, the first of which says how many tests there are."""
    return head.shape in ("lines", "object") and {"type", "event", "test_count"} <= head.keys[0]


def read(stream: BinaryIO) -> TestReport:
    """Read the stream event by event. Raises `ReadError`."""
    run = _Run()
    events = Objects(stream)
    for event in events:
        run.event(event)
    return run.report(events)


class _Run:
    """The state of a stream: how many suites are open, the tests that run, the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name))
        self.open = 0
        self.failures = 0
        self.declared = 0
        self.running: dict[str, None] = {}

    def event(self, event: dict[str, Any]) -> None:
        """Take one event; those that say nothing of results are passed over."""
        kind, what = event.get("type"), string(event.get("event"))
        if kind == "suite":
            self.suite(what, whole(event.get("failed")))
        elif kind == "test" and what == "started":
            self.running[string(event.get("name"))] = None
        elif kind == "test" and (outcome := _RESULTS.get(what)) is not None:
            self.test(event, outcome)

    def suite(self, what: str, failed: int) -> None:
        """A suite begins, or ends and says how many of its tests failed."""
        self.open += 1 if what == "started" else -1
        if what == "failed":
            self.declared += max(failed, 1)

    def test(self, event: dict[str, Any], outcome: Outcome) -> None:
        """The result of a test."""
        case = Case(name=string(event.get("name")))
        if match := _ATTEMPTS.fullmatch(case.name):
            case.name = match["name"]
            outcome = Outcome.FLAKY if outcome is Outcome.PASSED else outcome
        self.running.pop(case.name, None)
        if outcome is Outcome.FAILED:
            self.failures += 1
            case.text = string(event.get("stdout"))
            case.message = string(event.get("message")) or string(event.get("reason"))
            if place := _PANIC.search(case.text):
                case.seen_in, case.line = place["file"], line_number(place["line"])
                case.message = case.message or place["message"]
        self.recorder.add(case, outcome, _time(event.get("exec_time")))

    def report(self, events: Objects) -> TestReport:
        """The report, once the stream has ended. Old versions did not escape names."""
        report = self.recorder.finish()
        if self.declared > self.failures:
            shown = f"{self.declared} failed tests, and {self.failures} are shown"
            add_errored(report, f"(the suites count {shown})")
        if events.broken:
            report.notes.append(f"{events.broken} lines begin like events and are no JSON")
        if self.open > 0 or events.cut_off:
            running = ", ".join(list(self.running)[:20])
            message = f"still running: {running}" if running else ""
            add_errored(report, "(the test run did not finish)", message=message)
        return report


def _time(value: object) -> int | None:
    """Seconds, which older versions write as `0.012s`."""
    if isinstance(value, str):
        try:
            value = float(value.removesuffix("s"))
        except ValueError:
            return None
    return micros(value, SECONDS)
