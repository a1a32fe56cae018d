"""The Test Anything Protocol, versions 12 to 14, with nested tests.

A test point is a case, unless it closes a nested test: then its leaves are the cases, and the
point itself only if it fails while none of them does. A plan that does not match, a missing plan
(without it nobody knows whether the stream is whole) and `Bail out!` are errored cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from vsm_gate.model.tests import MAX_TEXT, Outcome, TestReport
from vsm_gate.readers.attempts import MILLISECONDS, SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import MAX_NAME, add_errored, cut, line_number
from vsm_gate.readers.contract import Format
from vsm_gate.readers.decoded import lines
from vsm_gate.readers.head import Head

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

_POINT: Final = re.compile(
    r"(?P<indent> *)(?P<not>not )?ok(?=\s|$)[ \t]*(?:\d+(?=\s|$))?[ \t]*(?:-(?=\s)[ \t]*)?"
    r"(?P<said>[^\r\n]*)"
)
_PLAN: Final = re.compile(r"(?P<indent> *)1\.\.(?P<count>\d{1,15})[ \t]*(?:#.*)?\s*")
_VERSION: Final = re.compile(r"TAP version \d+\s*")
_SUBTEST: Final = re.compile(r"(?P<indent> *)# Subtest(?:: ?(?P<name>.*))?")
_DIRECTIVE: Final = re.compile(r"(?<!\\)(?:\\\\)*#[ \t]*(?P<word>todo|skip)", re.IGNORECASE)
_TIME: Final = re.compile(r"#[ \t]*time=(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s)\b")
_YAML_TIME: Final = re.compile(r" *duration_ms: *['\"]?(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_YAML_MESSAGE: Final = re.compile(r" *(?:error|message): *(?P<message>.*)")
_YAML_PLACE: Final = re.compile(r" *location: *['\"]?(?P<file>.+?):(?P<line>\d+):\d+")
_PERL_PLACE: Final = re.compile(r" *# +at (?P<file>.+) line (?P<line>\d+)\.")
_ESCAPED: Final = re.compile(r"\\([#\\])")
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
    opener: _Point | None = None
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
class _Point:
    """A test point whose diagnostics may still follow. `inner` is the document that it closes."""

    level: _Level
    failed: bool
    said: str
    inner: _Level | None = None
    time: int | None = None
    message: str = ""
    file: str = ""
    line: int | None = None
    text: list[str] = field(default_factory=list)
    size: int = 0

    def keep(self, line: str) -> None:
        """Keep a line of diagnostics, within the bound of a case's text."""
        if self.size < MAX_TEXT:
            self.text.append(line)
            self.size += len(line)


