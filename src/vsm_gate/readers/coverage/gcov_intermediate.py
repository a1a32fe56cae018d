"""The intermediate text of gcov 4.9 to 8."""

from __future__ import annotations

import re
from collections import Counter
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import numbered
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit, whole

FORMAT: Final = Format(
    name="gcov-intermediate",
    title="gcov intermediate text",
    producers=("gcov",),
    reads="`lcount` and `branch` of each `file`",
    leaves="functions",
    how="`gcov --intermediate-format file.c` (gcov 4.9 to 8)",
)

_FIRST: Final = re.compile(r"(?:version:[^\n]*\n|cwd:[^\n]*\n)*file:[^\n]*\n(?:function|lcount):")
_TAKEN: Final = {"taken": True, "nottaken": False, "notexec": False}


def sniff(head: Head) -> bool:
    """Text that begins with a file and its functions or lines."""
    return head.syntax == "text" and _FIRST.match(head.text.replace("\r", "")) is not None


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    text = _Intermediate(Marker(report))
    with numbered(stream) as found:
        for _, line in found:
            key, _, value = line.strip().partition(":")
            text.entry(key, value)
    return text.marker.finish()


class _Intermediate:
    """The file that the reading is in, and how many branches its lines had so far."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.file: FileCoverage | None = None
        self.branches: Counter[int] = Counter()

    def entry(self, key: str, value: str) -> None:
        if key == "file":
            self.file = self.marker.report.file(value)
            self.branches.clear()
        elif key == "cwd":
            self.marker.report.roots = (value,)
        elif key in {"lcount", "branch"}:
            at, _, what = value.partition(",")
            if self.file is None:
                raise ReadError(f"a `{key}` that belongs to no `file`")
            line = whole(at, "a line number")
            if key == "lcount":
                self.marker.mark(self.file, line, is_hit(what.partition(",")[0]))
                return
            if what not in _TAKEN:
                raise ReadError("a `branch` that is neither taken, nor not, nor never executed")
            self.marker.outcome(self.file, line, (line, self.branches[line]), _TAKEN[what])
            self.branches[line] += 1
