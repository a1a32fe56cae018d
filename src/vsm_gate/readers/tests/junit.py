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
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from vsm_gate.model.tests import LONG_TIME, MAX_TEXT, NO_TIME, CaseDetail, Outcome, TestReport
from vsm_gate.readers.builder import NAMELESS, Attempts, ReportBuilder, hash_of_suite
from vsm_gate.readers.cases import MAX_NAME, Times, add_errored, cut, line_number
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
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

# What a child of a case says, the worst last.
_SKIPPED, _FLAKY, _RERUN_FAILED, _RERUN_ERRORED, _FAILED, _ERRORED = (1 << n for n in range(6))
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
_OUTCOMES: Final = {
    0: Outcome.PASSED,
    _SKIPPED: Outcome.SKIPPED,
    _FLAKY: Outcome.FLAKY,
    _RERUN_FAILED: Outcome.FAILED,
    _RERUN_ERRORED: Outcome.ERRORED,
    _FAILED: Outcome.FAILED,
    _ERRORED: Outcome.ERRORED,
}
# `status` and `result` where no child says anything: GoogleTest, CTest and their relatives.
_STATUS: Final = (
    dict.fromkeys(("notrun", "not run", "not_run", "disabled", "suppressed", "skipped"), _SKIPPED)
    | dict.fromkeys(("skip", "ignored", "pending", "todo"), _SKIPPED)
    | dict.fromkeys(("fail", "failed", "failure"), _FAILED)
    | dict.fromkeys(("error", "errored"), _ERRORED)
)
_SAID: Final[tuple[str, ...]] = ("type", "message")
_MAX_RESULTS: Final = 16  # results of one case whose text is kept

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
    fresh: Callable[[], Any] = field(init=False)

    def __post_init__(self) -> None:
        self.fresh = hash_of_suite(self.path)


@dataclass(slots=True)
class _Case:
    """A case that is open and not simply green. `key` is None where it can be no retry."""

    index: int
    attributes: dict[str, str]
    key: bytes | None
    kinds: int = 0
    status: int = 0
    of_suite: bool = False
    element: Element | None = None
    target: Element | None = None
    pieces: list[str] = field(default_factory=list)
    room: int = 0