class _Stream:
    """The state of a stream: open levels, the point that was read last, the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name))
        self.levels = [_Level(0, "")]
        self.point: _Point | None = None
        self.yaml: int | None = None
        self.bailed = False

    def take(self, line: str) -> None:
        """Take one line."""
        if self.yaml is not None and self.diagnostics(line, self.yaml):
            return
        if match := _POINT.match(line):
            self.begin(len(match[1]), match[2] is not None, match[3])
            return
        start = line.lstrip(" ")
        indent = len(line) - len(start)
        if start.startswith("#"):
            self.comment(line, indent)
        elif start.startswith("1..") and (match := _PLAN.fullmatch(line)):
            self.plan(indent, int(match["count"]))
        elif start.startswith("---") and self.point is not None:
            self.yaml = indent if indent > self.point.level.indent else None
        elif start.startswith("Bail out!"):
            self.bail_out(start.removeprefix("Bail out!").strip())
        elif start.startswith("{") and start.strip() == "{" and self.point is not None:
            self.open(self.point)
        elif start.startswith("}"):
            self.brace(indent)
        elif indent == 0 and _VERSION.fullmatch(line):
            self.version()

    def diagnostics(self, line: str, indent: int) -> bool:
        """A line of a YAML block; False where the block was not ended and the line is no part."""
        said = line.strip()
        if said == "..." and line.startswith(" " * indent):
            self.yaml = None
            return True
        if said and not line.startswith(" " * indent):
            self.yaml = None
            return False
        if (point := self.point) is not None:
            point.keep(line[indent:])
            if line[indent : indent + 1] != " " and len(line) < MAX_TEXT:
                _learn(point, line)
        return True

    def begin(self, indent: int, failed: bool, said: str) -> None:
        """A test point."""
        self.settle()
        inner = self.close(indent)
        level = self.levels[-1]
        if level.indent == 0 and level.plan_last and level.points == level.plan:
            level = self.next_document()
        if level.indent < indent:
            level = _Level(indent, level.path)
            self.levels.append(level)
        level.points += 1
        self.point = _Point(level, failed, said, inner)
        if said.endswith(" {"):
            self.point.said = said[:-2]
            self.open(self.point)

    def open(self, point: _Point) -> None:
        """A nested document in braces, after the test point that it belongs to."""
        path = _path(point.level.path, _name(point.said))
        self.levels.append(_Level(point.level.indent + _NESTED, path, opener=point))
        self.point = None

    def comment(self, line: str, indent: int) -> None:
        """A comment, which may name the nested document that follows."""
        if match := _SUBTEST.match(line):
            self.settle()
            nested = indent if indent > self.levels[-1].indent else indent + _NESTED
            self.absorb(self.close(nested - 1))
            path = _path(self.levels[-1].path, (match["name"] or "").strip())
            self.levels.append(_Level(nested, path))
        elif self.point is not None and self.point.failed:
            self.point.keep(line.lstrip(" "))
            if len(line) < MAX_NAME and (match := _PERL_PLACE.match(line)):
                self.point.file, self.point.line = match["file"], line_number(match["line"])

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

    def brace(self, indent: int) -> None:
        """A closing brace, if it is not just output."""
        openers = (level.opener for level in self.levels if level.opener is not None)
        if any(opener.level.indent == indent for opener in openers):
            self.settle()
            self.absorb(self.close(indent))

    def version(self) -> None:
        """A version line, which begins another document if there was one."""
        if self.levels[0].points or self.levels[0].plan is not None or len(self.levels) > 1:
            self.next_document()

    def next_document(self) -> _Level:
        """End the document that is open and begin another."""
        self.end()
        self.levels = [_Level(0, "")]
        self.bailed = False
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
        if not self.bailed and (mismatch := inner.mismatch()):
            self.mismatched(inner, mismatch)
            outer.red += 1

    def mismatched(self, level: _Level, mismatch: str) -> None:
        """A nested plan that is not met."""
        name = level.path or "a nested test"
        add_errored(self.recorder.report, f"({name}: plan not met: {mismatch})")

    def settle(self) -> None:
        """Nothing more can be said of the last test point: count it."""
        if self.point is not None:
            point, self.point = self.point, None
            self.record(point)

    def record(self, point: _Point) -> None:
        """Count a test point: as a case, or for what is nested in it."""
        level, inner = point.level, point.inner
        outcome = _outcome(point)
        if inner is not None and inner.leaves:
            red_inside = inner.red > 0
            if outcome is not Outcome.FAILED or red_inside:
                self.absorb(inner, level)
                return
            level.leaves += inner.leaves
        level.leaves += 1
        level.red += outcome is Outcome.FAILED
        case = Case(name=_name(point.said), classname=level.path)
        if outcome is Outcome.FAILED:
            case.message, case.text = point.message, "".join(point.text)
            case.seen_in, case.line = point.file, point.line
        self.recorder.add(case, outcome, _time(point))

    def report(self) -> TestReport:
        """The report, once the stream has ended."""
        self.end()
        return self.recorder.finish()


def _outcome(point: _Point) -> Outcome:
    if "#" in point.said and (directive := _DIRECTIVE.search(point.said)):
        skipped = directive["word"].lower() == "skip" or point.failed
        return Outcome.SKIPPED if skipped else Outcome.PASSED
    return Outcome.FAILED if point.failed else Outcome.PASSED


def _name(said: str) -> str:
    """The description, without its directive, and with nothing escaped."""
    if "#" in said:
        for pattern in (_DIRECTIVE, _TIME):
            if match := pattern.search(said):
                said = said[: match.start()]
    return _ESCAPED.sub(r"\1", said).strip() if "\\" in said else said.strip()


def _time(point: _Point) -> int | None:
    if point.time is None and "time=" in point.said and (match := _TIME.search(point.said)):
        unit = MILLISECONDS if match["unit"] == "ms" else SECONDS
        return micros(float(match["number"]), unit)
    return point.time


def _path(outer: str, name: str) -> str:
    return cut(f"{outer} > {name}" if outer else name, MAX_NAME)


def _learn(point: _Point, line: str) -> None:
    """Take what is of use from a line of YAML, without a YAML parser: the keys are few."""
    if match := _YAML_TIME.match(line):
        point.time = micros(float(match["number"]), MILLISECONDS)
    elif match := _YAML_MESSAGE.match(line):
        point.message = match["message"].strip().strip("'\"|>-")
    elif match := _YAML_PLACE.match(line):
        point.file, point.line = match["file"], line_number(match["line"])
