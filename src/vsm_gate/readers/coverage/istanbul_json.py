"""Istanbul's own JSON: `coverage-final.json`."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_list, as_object, as_whole

FORMAT: Final = Format(
    name="istanbul-json",
    title="Istanbul JSON",
    producers=("Istanbul", "nyc", "c8", "jest", "vitest", "Cypress", "Playwright"),
    reads="the start lines of statements, every outcome of every branch",
    leaves="functions, columns, source maps",
    how="`nyc --reporter=json`, `vitest --coverage.reporter=json`, `jest --coverage`",
)


def sniff(head: Head) -> bool:
    """An object of files that have statement maps, or of files whose `data` has one."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and (
            "statementMap" in head.keys[1]
            or ("data" in head.keys[1] and "statementMap" in head.keys[2])
        )
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. A line is covered if any statement that starts there ran."""
    report = CoverageReport(FORMAT.name, unit="statement", has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, {()}):
        if value is not CLOSED:
            entry = as_object(value, "a file")
            entry = as_object(entry.get("data", entry), "`data`")
            _file(marker, report.file(str(entry.get("path") or path[0])), entry)
    return marker.finish()


def _file(marker: Marker, file: FileCoverage, entry: dict[str, Any]) -> None:
    counts = as_object(entry.get("s"), "`s`")
    for key, location in as_object(entry.get("statementMap"), "`statementMap`").items():
        line = _line(location)
        if line is not None:
            marker.mark(file, line, as_whole(counts.get(key), "a statement's count") > 0)
    taken = as_object(entry.get("b", {}), "`b`")
    for key, found in as_object(entry.get("branchMap", {}), "`branchMap`").items():
        branch = as_object(found, "a branch")
        line = _line_of_branch(branch)
        for place, count in enumerate(as_list(taken.get(key), "a branch's counts")):
            if line is not None:
                hit = as_whole(count, "a branch's count") > 0
                marker.outcome(file, line, (key, place), hit)


def _line(location: object) -> int | None:
    """The line where a location starts; an implicit `else` has none."""
    start = as_object(location, "a location").get("start")
    line = start.get("line") if isinstance(start, dict) else None
    return None if line is None else as_whole(line, "a line number")


def _line_of_branch(branch: dict[str, Any]) -> int | None:
    """The line of the branch itself, which is the line of its first outcome that has one."""
    places = [branch["loc"]] if isinstance(branch.get("loc"), dict) else []
    found = (
        _line(place) for place in [*places, *as_list(branch.get("locations", []), "`locations`")]
    )
    line = next((line for line in found if line is not None), branch.get("line"))
    return None if line is None else as_whole(line, "a branch's line")
