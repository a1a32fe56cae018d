"""LCOV tracefiles, 1.x and 2.x."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from vsm_gate.model.coverage import COVERED, MISSED, CoverageReport, FileCoverage
from vsm_gate.model.coverage import MAX_LINE as LAST_LINE
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import MAX_LINE, decoded
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit, ratio, whole

FORMAT: Final = Format(
    name="lcov",
    title="LCOV tracefile",
    producers=(
        "lcov",
        "Istanbul",
        "c8",
        "vitest",
        "llvm-cov",
        "grcov",
        "gcovr",
        "coverage.py",
        "SimpleCov",
    ),
    reads="`SF`, `DA` and `BRDA`; the sums `LF`, `LH`, `BRF`, `BRH` where a file has nothing else",
    leaves="functions, MC/DC, checksums, test names (records of one file are merged)",
    how="`coverage lcov`, `nyc --reporter=lcovonly`, `lcov --capture`",
)

BLOCK: Final = 1 << 20

_FIRST_LINE: Final = re.compile(r"(?:\s++|#[^\n]*\n)*+(?:TN:|SF:)")
_RUN: Final = re.compile(r"^(?:DA:[0-9]{1,9}+,(?:0|[1-9][0-9]*+)\n)++", re.MULTILINE)
_SUMS: Final = frozenset({"LF", "LH", "BRF", "BRH"})


def sniff(head: Head) -> bool:
    """Text whose first line, comments apart, names a test or a source file."""
    return head.syntax == "text" and _FIRST_LINE.match(head.text.removeprefix("\ufeff")) is not None


def read(stream: BinaryIO) -> CoverageReport:
    """Lines and named branch outcomes; records of the same file are merged."""
    tracefile = _Tracefile(Marker(CoverageReport(FORMAT.name, has_branches=True)))
    try:
        for block in _blocks(stream):
            end = 0
            for run in _RUN.finditer(block):
                tracefile.entries(block[end : run.start()])
                tracefile.run(run.group())
                end = run.end()
            tracefile.entries(block[end:])
        tracefile.end_record()
    except ReadError as problem:
        problem.line = problem.line or tracefile.number
        raise
    return tracefile.marker.finish()


def _blocks(stream: BinaryIO) -> Iterator[str]:
    """The text in blocks of whole lines."""
    rest = ""
    with decoded(stream) as text:
        while block := text.read(BLOCK):
            whole_lines, end, block = block.rpartition("\n")
            if end:
                yield rest + whole_lines + end
                rest = ""
            rest += block
            if len(rest) > MAX_LINE:
                raise ReadError(f"a line is longer than {MAX_LINE >> 20} M characters")
    yield rest


class _Tracefile:
    """The record that is being read. `number` is that of the line that was read last."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.number = 0
        self.file: FileCoverage | None = None
        self.sums: dict[str, int] = {}

    def run(self, text: str) -> None:
        """Plain lines, one after the other: nine tenths of a tracefile, taken together."""
        parts = text.replace("DA:", "").replace("\n", ",").split(",")
        lines = list(map(int, parts[0:-1:2]))
        if self.file is None or min(lines) < 1 or max(lines) > LAST_LINE:
            self.entries(text)
            return
        self.marker.room(self.file, max(lines))
        states = self.file.lines
        for line, count in zip(lines, parts[1::2], strict=True):
            if count != "0":
                states[line] = COVERED
            elif not states[line]:
                states[line] = MISSED
        self.number += len(lines)

    def entries(self, text: str) -> None:
        """Lines of all kinds, each by itself."""
        for line in text.splitlines():
            self.number += 1
            self.entry(*line.strip().split(":", 1))

    def entry(self, key: str, value: str = "") -> None:
        """One line. Unknown keys are passed over, as the format asks."""
        if key == "DA":
            self.line(value)
        elif key == "BRDA":
            self.branch(value)
        elif key == "SF":
            self.end_record()
            self.file = self.marker.report.file(value)
        elif key in _SUMS:
            self.sums[key] = whole(value, key)
        elif key.startswith("end_of_record"):
            self.end_record()

    def line(self, value: str) -> None:
        """`line,count[,checksum]`."""
        at, _, count = value.partition(",")
        try:
            line = int(at)
        except ValueError:
            raise ReadError("a `DA` without a line number") from None
        if self.file is None:
            raise ReadError("a `DA` that belongs to no `SF`")
        self.marker.mark(self.file, line, is_hit(count.partition(",")[0]))

    def branch(self, value: str) -> None:
        """`line,block,branch,taken`, where the branch may be an expression with commas."""
        name, _, taken = value.rpartition(",")
        at, _, outcome = name.partition(",")
        if self.file is None:
            raise ReadError("a `BRDA` that belongs to no `SF`")
        if not outcome:
            raise ReadError("a `BRDA` that is not `line,block,branch,taken`")
        line = whole(at, "the line of a `BRDA`")
        self.marker.outcome(self.file, line, name, taken != "-" and is_hit(taken))

    def end_record(self) -> None:
        """Keep the record's own sums where it has no lines or no branches: summary-only exports."""
        file, sums = self.file, self.sums
        if file is not None and sums:
            if sums.get("LF") and not file.lines:
                file.line_total = ratio(sums.get("LH", 0), sums["LF"])
            if sums.get("BRF") and not file.branches:
                file.branch_total = ratio(sums.get("BRH", 0), sums["BRF"])
            sums.clear()
        self.file = None
