"""JUnit XML, in the dialects of all its producers.

There is no schema that producers keep to. What holds for all of them: a `<testcase>` element is
a case, its children say what became of it, and declared counts cannot be trusted. Cases are
streamed; only those with more to say than "passed" or "skipped" are built as elements and
interpreted by `junitparser`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO, Final
from xml.parsers import expat

from vsm_gate.model.tests import LONG_TIME, NO_TIME, RED, CaseDetail, Outcome, TestReport
from vsm_gate.readers.builder import NAMELESS, Attempts, ReportBuilder, identity_hash
from vsm_gate.readers.cases import MAX_NAME, add_errored, cut, line_number, micros
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.results import Results
from vsm_gate.readers.xml import MAX_DEPTH, feed, new_parser

FORMAT: Final = Format(
    name="junit",
    title="JUnit XML",
    producers=(
        "Maven Surefire and Failsafe",
        "Gradle",
        "Ant",
        "pytest",
        "unittest-xml-reporting",
        "jest-junit",
        "Vitest",
        "Mocha",
        "Playwright",
        "Cypress",
        "Karma",
        "node --test",
        "Deno",
        "Bun",
        "PHPUnit",
        "RSpec",
        "Minitest",
        "Cucumber",
        "go-junit-report",
        "gotestsum",
        "cargo-nextest",
        "GoogleTest",
        "Catch2",
        "CTest",
        "Bazel",
        "Robot Framework (--xunit)",
        "TestNG (JUnitReportReporter)",
        "Swift and Xcode converters",
    ),
    reads="cases with status, time, message and text; retries; errors of whole suites",
    leaves="properties, captured output, declared totals (except where they alone are red)",
    how="pytest --junit-xml=junit.xml; mvn verify; gotestsum --junitfile junit.xml",
)

_SUITES: Final = frozenset({"testsuite", "testsuites"})
_CHILDREN: Final = _SUITES | {
    "testcase",
    "properties",
    "system-out",
    "system-err",
    "error",
    "failure",
}

# What a case says of itself, the worst last; a case is what the worst of it says.
_REPEATED, _STATED_SKIPPED, _STATED_FAILED, _STATED_ERRORED = 1, 2, 4, 8
_SKIPPED, _FLAKY, _RERUN_FAILED, _RERUN_ERRORED, _FAILED, _ERRORED = 16, 32, 64, 128, 256, 512
_OUTCOMES: Final = (
    Outcome.PASSED,
    Outcome.PASSED,
    Outcome.SKIPPED,
    Outcome.FAILED,
    Outcome.ERRORED,
    Outcome.SKIPPED,
    Outcome.FLAKY,
    Outcome.FAILED,
    Outcome.ERRORED,
    Outcome.FAILED,
    Outcome.ERRORED,
)
_KINDS: Final = {
    "skipped": _SKIPPED,
    "skip": _SKIPPED,
    "ignored": _SKIPPED,
    "disabled": _SKIPPED,
    "flakyFailure": _FLAKY,
    "flakyError": _FLAKY,
    "rerunFailure": _RERUN_FAILED,
    "rerunError": _RERUN_ERRORED,
    "failure": _FAILED,
    "error": _ERRORED,
}
# `status` and `result` where no child says anything: GoogleTest, CTest and their relatives.
_STATUS: Final = (
    dict.fromkeys(("notrun", "not run", "not_run", "disabled", "suppressed"), _STATED_SKIPPED)
    | dict.fromkeys(("skipped", "skip", "ignored", "pending", "todo"), _STATED_SKIPPED)
    | dict.fromkeys(("fail", "failed", "failure"), _STATED_FAILED)
    | dict.fromkeys(("error", "errored"), _STATED_ERRORED)
)
_REMEMBERED: Final = 1 << 15

# Titles may repeat here, and an attempt is never written as a case of its own.
_NEVER_RETRY: Final = frozenset(
    {"jest tests", "vitest tests", "mocha tests", "alltests", "bun test", "deno test"}
)
_RUN_STAMP: Final = re.compile(r"-\d{14}$")  # unittest-xml-reporting names suites by their time


def sniff(head: Head) -> bool:
    """A root of JUnit's, in no namespace but its own, with nothing but JUnit's elements below."""
    if head.root not in _SUITES:
        return False
    own = not head.namespace or "junit" in head.namespace.lower()
    return own and (not head.children or not _CHILDREN.isdisjoint(head.children))


def read(stream: BinaryIO) -> TestReport:
    """Read JUnit XML. Raises `ReadError`."""
    document = _Document(new_parser())
    _attach(document)
    feed(document.parser, stream)
    return document.report()


@dataclass(slots=True)
class _Suite:
    """A suite element that is open."""

    path: str = ""
    name: str = ""
    file: str = ""
    declared_red: int = 0
    flaky_before: int = 0
    attempts: Attempts = field(default_factory=dict)
    fresh: Callable[[], blake2b] = field(init=False)

    def __post_init__(self) -> None:
        self.fresh = identity_hash(self.path, self.file)


class _Document:
    """The state of the reading, and all of it that is not done for every case."""

    __slots__ = (
        "attempts",
        "builder",
        "elements",
        "flaky_elements",
        "fresh",
        "inside",
        "kinds",
        "parser",
        "red_seen",
        "results",
        "retries",
        "suite_case",
        "suites",
        "times",
        "unexplained_red",
    )

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.builder = ReportBuilder(FORMAT.name)
        self.times: dict[str, int] = {}
        self.elements: list[str] = []  # open, outside of cases
        self.suites: list[_Suite] = []
        self.open_suite(_Suite())
        self.kinds = 0  # what the open case says of itself
        self.inside = 0  # how many elements are open in it
        self.suite_case: dict[str, str] | None = None  # stands for red of a suite
        self.results = Results(parser)
        self.retries = True
        self.flaky_elements = 0
        self.red_seen = False
        self.unexplained_red = 0
        parser.CommentHandler = self.comment

    def comment(self, text: str) -> None:
        """TestNG is known by the comment above its root; it writes a retried attempt as skipped."""
        self.builder.skipped_attempts |= "org.testng.reporters" in text

    def new_time(self, text: str) -> int:
        """The next case's time as its column holds it, of a text that has not been met before.

        The same few times occur again and again: those that fit into the column are remembered.
        """
        value = micros(text)
        packed = self.builder.packed(NO_TIME if value is None else value)
        if packed < LONG_TIME and len(self.times) < _REMEMBERED and len(text) < 64:
            self.times[text] = packed
        return packed

    def start_unusual(self, attributes: dict[str, str]) -> None:
        """A case opens that has more attributes than the usual three, or fewer."""
        get = attributes.get
        name = get("name")
        digest = NAMELESS
        if name:
            file = get("file") or get("filename")
            fresh = self.fresh if file is None else identity_hash(self.suites[-1].path, file)
            hasher = fresh()
            hasher.update(f"{get('classname') or get('class') or ''}\0{name}".encode())
            digest = hasher.digest()
        self.builder.count(digest, micros(get("time")))
        for attribute in ("status", "result"):
            if attribute in attributes:
                self.kinds |= _STATUS.get(attributes[attribute].lower(), 0)
        if self.attempts and self.key(attributes) in self.attempts:
            self.kinds |= _REPEATED

    def key(self, attributes: dict[str, str]) -> bytes | None:
        """What makes two cases of one suite attempts at the same test; None: nothing does."""
        if not self.retries or not attributes.get("name"):
            return None
        digest = bytes(self.builder.digests[-8:])
        line = attributes.get("line")
        return digest + line[:16].encode() if line else digest

    def start_other(
        self, tag: str, attributes: dict[str, str], case: dict[str, str] | None
    ) -> None:
        """An element opens that is no case; `case` is the one that it stands in."""
        if case is None and self.suite_case is None:
            self.enter(tag, attributes)
            return
        self.inside += 1
        if self.inside > MAX_DEPTH:
            raise ReadError(f"elements are nested deeper than {MAX_DEPTH}")
        if self.inside == 1:
            if kind := _KINDS.get(tag):
                self.result(kind, tag, attributes)
        elif self.results.open is not None:
            self.results.begin_inside(tag, self.inside - 1)

    def end_other(self, tag: str, case: dict[str, str] | None) -> None:
        """An element closes that is no case; `case` is the one that it stands in."""
        if case is None and self.suite_case is None:
            self.leave(tag)
            return
        self.inside -= 1
        if self.results.open is not None:
            self.results.end_inside(self.inside)
        if self.suite_case is not None and not self.inside:
            self.close(self.suite_case)
            self.suite_case = None

    def enter(self, tag: str, attributes: dict[str, str]) -> None:
        """An element outside of cases opens."""
        if not self.elements:
            self.root(tag, attributes)
        if len(self.elements) >= MAX_DEPTH:
            raise ReadError(f"elements are nested deeper than {MAX_DEPTH}")
        if tag in ("error", "failure") and self.elements[-1] in _SUITES:
            self.suite_result(tag, attributes)
            return
        self.elements.append(tag)
        if tag in _SUITES:
            self.open_suite(self.suite(tag, attributes))

    def leave(self, tag: str) -> None:
        """An element outside of cases closes."""
        if not self.elements or self.elements.pop() != tag:
            raise ReadError("a <testcase> inside another")
        if tag in _SUITES:
            closed = self.suites.pop()
            self.open_suite(self.suites.pop())
            if closed.declared_red > self.flaky_elements - closed.flaky_before:
                self.unexplained_red = max(self.unexplained_red, closed.declared_red)

    def root(self, tag: str, attributes: dict[str, str]) -> None:
        """The first element: is it JUnit's, and of which producer?"""
        if tag not in _SUITES:
            raise ReadError(f"the root <{tag[:80]}> is not JUnit's")
        self.parser.CommentHandler = None
        self.retries = attributes.get("name", "").casefold() not in _NEVER_RETRY

    def suite(self, tag: str, attributes: dict[str, str]) -> _Suite:
        """A suite as its element describes it. The name of the whole report is in no path."""
        parent = self.suites[-1]
        name = path = ""
        if tag == "testsuite":
            name = _RUN_STAMP.sub("", attributes.get("name", "")[:MAX_NAME])
            path = f"{parent.path}/{name}" if parent.path else name
        return _Suite(
            path=path,
            name=name,
            file=cut(attributes.get("file") or parent.file, MAX_NAME),
            declared_red=_declared(attributes, "failures") + _declared(attributes, "errors"),
            flaky_before=self.flaky_elements,
        )

    def open_suite(self, suite: _Suite) -> None:
        """Cases that follow belong to this suite."""
        self.suites.append(suite)
        self.attempts, self.fresh = suite.attempts, suite.fresh

    def suite_result(self, tag: str, attributes: dict[str, str]) -> None:
        """Red that belongs to a suite and to no case: counted as an errored case."""
        suite = self.suites[-1].name or "without a name"
        self.builder.count(NAMELESS, None)
        self.suite_case = {"name": f"(the suite {suite} reports: {tag} outside of its cases)"}
        self.inside = 1
        self.result(_ERRORED, "error", attributes)

    def result(self, kind: int, tag: str, attributes: dict[str, str]) -> None:
        """A child that says what became of the case."""
        self.kinds |= kind
        if kind == _SKIPPED:
            return
        if kind == _FLAKY:
            self.flaky_elements += 1
        if not self.builder.full:
            self.results.begin(tag, attributes)

    def close(self, case: dict[str, str]) -> None:
        """The end of a case that is not simply green."""
        if self.suite_case is not None and self.suite_case is not case:
            raise ReadError("a <testcase> inside the error of a suite")
        builder = self.builder
        outcome = _OUTCOMES[self.kinds.bit_length()]
        self.kinds = 0
        if outcome is Outcome.SKIPPED and not builder.skipped_attempts:
            builder.settle(outcome)
            return
        self.red_seen = self.red_seen or outcome in RED
        outcome = builder.settle(outcome, self.attempts, self.key(case))
        if not builder.full and builder.wants(outcome):
            builder.describe(self.detail(case, outcome))
        self.results.clear()

    def detail(self, case: dict[str, str], outcome: Outcome) -> CaseDetail:
        """What a developer is told about a case."""
        get = case.get
        suite = self.suites[-1]
        type_, message, text = self.results.interpret(outcome)
        return CaseDetail(
            index=len(self.builder.micros) - 1,
            identity=int.from_bytes(self.builder.digests[-8:], "little"),
            outcome=outcome,
            name=cut(get("name"), MAX_NAME),
            classname=cut(get("classname") or get("class"), MAX_NAME),
            suite=suite.name,
            file=cut(get("file") or get("filename") or suite.file, MAX_NAME),
            line=line_number(get("line")),
            type=type_,
            message=message,
            text=text,
        )

    def report(self) -> TestReport:
        """The finished report, once the stream has ended."""
        report = self.builder.report()
        if self.unexplained_red and not self.red_seen:
            name = f"(the report declares {self.unexplained_red} failed or errored and holds none)"
            add_errored(report, name)
        return report


