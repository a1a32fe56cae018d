"""pytest's report log: a report for every phase of every test, one JSON object a line.

A test is what its phases make of it: failed if its call failed (or a subtest of it), errored if
its set-up or tear-down did. A phase with the outcome `rerun` ends an attempt that is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import RED, Outcome, TestReport
from vsm_gate.readers.attempts import SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import Objects, mapping, sequence, string, whole

FORMAT: Final = Format(
    name="pytest-reportlog",
    title="pytest report log",
    producers=("pytest-reportlog",),
    reads="tests with outcome, time of all phases, message, traceback and place; reruns; "
    "subtests that fail; modules that cannot be collected; runs that do not finish",
    leaves="captured output, warnings, properties",
    how="pytest --report-log=report.jsonl",
)

_MAX_OPEN: Final = 100_000
_MAX_LINE: Final = 999_999_999
_BROKEN_OFF: Final = {2: "was interrupted", 3: "had an internal error", 4: "was used wrongly"}


def sniff(head: Head) -> bool:
    """Objects that say which report they are."""
    return head.shape in ("lines", "object") and "$report_type" in head.keys[0]


def read(stream: BinaryIO) -> TestReport:
    """Read the log line by line. Raises `ReadError`."""
    log = _Log()
    objects = Objects(stream)
    for report in objects:
        log.take(report)
    return log.report(objects.broken)


@dataclass(slots=True)
class _Test:
    """A test under way. `outcome` is of the attempt under way, the worst of its phases."""

    case: Case
    outcome: Outcome = Outcome.PASSED
    time: int | None = None
    repeated: bool = False
    retried: bool = False

    def failed(self, outcome: Outcome, report: dict[str, Any]) -> None:
        """A phase failed. What failed first tells the most."""
        if self.outcome not in RED:
            self.case.message, self.case.text = _said(report.get("longrepr"))
        if self.outcome is not Outcome.ERRORED:
            self.outcome = outcome

    def rerun(self, report: dict[str, Any]) -> None:
        """A phase failed, and the attempt is repeated. The first such failure is kept."""
        self.repeated = True
        if not self.case.message:
            self.case.message, self.case.text = _said(report.get("longrepr"))


class _Log:
    """The tests whose phases are under way, and the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name))
        self.tests: dict[str, _Test] = {}
        self.status: int | None = None

    def take(self, report: dict[str, Any]) -> None:
        """Take one report."""
        kind = report.get("$report_type")
        if kind in ("TestReport", "SubTestReport"):
            self.phase(report, subtest=kind == "SubTestReport")
        elif kind == "CollectReport":
            self.collected(report)
        elif kind == "SessionFinish":
            self.status = whole(report.get("exitstatus"))

    def phase(self, report: dict[str, Any], *, subtest: bool) -> None:
        """The report of a phase of a test, the last of which is the tear-down."""
        node, when = string(report.get("nodeid")), report.get("when")
        test = self.tests.get(node)
        if test is None:
            if len(self.tests) >= _MAX_OPEN:
                raise ReadError(f"more than {_MAX_OPEN} tests are under way at once")
            test = self.tests[node] = _Test(_case(node, report))
        outcome = report.get("outcome")
        if outcome == "rerun":
            test.rerun(report)
        elif outcome == "failed":
            test.failed(Outcome.FAILED if when == "call" else Outcome.ERRORED, report)
        elif outcome == "skipped" and not subtest and test.outcome is Outcome.PASSED:
            test.outcome = Outcome.SKIPPED
        elif outcome not in ("passed", "skipped"):
            test.failed(Outcome.ERRORED, report)
        time = micros(report.get("duration"), SECONDS)
        if not subtest and time is not None:
            test.time = (test.time or 0) + time
        if when == "teardown" and not subtest:
            self.end(node, test)

    def end(self, node: str, test: _Test) -> None:
        """The end of an attempt, which is the last one unless a phase of it is repeated."""
        if test.repeated:
            self.tests[node] = _Test(test.case, retried=True)
            return
        del self.tests[node]
        if test.retried and test.outcome is Outcome.PASSED:
            test.outcome = Outcome.FLAKY
        self.recorder.add(test.case, test.outcome, test.time)

    def collected(self, report: dict[str, Any]) -> None:
        """A module or a class was looked for tests."""
        node, outcome = string(report.get("nodeid")), report.get("outcome")
        if outcome == "skipped":
            self.recorder.add(Case(name=node, file=node), Outcome.SKIPPED, None)
        elif outcome != "passed":
            message, text = _said(report.get("longrepr"))
            name = f"({node} could not be collected)"
            add_errored(self.recorder.report, name, message=message, text=text)

    def report(self, broken: int) -> TestReport:
        """The report, once the log has ended. A worker that crashes leaves tests without an end."""
        for test in self.tests.values():
            if test.outcome in RED or self.status is not None:
                outcome = test.outcome if test.outcome in RED else Outcome.ERRORED
                self.recorder.add(test.case, outcome, test.time)
        report = self.recorder.finish()
        if self.status is None:
            running = ", ".join(list(self.tests)[:20])
            message = f"still running: {running}" if running else ""
            add_errored(report, "(the test run did not finish)", message=message)
        elif self.status in _BROKEN_OFF and not report.counts().red:
            add_errored(report, f"(the test run {_BROKEN_OFF[self.status]})")
        if broken:
            report.notes.append(f"{broken} lines begin like reports and are no JSON")
        return report


def _case(node: str, report: dict[str, Any]) -> Case:
    """A test by its node: `file::class::name[parameters]`."""
    place, bracket, parameters = node.partition("[")
    file, _, path = place.partition("::")
    classname, _, name = path.rpartition("::")
    location = sequence(report.get("location"))
    line = location[1] if len(location) > 1 else None  # counted from 0
    return Case(
        name=name + bracket + parameters,
        classname=classname,
        file=file,
        line=line + 1 if type(line) is int and 0 <= line < _MAX_LINE else None,
    )


def _said(longrepr: object) -> tuple[str, str]:
    """The message and the text of a failure."""
    if isinstance(longrepr, str):
        return longrepr.strip().rpartition("\n")[2], longrepr
    crash = mapping(mapping(longrepr).get("reprcrash"))
    entries = sequence(mapping(mapping(longrepr).get("reprtraceback")).get("reprentries"))
    lines = [
        string(line)
        for entry in entries
        for line in sequence(mapping(mapping(entry).get("data")).get("lines"))
    ]
    return string(crash.get("message")).partition("\n")[0], "\n".join(lines)
