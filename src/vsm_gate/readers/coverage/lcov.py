"""LCOV tracefiles, 1.x and 2.x."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import lines
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

_FIRST_LINE: Final = re.compile(r"(?:\s++|#[^\n]*\n)*+(?:TN:|SF:)")
_SUMS: Final = frozenset({"LF", "LH", "BRF", "BRH"})


def sniff(head: Head) -> bool:
    """Text whose first line, comments apart, names a test or a source file."""
    return head.syntax == "text" and _FIRST_LINE.match(head.text.removeprefix("\ufeff")) is not None


def read(stream: BinaryIO) -> CoverageReport:
    """Lines and named branch outcomes; records of the same file are merged."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    tracefile = _Tracefile(Marker(report))
    number = 0
    try:
        for number, line in enumerate(lines(stream), 1):  # noqa: B007 - an error is there
            if line.startswith("DA:"):
                tracefile.line(line[3:])
            else:
                tracefile.entry(*line.split(":", 1))
        tracefile.end_record()
    except ReadError as problem:
        problem.line = problem.line or number
        raise
    return tracefile.marker.finish()


class _Tracefile:
    """The record that is being read."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.file: FileCoverage | None = None
        self.sums: dict[str, int] = {}

    def entry(self, key: str, value: str = "") -> None:
        """One entry that is not a line. Unknown keys are passed over, as the format asks."""
        if key == "BRDA":
            self.branch(value)
        elif key == "SF":
            self.end_record()
            path = value.strip()
            self.file = self.marker.report.file(path)
        elif key in _SUMS:
            self.sums[key] = whole(value, key)
        elif key.startswith("end_of_record"):
            self.end_record()

    def line(self, value: str) -> None:
        """`line,count[,checksum]`. It runs for every line, so it writes the state itself."""
        at, _, count = value.partition(",")
        try:
            line = int(at)
        except ValueError:
            raise ReadError("a `DA` without a line number") from None
        if self.file is None:
            raise ReadError("a `DA` that belongs to no `SF`")
        if line < 1:
            self.marker.ignored += 1
            return
        covered = count != "0" and (count == "1" or is_hit(count.partition(",")[0]))
        states = self.file.lines
        if line >= len(states):
            self.marker.room(self.file, line)
        state = 2 if covered else 1
        if states[line] < state:  # noqa: PLR1730 - max() takes three times as long
            states[line] = state

    def branch(self, value: str) -> None:
        """`line,block,branch,taken`, where the branch may be an expression with commas."""
        name, _, taken = value.strip().rpartition(",")
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
