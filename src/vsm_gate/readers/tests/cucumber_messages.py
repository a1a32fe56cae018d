"""Cucumber messages: one envelope a line, in the order of the run.

A test case is counted when its last attempt is finished. It is flaky if that attempt passed and
an earlier one did not. What a test case is called stands in its pickle, so that the pickles are
kept until the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import NANOSECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored, cut
from vsm_gate.readers.contract import Format
from vsm_gate.readers.gherkin import Rows, Scenario
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import Objects, mapping, sequence, string, whole

FORMAT: Final = Format(
    name="cucumber-messages",
    title="Cucumber messages",
    producers=("cucumber-js", "Cucumber-JVM", "cucumber-ruby", "godog", "Reqnroll", "Behat"),
    reads="test cases with the status and time of their steps and hooks; attempts; failed hooks "
    "of the run; runs that do not finish",
    leaves="sources, attachments, step definitions",
    how="cucumber-js --format message:messages.ndjson; java … --plugin message:messages.ndjson",
)

_KINDS: Final = frozenset({"gherkinDocument", "pickle", "testRunStarted", "testCase"})
_ATTACHMENT: Final = '{"attachment"'


def sniff(head: Head) -> bool:
    """Envelopes: objects with one key, which is the kind of message."""
    if head.shape not in ("lines", "object"):
        return False
    return bool(_KINDS & head.keys[0]) or (
        "meta" in head.keys[0] and {"protocolVersion", "implementation"} <= head.keys[1]
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the stream message by message. Raises `ReadError`."""
    run = _Run()
    for envelope in Objects(stream, may_be_long=_ATTACHMENT):
        for kind, message in envelope.items():
            if (take := run.kinds.get(kind)) is not None:
                take(mapping(message))
    return run.report()


@dataclass(slots=True)
class _Pickle:
    """What a pickle is called, where it stands, and the text of its steps."""

    file: str
    name: str
    line: int
    steps: dict[str, str]


@dataclass(slots=True)
class _TestCase:
    """A test case: its pickle, the pickle's step of each of its own (none: a hook), its past."""

    pickle: str
    steps: dict[str, str]
    failed_before: bool = False
    last: Scenario | None = None


class _Run:
    """The state of a stream: what cases are called, the attempts under way, what is red."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name))
        self.rows = Rows()
        self.features: dict[str, str] = {}
        self.pickles: dict[str, _Pickle] = {}
        self.cases: dict[str, _TestCase] = {}
        self.attempts: dict[str, tuple[_TestCase, Scenario]] = {}
        self.finished = False
        self.success: object = None
        self.kinds: Final = {
            "gherkinDocument": self.document,
            "parseError": self.parse_error,
            "pickle": self.pickle,
            "testCase": self.test_case,
            "testCaseStarted": self.started,
            "testStepFinished": self.step,
            "testCaseFinished": self.ended,
            "testRunHookFinished": self.run_hook,
            "testRunFinished": self.run_finished,
        }

    def document(self, message: dict[str, Any]) -> None:
        """A feature file: only its name is wanted."""
        name = string(mapping(message.get("feature")).get("name"))
        self.features[string(message.get("uri"))] = name

    def parse_error(self, message: dict[str, Any]) -> None:
        """A feature file that could not be read has no cases, and is red."""
        file = string(mapping(message.get("source")).get("uri"))
        told = string(message.get("message"))
        add_errored(self.recorder.report, f"({file} does not parse)", message=told)

    def pickle(self, message: dict[str, Any]) -> None:
        """A scenario, or a row of an outline."""
        file, line = string(message.get("uri")), whole(mapping(message.get("location")).get("line"))
        number = string(message.get("id"))
        name = self.rows.name(file, string(message.get("name")), line or number)
        steps = {
            string(step.get("id")): string(step.get("text"))
            for step in map(mapping, sequence(message.get("steps")))
        }
        self.pickles[number] = _Pickle(file, name, line, steps)

    def test_case(self, message: dict[str, Any]) -> None:
        """A pickle with the hooks that apply to it."""
        steps = {
            string(step.get("id")): string(step.get("pickleStepId"))
            for step in map(mapping, sequence(message.get("testSteps")))
        }
        case = _TestCase(string(message.get("pickleId")), steps)
        self.cases[string(message.get("id"))] = case

    def started(self, message: dict[str, Any]) -> None:
        """An attempt begins."""
        number = string(message.get("testCaseId"))
        case = self.cases.setdefault(number, _TestCase("", {}))
        self.attempts[string(message.get("id"))] = case, Scenario()

    def step(self, message: dict[str, Any]) -> None:
        """A step or a hook of an attempt has a result."""
        attempt = self.attempts.get(string(message.get("testCaseStartedId")))
        if attempt is None:
            return
        case, scenario = attempt
        result = mapping(message.get("testStepResult"))
        step = case.steps.get(string(message.get("testStepId")), "")
        pickle = self.pickles.get(case.pickle)
        name = pickle.steps.get(step, "") if pickle is not None and step else "hook"
        text = cut(string(result.get("message")))
        scenario.step(string(result.get("status")), name=name, message=text, hook=not step)
        scenario.add_time(_nanoseconds(result.get("duration")))

    def ended(self, message: dict[str, Any]) -> None:
        """An attempt is finished."""
        attempt = self.attempts.pop(string(message.get("testCaseStartedId")), None)
        if attempt is None:
            return
        case, scenario = attempt
        if case.last is not None:
            case.failed_before |= case.last.outcome() is Outcome.FAILED
        case.last = scenario

    def run_hook(self, message: dict[str, Any]) -> None:
        """A hook around the whole run."""
        result = mapping(message.get("result"))
        if string(result.get("status")) not in ("PASSED", "SKIPPED"):
            told = string(result.get("message"))
            add_errored(self.recorder.report, "(a hook of the test run failed)", message=told)

    def run_finished(self, message: dict[str, Any]) -> None:
        """The end of the run."""
        self.finished, self.success = True, message.get("success")

    def report(self) -> TestReport:
        """The report, once the stream has ended."""
        for case in self.cases.values():
            if case.last is not None:
                self.add(case, case.last)
        report = self.recorder.finish()
        if not self.finished or self.attempts:
            message = f"{len(self.attempts)} scenarios were still running" if self.attempts else ""
            add_errored(report, "(the test run did not finish)", message=message)
        elif self.success is False and not report.counts().red:
            add_errored(report, "(the test run failed, though none of its scenarios did)")
        return report

    def add(self, case: _TestCase, scenario: Scenario) -> None:
        """Count a test case by its last attempt."""
        pickle = self.pickles.get(case.pickle, _NAMELESS)
        outcome = scenario.outcome()
        if outcome is Outcome.PASSED and case.failed_before:
            outcome = Outcome.FLAKY
        told = Case(
            name=pickle.name,
            classname=self.features.get(pickle.file, ""),
            file=pickle.file,
            line=pickle.line or None,
            message=scenario.failed,
            text=scenario.message,
        )
        self.recorder.add(told, outcome, micros(scenario.duration, NANOSECONDS))


_NAMELESS: Final = _Pickle("", "", 0, {})


def _nanoseconds(duration: object) -> int:
    parts = mapping(duration)
    return whole(parts.get("seconds")) * 1_000_000_000 + whole(parts.get("nanos"))
