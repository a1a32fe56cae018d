"""The annotated sources that gcov writes: `file.c.gcov`."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import numbered
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker

FORMAT: Final = Format(
    name="gcov-text",
    title="gcov annotated source",
    producers=("gcov",),
    reads="lines, branches (`-b`), the source's name and the folder that gcov ran in",
    leaves="functions, calls, blocks",
    how="`gcov -b file.c`",
)

_LINE: Final = re.compile(
    r"\s*(?P<count>-|#####|=====|\$\$\$\$\$|%%%%%|\d+(?:\.\d+)?[kMGTPEZY]?\*?):"
    r"\s*(?P<line>\d{1,9}):(?P<text>.*)"
)
_BRANCH: Final = re.compile(r"branch\s+(?P<number>\d{1,6}) (?:taken (?P<count>\d+)|never executed)")
_FIRST: Final = re.compile(r"\s*-:\s*0:Source:")


def sniff(head: Head) -> bool:
    """Text whose first line names the source."""
    return head.syntax == "text" and _FIRST.match(head.text) is not None


def read(stream: BinaryIO) -> CoverageReport:
    """Lines of the source. One of several template instances is enough to cover a line."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    source = _Source(Marker(report))
    with numbered(stream) as text:
        for _, line in text:
            source.entry(line.rstrip("\r\n"))
    return source.marker.finish()


class _Source:
    """The source and the line that the reading stands at."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.file: FileCoverage | None = None
        self.line = 0

    def entry(self, text: str) -> None:
        found = _LINE.match(text)
        if found is not None and int(found["line"]) == 0:
            self.header(found["text"])
        elif found is not None:
            self.code(found["count"], int(found["line"]))
        elif self.file is not None:
            branch = _BRANCH.match(text)
            if branch is not None:
                taken = (branch["count"] or "0").strip("0") != ""
                name = (self.line, int(branch["number"]))
                self.marker.outcome(self.file, self.line, name, taken)

    def header(self, text: str) -> None:
        """`Source:name` and other things about the file, all in a line 0."""
        key, _, value = text.partition(":")
        if key == "Source":
            self.file = self.marker.report.file(value)
        elif key == "Working directory":
            self.marker.report.roots = (value,)

    def code(self, count: str, line: int) -> None:
        """A line of the source: `-` is no code, `#####` and its like never ran."""
        if self.file is None:
            raise ReadError("a line before the name of its source")
        self.line = line
        if count != "-":
            self.marker.mark(
                self.file, line, count[0].isdigit() and count.strip("0.kMGTPEZY*") != ""
            )
