"""The state of reading JUnit XML, and all of the reading that is not done for every case.

Only cases with more to say than "passed" or "skipped" are built as elements and interpreted by
`junitparser`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final
from xml.parsers import expat

from vsm_gate.model.tests import LONG_TIME, RED, CaseDetail, Outcome, TestReport
from vsm_gate.readers.builder import NAMELESS, Attempts, ReportBuilder, identity_hash
from vsm_gate.readers.cases import MAX_NAME, add_errored, cut, line_number, micros
from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.junit_outcomes import (
    ERRORED,
    FLAKY,
    KINDS,
    REPEATED,
    SKIPPED,
    STATED,
    outcome_of,
)
from vsm_gate.readers.results import Results
from vsm_gate.readers.xml import MAX_DEPTH

_ECLIPSE: Final = "testrun"
SUITES: Final = frozenset({"testsuite", "testsuites", _ECLIPSE})
_REMEMBERED: Final = 1 << 15

# Titles may repeat here, and an attempt is never written as a case of its own.
_NEVER_RETRY: Final = frozenset(
    {"jest tests", "vitest tests", "mocha tests", "alltests", "bun test", "deno test", "rspec"}
)
_RUN_STAMP: Final = re.compile(r"-\d{14}$")  # unittest-xml-reporting names suites by their time


@dataclass(slots=True)
class Suite:
    """A suite element that is open."""

    path: str = ""
    name: str = ""
    file: str = ""
    retries: bool = True  # a case that repeats may be an attempt at the one before
    declared_red: int = 0
    flaky_before: int = 0
    attempts: Attempts = field(default_factory=dict)
    fresh: Callable[[], blake2b] = field(init=False)

    def __post_init__(self) -> None:
        self.fresh = identity_hash(self.path, self.file)


class Document:
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
        "stating",
        "suite_case",
        "suites",
        "times",
        "unexplained_red",
    )

    def __init__(self, parser: expat.XMLParserType, format_name: str) -> None:
        self.parser = parser
        self.builder = ReportBuilder(format_name)
        self.times: dict[str, int] = {}
        self.elements: list[str] = []  # open, outside of cases
        self.suites: list[Suite] = []
        self.open_suite(Suite())
        self.kinds = 0  # what the open case says of itself
        self.inside = 0  # how many elements are open in it
        self.suite_case: dict[str, str] | None = None  # stands for red of a suite
        self.results = Results(parser)
        self.stating: tuple[str, ...] = ("status", "result")  # what says what became of a case
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
        packed = self.builder.packed(micros(text))
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
        for attribute in self.stating:
            if attribute in attributes:
                self.kinds |= STATED[attribute].get(attributes[attribute].lower(), 0)
        if self.attempts and self.key(attributes) in self.attempts:
            self.kinds |= REPEATED

    def key(self, attributes: dict[str, str]) -> bytes | None:
        """What makes two cases of one suite attempts at the same test; None: nothing does."""
        if not self.suites[-1].retries or not attributes.get("name"):
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
            if kind := KINDS.get(tag):
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
        if tag in ("error", "failure") and self.elements[-1] in SUITES:
            self.suite_result(tag, attributes)
            return
        self.elements.append(tag)
        if tag in SUITES:
            self.open_suite(self.suite(tag, attributes))

    def leave(self, tag: str) -> None:
        """An element outside of cases closes."""
        if not self.elements or self.elements.pop() != tag:
            raise ReadError("a <testcase> inside another")
        if tag in SUITES:
            closed = self.suites.pop()
            self.open_suite(self.suites.pop())
            if closed.declared_red > self.flaky_elements - closed.flaky_before:
                self.unexplained_red = max(self.unexplained_red, closed.declared_red)

    def root(self, tag: str, attributes: dict[str, str]) -> None:
        """The first element: is it JUnit's, and of which producer?"""
        if tag not in SUITES:
            raise ReadError(f"the root <{tag[:80]}> is not JUnit's")
        self.parser.CommentHandler = None
        self.suites[-1].retries = attributes.get("name", "").casefold() not in _NEVER_RETRY
        if tag == _ECLIPSE:
            self.stating = tuple(STATED)

    def suite(self, tag: str, attributes: dict[str, str]) -> Suite:
        """A suite as its element describes it. The name of the whole report is in no path."""
        parent = self.suites[-1]
        name = path = ""
        if tag == "testsuite":
            name = _RUN_STAMP.sub("", attributes.get("name", "")[:MAX_NAME])
            path = f"{parent.path}/{name}" if parent.path else name
        return Suite(
            path=path,
            name=name,
            file=cut(attributes.get("file") or parent.file, MAX_NAME),
            # No logger of .NET writes attempts, and names are cut short.
            retries=parent.retries and not name.endswith(".dll"),
            declared_red=_declared(attributes, "failures") + _declared(attributes, "errors"),
            flaky_before=self.flaky_elements,
        )

    def open_suite(self, suite: Suite) -> None:
        """Cases that follow belong to this suite."""
        self.suites.append(suite)
        self.attempts, self.fresh = suite.attempts, suite.fresh

    def suite_result(self, tag: str, attributes: dict[str, str]) -> None:
        """Red that belongs to a suite and to no case: counted as an errored case."""
        suite = self.suites[-1].name or "without a name"
        self.builder.count(NAMELESS, None)
        self.suite_case = {"name": f"(the suite {suite} reports: {tag} outside of its cases)"}
        self.inside = 1
        self.result(ERRORED, "error", attributes)

    def result(self, kind: int, tag: str, attributes: dict[str, str]) -> None:
        """A child that says what became of the case."""
        self.kinds |= kind
        if kind == SKIPPED:
            return
        if kind == FLAKY:
            self.flaky_elements += 1
        if not self.builder.full:
            self.results.begin(tag, attributes)

    def close(self, case: dict[str, str]) -> None:
        """The end of a case that is not simply green."""
        if self.suite_case is not None and self.suite_case is not case:
            raise ReadError("a <testcase> inside the error of a suite")
        builder = self.builder
        outcome = outcome_of(self.kinds)
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


def _declared(attributes: dict[str, str], name: str) -> int:
    """A count that a suite declares; 0 where it is none."""
    text = attributes.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
