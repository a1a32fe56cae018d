"""Marks the lines and branches of a coverage report, within bounds that hostile input meets."""

from __future__ import annotations

from functools import lru_cache
from math import nan
from typing import Final

from vsm_gate.model.coverage import MAX_LINE, MAX_STATES, CoverageReport, FileCoverage, Ratio
from vsm_gate.readers.contract import ReadError

MAX_OUTCOMES: Final = 1 << 16
MAX_SUM: Final = 1 << 53

_GROWTH: Final = 255
_LONG_STRETCH: Final = 1000


def whole(text: str | None, what: str) -> int:
    """A whole number as a report writes it: some write `1.0`. Raises `ReadError`, naming what it
    was to be.
    """
    try:
        value = float(text if text is not None else "")
    except ValueError:
        value = 0.5
    if not value.is_integer() or abs(value) > MAX_SUM:
        raise ReadError(f"{what} is not a whole number: {_shown(text)}")
    return int(value)


def is_hit(count: str, what: str = "an execution count") -> bool:
    """Whether an execution count is above zero; a count may be a decimal fraction. Raises
    `ReadError` where it is no number: neither covered nor missed would be the truth.
    """
    try:
        value = float(count)
    except ValueError:
        value = nan
    if value != value:  # noqa: PLR0124 - faster than a call, and this runs for every line
        raise ReadError(f"{what} is not a number: {_shown(count)}")
    return value > 0


def ratio(covered: int, total: int) -> Ratio:
    """A declared sum. Raises `ReadError` where it contradicts itself."""
    if not 0 <= covered <= total <= MAX_SUM:
        raise ReadError(f"{covered} covered out of {total} cannot be")
    return Ratio(covered, total)


def _shown(text: str | None) -> str:
    return "it is not given" if text is None else repr(text[:40])


@lru_cache(maxsize=1024)
def _lowest_bits(taken: int, total: int) -> tuple[int, int]:
    return (1 << taken) - 1, total


class Marker:
    """Fills one report. Raises `ReadError` for what would not fit into memory or cannot be true.

    `room` is for readers that write line states themselves because they have millions of them.
    """

    __slots__ = ("_left", "_outcomes", "ignored", "report")

    def __init__(self, report: CoverageReport) -> None:
        self.report = report
        self.ignored = 0
        self._left = MAX_STATES
        self._outcomes: dict[str, dict[object, int]] = {}

    def room(self, file: FileCoverage, line: int) -> None:
        """Make `file.lines` reach to a line, with some room for those that follow."""
        self._is_line(line)
        more = line + 1 - len(file.lines)
        if more > 0:
            self._spend(more + _GROWTH)
            file.lines.extend(bytes(more + _GROWTH))

    def mark(self, file: FileCoverage, line: int, covered: bool) -> None:
        """A coverable line. Covered once is covered. A line below 1 is counted as ignored."""
        if line < 1:
            self.ignored += 1
            return
        if line >= len(file.lines):
            self.room(file, line)
        state = 2 if covered else 1
        if file.lines[line] < state:  # noqa: PLR1730 - max() takes three times as long
            file.lines[line] = state

    def fill(self, file: FileCoverage, first: int, last: int, *, covered: bool) -> None:
        """All lines from the first to the last. Only long stretches count against the bound, so
        that a profile may repeat its blocks as often as it has test binaries.
        """
        self.mark(file, first, covered)
        if not 1 <= first < last:
            return
        self.room(file, last)
        if last - first > _LONG_STRETCH:
            self._spend(last - first)
        known = file.lines[first : last + 1]
        if covered:
            file.lines[first : last + 1] = b"\2" * len(known)
        else:
            file.lines[first : last + 1] = known.replace(b"\0", b"\1")

    def count(self, file: FileCoverage, line: int, taken: int, total: int) -> None:
        """A line's branches as a fraction: the larger total counts, then the larger taken."""
        if not 0 <= taken <= total <= MAX_OUTCOMES:
            raise ReadError(f"{taken} of {total} branches cannot be")
        if not total or not self._is_line(line):
            return
        known = file.branches.get(line)
        if known is None or (total, taken) > (known[1], known[0].bit_count()):
            self._spend(total)
            file.branches[line] = _lowest_bits(taken, total)

    def outcome(self, file: FileCoverage, line: int, name: object, taken: bool) -> None:
        """One outcome of a line's branches, by a name that is its own within the file."""
        if not self._is_line(line):
            return
        names = self._outcomes.get(file.path)
        if names is None:
            names = self._outcomes[file.path] = {}
        mask, total = file.branches.get(line, (0, 0))
        place = names.setdefault(name, total)
        if place == total:
            if total == MAX_OUTCOMES:
                raise ReadError(f"line {line} has more than {MAX_OUTCOMES} branches")
            self._spend(1)
            total += 1
        file.branches[line] = (mask | taken << place, total)

    def finish(self) -> CoverageReport:
        """The report, its columns cut to length and what was passed over put into words."""
        for file in self.report.files.values():
            del file.lines[len(file.lines.rstrip(b"\0")) :]
        if self.ignored:
            self.report.notes.append(f"{self.ignored} entries with a line number below 1 left out")
        return self.report

    def _is_line(self, line: int) -> bool:
        if line > MAX_LINE:
            raise ReadError(f"line number {line} is above the bound of {MAX_LINE}")
        return line > 0

    def _spend(self, states: int) -> None:
        self._left -= states
        if self._left < 0:
            raise ReadError(f"the report has more than {MAX_STATES} lines and branches")
