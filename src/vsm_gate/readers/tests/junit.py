"""JUnit XML, in the dialects of all its producers.

There is no schema that producers keep to. What holds for all of them: a `<testcase>` element is
a case, its children say what became of it, and declared counts cannot be trusted. Cases are
streamed; `junit_document` has all that is not done for every one of them.
"""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.tests import TestReport
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.junit_document import SUITES, Document
from vsm_gate.readers.junit_outcomes import REPEATED
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="junit",
    title="JUnit XML",
    producers=(
        "Maven Surefire and Failsafe",
        "Gradle",
        "Ant",
        "Eclipse",
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

_CHILDREN: Final = SUITES | {
    "testcase",
    "properties",
    "system-out",
    "system-err",
    "error",
    "failure",
}


def sniff(head: Head) -> bool:
    """A root of JUnit's, in no namespace but its own, with nothing but JUnit's elements below."""
    if head.root not in SUITES:
        return False
    own = not head.namespace or "junit" in head.namespace.lower()
    return own and (not head.children or not _CHILDREN.isdisjoint(head.children))


def read(stream: BinaryIO) -> TestReport:
    """Read JUnit XML. Raises `ReadError`."""
    document = Document(new_parser(), FORMAT.name)
    _attach(document)
    feed(document.parser, stream)
    return document.report()


def _attach(document: Document) -> None:
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
            document.kinds = REPEATED

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
