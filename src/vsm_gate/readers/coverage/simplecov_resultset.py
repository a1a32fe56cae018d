"""SimpleCov's `.resultset.json`."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, Path, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.ruby import mark_lines
from vsm_gate.readers.strict import as_object, as_whole

FORMAT: Final = Format(
    name="simplecov-resultset",
    title="SimpleCov result set",
    producers=("SimpleCov",),
    reads="lines and branches of each file, of all commands together",
    leaves="methods, timestamps",
    how="SimpleCov writes it to `coverage/.resultset.json`",
)

_CONDITION: Final = re.compile(r"\[:?\"?\w+\"?, \d+, (\d{1,9}),")


def sniff(head: Head) -> bool:
    """An object of commands that have a `coverage` and nothing else but a time."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and "coverage" in head.keys[1]
        and head.keys[1] <= {"coverage", "timestamp"}
    )


class _FilesOfCommands:
    """The containers to enter: the document, each command, and its coverage."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, tuple) and (len(path) < 2 or path[1:] == ("coverage",))


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. A line that any command ran is covered."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, _FilesOfCommands()):
        if _is_file(path) and value is not CLOSED:
            file = report.file(path[2])
            entry = {"lines": value} if isinstance(value, list) else as_object(value, "a file")
            mark_lines(marker, file, entry.get("lines"))
            _branches(marker, file, entry.get("branches"))
    return marker.finish()


def _is_file(path: Path) -> bool:
    return len(path) == 3 and path[1] == "coverage"


def _branches(marker: Marker, file: FileCoverage, found: object) -> None:
    """`{"[:if, 0, line, …]": {"[:then, …]": count, …}}`, as Ruby's own Coverage has it."""
    if found is None:
        return
    for condition, outcomes in as_object(found, "`branches`").items():
        place = _CONDITION.match(condition)
        if place is None:
            raise ReadError(f"a condition without its line: {condition[:60]!r}")
        for name, count in as_object(outcomes, "the outcomes of a condition").items():
            hit = as_whole(count, "a branch's count") > 0
            marker.outcome(file, int(place[1]), (condition, name), hit)
