"""The JSON report of coverage.py."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_list, as_object, as_whole, key_of

FORMAT: Final = Format(
    name="coveragepy-json",
    title="coverage.py JSON",
    producers=("coverage.py", "pytest-cov", "SlipCover"),
    reads="executed and missing lines, executed and missing branches",
    leaves="excluded lines, contexts, summaries, functions and classes",
    how="`coverage json`, or `pytest --cov --cov-report=json`",
)


def sniff(head: Head) -> bool:
    """An object with `meta` and `files`, and lines that are named as coverage.py names them."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and {"meta", "files"} <= head.keys[0]
        and not {"version", "branch_coverage", "show_contexts"}.isdisjoint(head.keys[1])
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. The outcomes of a line are its arcs, in the order of where they lead."""
    report = CoverageReport(FORMAT.name)
    marker = Marker(report)
    for path, value in walk(stream, {(), ("files",)}):
        if path == ("meta",):
            report.has_branches = as_object(value, "`meta`").get("branch_coverage") is True
        elif len(path) == 2 and value is not CLOSED:
            file = report.file(key_of(path, "`files`"))
            _file(marker, file, as_object(value, "a file"))
    return marker.finish()


def _file(marker: Marker, file: FileCoverage, entry: dict[str, Any]) -> None:
    for key, covered in (("executed_lines", True), ("missing_lines", False)):
        for line in as_list(entry.get(key), f"`{key}`"):
            marker.mark(file, as_whole(line, "a line number"), covered)
    arcs: dict[tuple[int, int], bool] = {}
    for key, taken in (("missing_branches", False), ("executed_branches", True)):
        for arc in as_list(entry.get(key, []), f"`{key}`"):
            if not isinstance(arc, list) or len(arc) != 2:
                raise ReadError("a branch is not a pair of lines")
            arcs[as_whole(arc[0], "a line number"), as_whole(arc[1], "a line number")] = taken
    for pair, taken in sorted(arcs.items()):
        marker.outcome(file, pair[0], pair, taken)
