"""SimpleCov's JSON formatter: `coverage.json`."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.ruby import IGNORED, mark_lines
from vsm_gate.readers.strict import as_list, as_object, as_whole, key_of

FORMAT: Final = Format(
    name="simplecov-json",
    title="SimpleCov JSON",
    producers=("simplecov_json_formatter", "simplecov-json", "Undercover"),
    reads="lines and branches of each file",
    leaves="groups, percentages",
    how="`SimpleCov.formatter = SimpleCov::Formatter::JSONFormatter`",
)

_OF_SIMPLECOV: Final = frozenset({"simplecov_version", "simplecov_root"})


def sniff(head: Head) -> bool:
    """`coverage` beside `meta` of SimpleCov or Undercover, or the older gem's `files` beside
    `command_name`.
    """
    return (
        head.syntax == "json"
        and head.shape == "object"
        and (
            ({"meta", "coverage"} <= head.keys[0] and not _OF_SIMPLECOV.isdisjoint(head.keys[1]))
            or {"command_name", "files"} <= head.keys[0]
        )
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, {(), ("coverage",), ("files",)}):
        if value is CLOSED or len(path) < 2:
            continue
        entry = as_object(value, "a file")
        if path == ("files", ITEM):
            counts = entry.get("coverage")
            lines = counts.get("lines") if isinstance(counts, dict) else counts
            mark_lines(marker, report.file(str(entry.get("filename"))), lines)
        else:
            file = report.file(key_of(path, "`coverage`"))
            mark_lines(marker, file, entry.get("lines"))
            _branches(marker, file, entry)
    return marker.finish()


def _branches(marker: Marker, file: FileCoverage, entry: dict[str, Any]) -> None:
    for place, found in enumerate(as_list(entry.get("branches") or [], "`branches`")):
        branch = as_object(found, "a branch")
        count = branch.get("coverage")
        if count != IGNORED:
            line = as_whole(branch.get("start_line"), "a branch's line")
            marker.outcome(file, line, place, as_whole(count, "a branch's count") > 0)
