"""The table of all formats, and the one way to read a file.

A format is told by its content: each looks at the first bytes and says yes or no, and no parser
is tried after another. Modules are loaded only for the syntax that the file has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO, Final, cast

from vsm_gate.memory import no_garbage_collection
from vsm_gate.model.coverage import CoverageReport
from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import TestReport
from vsm_gate.readers.contract import CoverageReader, Format, ReadError, TestReader
from vsm_gate.readers.head import HEAD_SIZE, Head

Report = TestReport | CoverageReport


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table: which family, which module, and which syntax its files have."""

    kind: str
    module: str
    syntax: str

    def load(self) -> TestReader | CoverageReader:
        """The reader itself."""
        reader = import_module(f"vsm_gate.readers.{self.kind}.{self.module}")
        return cast("TestReader | CoverageReader", reader)


FORMATS: Final = (
    Entry("tests", "boost", "xml"),
    Entry("tests", "check", "xml"),
    Entry("tests", "cppunit", "xml"),
    Entry("tests", "ctest", "xml"),
    Entry("tests", "ctrf", "json"),
    Entry("tests", "cucumber_json", "json"),
    Entry("tests", "cucumber_messages", "json"),
    Entry("tests", "dart_json", "json"),
    Entry("tests", "failsafe_summary", "xml"),
    Entry("tests", "fpcunit", "xml"),
    Entry("tests", "go_test_json", "json"),
    Entry("tests", "go_test_text", "text"),
    Entry("tests", "gtester", "xml"),
    Entry("tests", "jest_json", "json"),
    Entry("tests", "junit", "xml"),
    Entry("tests", "libtest_json", "json"),
    Entry("tests", "manual_csv", "text"),
    Entry("tests", "mocha_json", "json"),
    Entry("tests", "mochawesome", "json"),
    Entry("tests", "nunit2", "xml"),
    Entry("tests", "nunit3", "xml"),
    Entry("tests", "playwright_json", "json"),
    Entry("tests", "pytest_reportlog", "json"),
    Entry("tests", "qtest", "xml"),
    Entry("tests", "robot", "xml"),
    Entry("tests", "rspec_json", "json"),
    Entry("tests", "sonar_executions", "xml"),
    Entry("tests", "tap", "text"),
    Entry("tests", "testng", "xml"),
    Entry("tests", "trx", "xml"),
    Entry("tests", "unittestpp", "xml"),
    Entry("tests", "xunitnet", "xml"),
    Entry("coverage", "clover", "xml"),
    Entry("coverage", "cobertura", "xml"),
    Entry("coverage", "codecov_json", "json"),
    Entry("coverage", "coveragepy_json", "json"),
    Entry("coverage", "coveralls_json", "json"),
    Entry("coverage", "coverlet_json", "json"),
    Entry("coverage", "dotcover", "xml"),
    Entry("coverage", "dynamic_code_coverage", "xml"),
    Entry("coverage", "gcov_intermediate", "text"),
    Entry("coverage", "gcov_json", "json"),
    Entry("coverage", "gcov_text", "text"),
    Entry("coverage", "gcovr_json", "json"),
    Entry("coverage", "gcovr_summary", "json"),
    Entry("coverage", "go_cover", "text"),
    Entry("coverage", "istanbul_json", "json"),
    Entry("coverage", "istanbul_summary", "json"),
    Entry("coverage", "jacoco", "xml"),
    Entry("coverage", "lcov", "text"),
    Entry("coverage", "llvm_cov", "json"),
    Entry("coverage", "opencover", "xml"),
    Entry("coverage", "scoverage", "xml"),
    Entry("coverage", "simplecov_json", "json"),
    Entry("coverage", "simplecov_resultset", "json"),
    Entry("coverage", "sonar_generic", "xml"),
    Entry("coverage", "vs_coveragexml", "xml"),
)


def read(path: str, stream: BinaryIO) -> Report | Unreadable:
    """Read one report file from a seekable stream; `path` is used for messages only."""
    head = Head.of(stream.read(HEAD_SIZE))
    stream.seek(0)
    try:
        reader = _choose(head)
        if reader is None:
            _check_xml(head, stream)
            reason = f"no known report format: it looks like {head.looks_like()}"
            return Unreadable(path, reason, unknown=True)
        with no_garbage_collection():
            return reader.read(stream)
    except ReadError as problem:
        return Unreadable(path, problem.reason, problem.line, problem.column)


def _check_xml(head: Head, stream: BinaryIO) -> None:
    """Raise `ReadError` for XML that is broken before its root, and so might be any format's."""
    if head.syntax == "xml" and not head.root:
        from vsm_gate.readers.xml import feed, new_parser

        # As in the head: a declaration that does not end there may name an odd encoding.
        with suppress(LookupError, ValueError):
            feed(new_parser(), stream)


def formats() -> Iterator[tuple[str, Format]]:
    """Every format with its kind, as the documentation lists them."""
    for entry in FORMATS:
        yield entry.kind, entry.load().FORMAT


def _choose(head: Head) -> TestReader | CoverageReader | None:
    if head.syntax == "empty":
        raise ReadError("the file is empty")
    syntaxes = {head.syntax, "json"} if head.shape == "lines" else {head.syntax}
    readers = [entry.load() for entry in FORMATS if entry.syntax in syntaxes]
    able = [reader for reader in readers if reader.sniff(head)]
    if len(able) == 1:
        return able[0]
    if able:
        names = " or ".join(reader.FORMAT.name for reader in able)
        raise ReadError(f"the format is ambiguous: it could be {names}")
    return None