class _Document:
    """The state of the reading. `start` and `end` run for every element: for a case that passes
    they do as little as can be, and everything that is seldom is done elsewhere.
    """

    __slots__ = (
        "builder",
        "case",
        "elements",
        "flaky_elements",
        "in_case",
        "inside",
        "latest",
        "parser",
        "red_seen",
        "retries",
        "suite",
        "suites",
        "times",
        "unexplained_red",
    )

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.builder = ReportBuilder(FORMAT.name)
        self.times = Times(NO_TIME)
        self.elements: list[str] = []  # open, outside of cases
        self.suite = _Suite()
        self.suites = [self.suite]
        self.in_case = False
        self.inside = 0  # elements that are open inside the case
        self.latest: dict[str, str] = {}
        self.case: _Case | None = None
        self.retries = True
        self.flaky_elements = 0
        self.red_seen = False
        self.unexplained_red = 0
        parser.CommentHandler = self.comment
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if tag != "testcase" or self.in_case:
            self.start_other(tag, attributes)
            return
        self.in_case = True
        self.latest = attributes
        get = attributes.get
        suite = self.suite
        if name := get("name"):
            classname = get("classname") or get("class") or ""
            file = get("file") or get("filename") or suite.file
            hasher = suite.fresh()
            hasher.update(f"{file}\0{classname}\0{name}".encode())
            digest = hasher.digest()
        else:
            digest = NAMELESS
        builder = self.builder
        builder.digests += digest
        micros = self.times[get("time")]
        builder.micros.append(micros if micros < LONG_TIME else builder.packed(micros))
        if "status" in attributes or "result" in attributes:
            self.stated(attributes)
        if suite.attempts and _key(digest, attributes) in suite.attempts and not self.case:
            self.case = self.open_case()

    def end(self, _tag: str) -> None:
        """An element closes."""
        if self.inside:
            self.end_inside()
        elif self.in_case:
            self.in_case = False
            if self.case:
                self.close(self.case)
                self.case = None
        else:
            self.leave()

    def start_other(self, tag: str, attributes: dict[str, str]) -> None:
        """An element that is no case of its own."""
        if not self.in_case:
            self.enter(tag, attributes)
            return
        self.inside += 1
        if tag == "testcase":
            raise ReadError("a <testcase> inside another")
        if self.inside > MAX_DEPTH:
            raise ReadError(f"elements are nested deeper than {MAX_DEPTH}")
        if self.inside == 1 and tag in _KINDS:
            self.case = self.case or self.open_case()
            self.child(self.case, tag, attributes)
        elif self.case and self.case.target is not None:
            self.grandchild(self.case, tag)

    def end_inside(self) -> None:
        """An element closes that stands in a case."""
        self.inside -= 1
        if self.case:
            self.end_text(self.case)
            if self.case.of_suite and not self.inside:
                self.end("")

    def comment(self, text: str) -> None:
        """TestNG is known by the comment above its root; it writes a retried attempt as skipped."""
        self.builder.skipped_attempts |= "org.testng.reporters" in text

    def enter(self, tag: str, attributes: dict[str, str]) -> None:
        """An element outside of cases opens."""
        if not self.elements:
            self.root(tag, attributes)
        if len(self.elements) >= MAX_DEPTH:
            raise ReadError(f"elements are nested deeper than {MAX_DEPTH}")
        if tag in ("error", "failure") and self.elements[-1] in _SUITES:
            self.suite_error(tag, attributes)
            return
        self.elements.append(tag)
        if tag in _SUITES:
            self.suite = self.open_suite(tag, attributes)
            self.suites.append(self.suite)

    def leave(self) -> None:
        """An element outside of cases closes."""
        if self.elements.pop() in _SUITES:
            closed = self.suites.pop()
            self.suite = self.suites[-1]
            if closed.declared_red > self.flaky_elements - closed.flaky_before:
                self.unexplained_red = max(self.unexplained_red, closed.declared_red)

    def root(self, tag: str, attributes: dict[str, str]) -> None:
        """The first element: is it JUnit's, and of which producer?"""
        if tag not in _SUITES:
            raise ReadError(f"the root <{tag[:80]}> is not JUnit's")
        self.parser.CommentHandler = None
        self.retries = attributes.get("name", "").casefold() not in _NEVER_RETRY

    def open_suite(self, tag: str, attributes: dict[str, str]) -> _Suite:
        """A suite as its element describes it. The name of the whole report is in no path."""
        parent = self.suite
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

    def suite_error(self, tag: str, attributes: dict[str, str]) -> None:
        """Red that belongs to a suite and to no case: counted as an errored case."""
        suite = self.suite.name or "without a name"
        name = f"(the suite {suite} reports: {tag} outside of its cases)"
        index = self.builder.count(NAMELESS, None)
        self.in_case, self.inside = True, 1
        self.case = _Case(index, {"name": name}, None, of_suite=True)
        self.child(self.case, "error", attributes)

    def open_case(self) -> _Case:
        """The case that has just been counted, to be looked at closely."""
        builder = self.builder
        key = None
        if self.retries and self.latest.get("name"):
            key = _key(bytes(builder.digests[-8:]), self.latest)
        return _Case(len(builder.micros) - 1, self.latest, key)

    def stated(self, attributes: dict[str, str]) -> None:
        """Look closely at a case whose attributes say that it did not pass."""
        kinds = 0
        for attribute in ("status", "result"):
            kinds |= _STATUS.get(attributes.get(attribute, "").lower(), 0)
        if kinds:
            self.case = self.open_case()
            self.case.status = kinds

    def child(self, case: _Case, tag: str, attributes: dict[str, str]) -> None:
        """A child of a case that says what became of it."""
        kind = _KINDS[tag]
        case.kinds |= kind
        self.flaky_elements += kind == _FLAKY
        self.red_seen |= kind > _FLAKY
        if kind == _SKIPPED or self.builder.full:
            return
        if case.element is None:
            case.element = Element("testcase")
        if len(case.element) < _MAX_RESULTS:
            said = {key: attributes[key][:MAX_TEXT] for key in _SAID if key in attributes}
            self.collect(case, SubElement(case.element, tag, said))

    def grandchild(self, case: _Case, tag: str) -> None:
        """Surefire writes the text of an attempt one level down."""
        result = case.target
        self.end_text(case)
        if tag == "stackTrace" and result is not None and result.tag != tag:
            self.collect(case, SubElement(result, tag))

    def collect(self, case: _Case, target: Element) -> None:
        """Take the text that follows for the text of an element, within its bound."""
        case.target, case.room = target, MAX_TEXT

        def text(data: str) -> None:
            if case.room > 0:
                case.pieces.append(data[: case.room])
                case.room -= len(data)

        self.parser.CharacterDataHandler = text

    def end_text(self, case: _Case) -> None:
        """No more text is wanted for the element that is being collected."""
        if case.target is not None:
            case.target.text = "".join(case.pieces)
            case.pieces.clear()
            case.target = None
            self.parser.CharacterDataHandler = None

    def close(self, case: _Case) -> None:
        """The end of a case that was looked at closely."""
        kinds = case.kinds or case.status
        outcome = _OUTCOMES[1 << kinds.bit_length() - 1 if kinds else 0]
        self.red_seen |= kinds > _FLAKY
        outcome = self.builder.settle(case.index, outcome, self.suite.attempts, case.key)
        if self.builder.wants(case.index, outcome):
            self.builder.describe(self.detail(case, outcome))

    def detail(self, case: _Case, outcome: Outcome) -> CaseDetail:
        """What a developer is told about a case."""
        get = case.attributes.get
        type_, message, text = _interpret(case.element, outcome)
        return CaseDetail(
            index=case.index,
            identity=int.from_bytes(self.builder.digests[-8:], "little"),
            outcome=outcome,
            name=cut(get("name"), MAX_NAME),
            classname=cut(get("classname") or get("class"), MAX_NAME),
            suite=self.suite.name,
            file=cut(get("file") or get("filename") or self.suite.file, MAX_NAME),
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


def _key(digest: bytes, attributes: dict[str, str]) -> bytes:
    """What makes two cases of one suite element attempts at the same test."""
    line = attributes.get("line")
    return digest + line[:16].encode() if line else digest


def _declared(attributes: dict[str, str], name: str) -> int:
    """A count that a suite declares; 0 where it is none."""
    text = attributes.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _interpret(element: Element | None, outcome: Outcome) -> tuple[str, str, str]:
    """Type, message and text of the results that made the outcome, as `junitparser` has them."""
    if element is None:
        return "", "", ""
    from junitparser import Error, Failure, xunit2

    case: Any = xunit2.TestCase.fromelem(element)  # type: ignore[no-untyped-call]
    errors = [result for result in case.result if isinstance(result, Error)]
    failures = [result for result in case.result if isinstance(result, Failure)]
    results = {
        Outcome.ERRORED: errors or case.rerun_errors(),
        Outcome.FAILED: failures or case.rerun_failures(),
        Outcome.FLAKY: [*case.flaky_errors(), *case.flaky_failures()],
    }[outcome]
    texts = [_text(result) for result in results]
    return (
        next((result.type for result in results if result.type), ""),
        next((result.message for result in results if result.message), ""),
        cut("\n\n".join(text for text in texts if text)),
    )


def _text(result: Any) -> str:
    """The text of a result. Surefire writes that of an attempt one level down."""
    text = (result.text or "").strip()
    return text or (getattr(result, "stack_trace", None) or "").strip()
