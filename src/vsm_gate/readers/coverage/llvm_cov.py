"""The JSON of `llvm-cov export`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, BinaryIO, Final, NamedTuple

from vsm_gate.model.coverage import CoverageReport, FileCoverage, Ratio
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, walk
from vsm_gate.readers.marking import Marker, ratio
from vsm_gate.readers.strict import as_list, as_object, as_whole

FORMAT: Final = Format(
    name="llvm-cov",
    title="llvm-cov export JSON",
    producers=("llvm-cov", "cargo-llvm-cov", "Swift", "Xcode"),
    reads="lines from the segments, both outcomes of each branch; the summaries of files that "
    "have neither (`-summary-only`)",
    leaves="functions, regions, expansions, MC/DC",
    how="`llvm-cov export -instr-profile=…`, `cargo llvm-cov --json`",
)

_TYPE: Final = "llvm.coverage.json.export"
_FILE_KEYS: Final = frozenset({"filename", "segments", "branches", "expansions"})
_FILE: Final = ("data", ITEM, "files", ITEM)
_ENTERED: Final = {(), _FILE[:1], _FILE[:2], _FILE[:3], ("data", ITEM, "functions")}


class _Segment(NamedTuple):
    """A place in a file where the count changes. `skipped` code has no count."""

    line: int
    column: int
    times: int
    has_count: bool
    is_entry: bool
    is_gap: bool

    @property
    def starts_region(self) -> bool:
        return self.has_count and self.is_entry and not self.is_gap


def sniff(head: Head) -> bool:
    """An object that says so, or whose `data` has files as llvm-cov writes them."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and "data" in head.keys[0]
        and (
            ("files" in head.keys[1] and not _FILE_KEYS.isdisjoint(head.keys[2]))
            or f'"{_TYPE}"' in head.text
        )
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file, as llvm-cov itself derives them from segments for LCOV and its own views."""
    report = CoverageReport(FORMAT.name, unit="region", has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, _ENTERED):
        if path == ("type",) and value != _TYPE:
            raise ReadError(f"the document is no {_TYPE}")
        if path == _FILE and value is not CLOSED:
            entry = as_object(value, "a file")
            file = report.file(str(entry.get("filename")))
            for line, last, covered in _lines(entry.get("segments", [])):
                marker.fill(file, line, last, covered=covered)
            _branches(marker, file, entry)
            _summary(file, entry)
    return marker.finish()


def _lines(found: object) -> Iterator[tuple[int, int, bool]]:
    """(first line, last line, covered) of stretches that are code.

    A line is code if a region starts in it or a region that has a count goes on into it; it is
    covered if any of these ran. Gaps, as between two statements, do not start a region.
    """
    segments = sorted(_segment(value) for value in as_list(found, "`segments`"))
    before: _Segment | None = None
    for line, group in groupby(segments, key=lambda segment: segment.line):
        here = list(group)
        goes_on = before is not None and before.has_count
        if before is not None and goes_on and line - before.line > 1:
            yield before.line + 1, line - 1, before.times > 0
        starts = [segment for segment in here if segment.starts_region]
        skipped = here[0].is_entry and not here[0].has_count
        if starts or (goes_on and not skipped):
            counts = [segment.times for segment in starts]
            if before is not None and goes_on:
                counts.append(before.times)
            yield line, line, any(counts)
        before = here[-1]


def _segment(found: object) -> _Segment:
    value = as_list(found, "a segment")
    if len(value) < 5:
        raise ReadError("a segment with fewer than five values")
    line, column, count = (as_whole(part, "a segment's number") for part in value[:3])
    is_gap = bool(value[5]) if len(value) > 5 else False
    return _Segment(line, column, count, bool(value[3]), bool(value[4]), is_gap)


def _branches(marker: Marker, file: FileCoverage, entry: dict[str, Any]) -> None:
    """`[line, column, end line, end column, times true, times false, …]`."""
    for found in as_list(entry.get("branches", []), "`branches`"):
        value = as_list(found, "a branch")
        if len(value) < 6:
            raise ReadError("a branch with fewer than six values")
        *place, true, false = (as_whole(part, "a branch's number") for part in value[:6])
        for side, count in enumerate((true, false)):
            marker.outcome(file, place[0], (*place, side), count > 0)


def _summary(file: FileCoverage, entry: dict[str, Any]) -> None:
    """The file's sums, for what it has no segments or no branches of."""
    summary = as_object(entry.get("summary", {}), "`summary`")
    if not entry.get("segments") and ("lines" in summary or "segments" not in entry):
        file.line_total = _sum(summary.get("lines"))
    if not entry.get("branches") and "branches" in summary:
        file.branch_total = _sum(summary["branches"])


def _sum(found: object) -> Ratio:
    counts = as_object(found, "a summary")
    return ratio(
        as_whole(counts.get("covered"), "`covered`"), as_whole(counts.get("count"), "`count`")
    )
