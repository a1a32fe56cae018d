"""The Test Anything Protocol, versions 12 to 14, with nested tests.

A test point is a case, unless it closes a nested test: then its leaves are the cases, and the
point itself only if it fails while none of them does. A plan that does not match, a missing plan
(without it nobody knows whether the stream is whole) and `Bail out!` are errored cases.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import Case, Recorder
from vsm_gate.readers.cases import MAX_NAME, add_errored, cut
from vsm_gate.readers.contract import Format
from vsm_gate.readers.decoded import lines
from vsm_gate.readers.head import Head
from vsm_gate.readers.tap_point import POINT, Point, described

FORMAT: Final = Format(
    name="tap",
    title="TAP (Test Anything Protocol) 12–14",
    producers=(
        "prove and Test::More",
        "node --test --test-reporter=tap",
        "node-tap",
        "tape",
        "bats",
        "pgTAP",
        "PHPUnit (up to 9)",
        "Meson",
    ),
    reads="test points at every depth, TODO and SKIP, plans, Bail out!, YAML diagnostics with "
    "duration_ms, several documents in one file",
    leaves="pragmas, version numbers, output between the points",
    how="prove --merge -v t/a.t; node --test --test-reporter=tap > tests.tap; bats --tap test",
)

_PLAN: Final = re.compile(r"(?P<indent> *)1\.\.(?P<count>\d{1,15})(?:\s*#.*)?")
_VERSION: Final = re.compile(r"TAP version \d+\s*")
_SUBTEST: Final = re.compile(r" *# Subtest(?:: ?(?P<name>.*))?")
_PROVE_FILE: Final = re.compile(r"\S.* \.{2,}")
_GO_TEXT: Final = re.compile(r"^(?:=== RUN |ok  \t|FAIL\t|\?   \t)", re.MULTILINE)
_SEEN: Final = re.compile(
    r"^(?:TAP version \d+|1\.\.\d+[ \t]*(?:#.*)?|(?:not )?ok \d+\b.*)\r?$", re.MULTILINE
)
_NESTED: Final = 4


def sniff(head: Head) -> bool:
    """Text with a version line, a plan or a numbered test point, and that is not go's own text."""
    return (
        head.syntax == "text"
        and _SEEN.search(head.text) is not None
        and _GO_TEXT.search(head.text) is None
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the stream line by line. Raises `ReadError`."""
    document = _Stream()
    for line in lines(stream):
        document.take(line)
    return document.report()


@dataclass(slots=True)
class _Level:
    """An open document: what it planned, and what it has had so far, with all that is in it.

    `opener` is the test point that began it, where that comes first (`ok 1 - name {`).
    """

    indent: int
    path: str
    opener: _Open | None = None
    plan: int | None = None
    plan_last: bool = False
    points: int = 0
    leaves: int = 0
    red: int = 0

    def mismatch(self) -> str:
        """How the plan differs from what came, or nothing."""
        if self.plan is None or self.plan == self.points:
            return ""
        return f"{self.plan} tests were planned and {self.points} ran"


@dataclass(slots=True)
class _Open:
    """A test point whose diagnostics may still follow. `inner` is the document that it closes."""

    level: _Level
    point: Point
    inner: _Level | None = None


class _Stream:
    """The state of a stream: open levels, the point that was read last, the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name))
        self.levels = [_Level(0, "")]
        self.last: _Open | None = None
        self.yaml: int | None = None
        self.versioned = False
        self.bailed = False
        self.prove = False
        self.prove_failed = False

    def take(self, line: str) -> None:
        """Take one line."""
        if self.yaml is not None and self.diagnostics(line, self.yaml):
            return
        if match := POINT.match(line):
            self.begin(match)
            return
        start = line.lstrip(" ")
        indent = len(line) - len(start)
        if start.startswith("#"):
            self.comment(line, start, indent)
        elif start.startswith("1..") and (match := _PLAN.fullmatch(line.rstrip())):
            self.plan(indent, int(match["count"]))
        elif start.startswith("---") and self.last is not None:
            self.yaml = indent if indent > self.last.level.indent else None
        elif start.startswith("Bail out!"):
            self.bail_out(start.removeprefix("Bail out!").strip())
        elif start.startswith(("{", "}")):
            self.brace(start.rstrip(), indent)
        elif indent == 0:
            self.heading(line)

    def heading(self, line: str) -> None:
        """What may stand around a document: a version, and what prove says of the file."""
        if _VERSION.fullmatch(line):
            self.next_document()
            self.versioned = True
        elif _PROVE_FILE.fullmatch(line.rstrip()):
            self.next_document()
            self.prove = True
        elif self.prove and line.startswith("Result: FAIL"):
            self.prove_failed = True

    def diagnostics(self, line: str, indent: int) -> bool:
        """A line of a YAML block; False where the block was not ended and the line is no part."""
        said = line.strip()
        if said and not line.startswith(" " * indent):
            self.yaml = None
            return False
        if said == "...":
            self.yaml = None
        elif self.last is not None:
            top = line[indent : indent + 1] != " "
            self.last.point.learn(line[indent:], top=top)
        return True

    def begin(self, match: re.Match[str]) -> None:
        """A test point."""
        self.settle()
        indent, said = len(match["indent"]), match["said"]
        inner = self.close(indent)
        level = self.levels[-1]
        if level.indent == 0 and level.plan == level.points:
            if self.prove and match.group().rstrip() == "ok":
                return  # not a test point, but prove's own word on the file
            if level.plan_last:
                level = self.next_document()
        if level.indent < indent:
            level = _Level(indent, level.path)
            self.levels.append(level)
        level.points += 1
        failed, braced = match["not"] is not None, said.endswith(" {")
        point = described(failed=failed, said=said.removesuffix(" {"), versioned=self.versioned)
        self.last = _Open(level, point, inner)
        if braced:
            self.open(self.last)

    def open(self, opener: _Open) -> None:
        """A nested document in braces, after the test point that it belongs to."""
        path = _path(opener.level.path, opener.point.name)
        self.levels.append(_Level(opener.level.indent + _NESTED, path, opener=opener))
        self.last = None

    def comment(self, line: str, start: str, indent: int) -> None:
        """A comment, which may name the nested document that follows."""
        if match := _SUBTEST.match(line):
            self.settle()
            nested = indent if indent > self.levels[-1].indent else indent + _NESTED
            self.absorb(self.close(nested - 1))
            path = _path(self.levels[-1].path, (match["name"] or "").strip())
            self.levels.append(_Level(nested, path))
        elif self.last is not None and self.last.point.outcome is Outcome.FAILED:
            self.last.point.diagnose(start)

    def plan(self, indent: int, count: int) -> None:
        """A plan, before the first or after the last point of its document."""
        self.settle()
        self.absorb(self.close(indent))
        level = self.levels[-1]
        if level.indent < indent:
            level = _Level(indent, level.path)
            self.levels.append(level)
        elif level.plan is not None and indent == 0:
            level = self.next_document()
        level.plan, level.plan_last = count, level.points > 0

    def bail_out(self, reason: str) -> None:
        """The end of the run. It is said once for every open document."""
        self.settle()
        if not self.bailed:
            self.bailed = True
            add_errored(self.recorder.report, f"(Bail out! {reason}".rstrip() + ")")

    def brace(self, line: str, indent: int) -> None:
        """A brace on a line of its own, if it is not just output."""
        if line == "{" and self.last is not None:
            self.open(self.last)
        at = bisect_left(self.levels, indent + _NESTED, key=attrgetter("indent"))
        opener = self.levels[at].opener if at < len(self.levels) else None
        if line == "}" and opener is not None and opener.level.indent == indent:
            self.settle()
            self.absorb(self.close(indent))

    def next_document(self) -> _Level:
        """End the document that is open, if there is one, and begin another."""
        if any(level.points or level.plan is not None for level in self.levels):
            self.end()
        self.levels = [_Level(0, "")]
        self.versioned = self.bailed = False
        return self.levels[0]

    def end(self) -> None:
        """The end of a document: now its plan can be checked."""
        self.settle()
        self.absorb(self.close(0))
        root = self.levels[0]
        if self.bailed:
            return
        if root.plan is None:
            add_errored(self.recorder.report, "(no plan: the test run did not finish)")
        elif mismatch := root.mismatch():
            add_errored(self.recorder.report, f"(plan not met: {mismatch})")

    def close(self, indent: int) -> _Level | None:
        """Close what is nested deeper; a test point at this indent is its parent."""
        inner: _Level | None = None
        while self.levels[-1].indent > indent:
            level = self.levels.pop()
            if inner is not None:
                self.absorb(inner, level)
            inner = level
            if level.opener is not None:
                level.opener.inner, inner = level, None
                self.record(level.opener)
        return inner

    def absorb(self, inner: _Level | None, outer: _Level | None = None) -> None:
        """Count a nested document for the one around it: no test point speaks for it."""
        if inner is None:
            return
        outer = outer or self.levels[-1]
        outer.leaves += inner.leaves
        outer.red += inner.red
        if inner.points and not self.bailed and (mismatch := inner.mismatch()):
            name = inner.path or "a nested test"
            add_errored(self.recorder.report, f"({name}: plan not met: {mismatch})")
            outer.red += 1

    def settle(self) -> None:
        """Nothing more can be said of the last test point: count it."""
        if self.last is not None:
            last, self.last = self.last, None
            self.record(last)

    def record(self, counted: _Open) -> None:
        """Count a test point: as a case, or for what is nested in it."""
        level, inner, point = counted.level, counted.inner, counted.point
        failed = point.outcome is Outcome.FAILED
        if inner is not None and inner.leaves:
            if not failed or inner.red:
                self.absorb(inner, level)
                return
            level.leaves += inner.leaves
        level.leaves += 1
        level.red += failed
        case = Case(name=point.name, classname=level.path)
        if failed:
            case.message, case.text = point.message, "".join(point.text)
            case.seen_in, case.line = point.file, point.line
        self.recorder.add(case, point.outcome, point.time)

    def report(self) -> TestReport:
        """The report, once the stream has ended."""
        self.end()
        report = self.recorder.finish()
        if self.prove_failed and not report.counts().red:
            add_errored(report, "(prove says that the run failed, though none of its tests did)")
        return report


def _path(outer: str, name: str) -> str:
    return cut(f"{outer} > {name}" if outer else name, MAX_NAME)