def _attach(document: _Document) -> None:
    """Set the handlers of tags. For a case that passes they do as little as can be."""
    digests, add_micros = document.builder.digests, document.builder.micros.append
    times = document.times
    case: dict[str, str] | None = None
    attempts, fresh = document.attempts, document.fresh

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal case, attempts, fresh, digests
        if tag != "testcase":
            document.start_other(tag, attributes, case)
            attempts, fresh = document.attempts, document.fresh
            return
        case = attributes
        try:
            name, classname, text = attributes["name"], attributes["classname"], attributes["time"]
        except KeyError:
            name = ""
        if not name or len(attributes) != 3:
            document.start_unusual(attributes)
            return
        try:
            add_micros(times[text])
        except KeyError:
            add_micros(document.new_time(text))
        hasher = fresh()
        hasher.update(f"{classname}\0{name}".encode())
        digest = hasher.digest()
        digests += digest
        if attempts and digest in attempts:
            document.kinds = _REPEATED

    def end(tag: str) -> None:
        nonlocal case, attempts, fresh
        if tag != "testcase":
            document.end_other(tag, case)
            attempts, fresh = document.attempts, document.fresh
            return
        if document.kinds and case is not None:
            document.close(case)
        case = None

    document.parser.StartElementHandler = start
    document.parser.EndElementHandler = end


def _declared(attributes: dict[str, str], name: str) -> int:
    """A count that a suite declares; 0 where it is none."""
    text = attributes.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
