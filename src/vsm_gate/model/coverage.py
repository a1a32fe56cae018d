"""Coverage in one language, whatever wrote it.

A line costs one byte, at the index of its number; a line that branches costs two small integers
more. Shards of one run merge line by line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

NOT_COVERABLE: Final = 0
MISSED: Final = 1
COVERED: Final = 2

_COVERED_IN_EITHER: Final = bytes([NOT_COVERABLE, MISSED, COVERED, COVERED, *range(4, 256)])

MAX_LINE: Final = 5_000_000
MAX_STATES: Final = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ratio:
    """Covered out of coverable. Zero coverable is nothing to measure, not 0 % nor 100 %."""

    covered: int
    total: int

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.covered + other.covered, self.total + other.total)


@dataclass(slots=True)
class FileCoverage:
    """Coverage of one file.

    `lines[n]` is the state of line n (index 0 is unused): NOT_COVERABLE, MISSED or COVERED.
    `branches[n]` is `(mask, total)`: bit i of the mask is set where outcome i was taken. A format
    that only counts (`1/2`) sets the lowest bits, so that a merge keeps the larger count; one that
    names its outcomes sets each at its own place, so that a merge is exact.
    `line_total`, `branch_total` stand where a report gives a file's sums but not its lines.
    """

    path: str
    lines: bytearray = field(default_factory=bytearray)
    branches: dict[int, tuple[int, int]] = field(default_factory=dict)
    line_total: Ratio | None = None
    branch_total: Ratio | None = None

    def mark(self, line: int, covered: bool) -> None:
        """A coverable line. Covered once is covered."""
        lines = self.lines
        if line >= len(lines):
            lines.extend(bytes(line + 1 - len(lines)))
        state = COVERED if covered else MISSED
        lines[line] = max(lines[line], state)

    def line_ratio(self) -> Ratio:
        """Covered ÷ coverable lines; from the file's own sums where there are no lines."""
        covered = self.lines.count(COVERED)
        total = covered + self.lines.count(MISSED)
        return Ratio(covered, total) if total or self.line_total is None else self.line_total

    def branch_ratio(self) -> Ratio:
        """Taken ÷ all outcomes of branches."""
        if not self.branches and self.branch_total is not None:
            return self.branch_total
        taken = sum(mask.bit_count() for mask, _ in self.branches.values())
        return Ratio(taken, sum(total for _, total in self.branches.values()))

    def copy(self, path: str | None = None) -> FileCoverage:
        """The same coverage with columns of its own, under another path if one is given."""
        return FileCoverage(
            self.path if path is None else path,
            self.lines[:],
            self.branches.copy(),
            self.line_total,
            self.branch_total,
        )

    def merge(self, other: FileCoverage) -> None:
        """Add another shard's coverage of the same file: a line covered in either is covered."""
        size = max(len(self.lines), len(other.lines))
        either = int.from_bytes(self.lines, "little") | int.from_bytes(other.lines, "little")
        self.lines[:] = either.to_bytes(size, "little").translate(_COVERED_IN_EITHER)
        for line, (mask, total) in other.branches.items():
            mine, my_total = self.branches.get(line, (0, 0))
            self.branches[line] = (mine | mask, max(my_total, total))
        self.line_total = _larger(self.line_total, other.line_total)
        self.branch_total = _larger(self.branch_total, other.branch_total)


def _larger(mine: Ratio | None, other: Ratio | None) -> Ratio | None:
    """Sums cannot be merged: keep the one that saw more."""
    if mine is None or other is None:
        return mine or other
    return max(mine, other, key=lambda ratio: (ratio.total, ratio.covered))


@dataclass(slots=True)
class CoverageReport:
    """One coverage report, or several merged.

    `files` by the path that the report gives (after mapping: the repository's path).
    `roots` are the source folders that the report names, to try as prefixes of its paths.
    `unit` is what a line's state was derived from: line, statement, instruction, sequence point.
    `has_branches`: the format carries branches, even if this report has none.
    `line_total`, `branch_total`: sums of the whole report where they cannot be had from files.
    """

    format: str
    unit: str = "line"
    files: dict[str, FileCoverage] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    has_branches: bool = False
    line_total: Ratio | None = None
    branch_total: Ratio | None = None
    notes: list[str] = field(default_factory=list)

    def file(self, path: str) -> FileCoverage:
        """The file of that path, made where it is new."""
        found = self.files.get(path)
        if found is None:
            found = self.files[path] = FileCoverage(path)
        return found

    def file_count(self) -> int:
        """Files with at least one coverable line."""
        return sum(1 for file in self.files.values() if file.line_ratio().total)

    def line_ratio(self) -> Ratio:
        """Covered ÷ coverable lines over all files."""
        if self.line_total is not None:
            return self.line_total
        return sum((file.line_ratio() for file in self.files.values()), Ratio(0, 0))

    def branch_ratio(self) -> Ratio | None:
        """Taken ÷ all outcomes over all files; None where the format carries no branches."""
        if self.branch_total is not None:
            return self.branch_total
        if not self.has_branches:
            return None
        return sum((file.branch_ratio() for file in self.files.values()), Ratio(0, 0))
