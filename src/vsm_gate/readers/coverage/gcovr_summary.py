"""gcovr's JSON summary: sums by file, no lines."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, walk
from vsm_gate.readers.marking import ratio
from vsm_gate.readers.strict import as_object, as_whole

FORMAT: Final = Format(
    name="gcovr-summary",
    title="gcovr JSON summary",
    producers=("gcovr",),
    reads="lines and branches of each file as sums",
    leaves="functions, decisions. It has no lines, so there is no patch coverage from it",
    how="`gcovr --json-summary summary.json`",
)


def sniff(head: Head) -> bool:
    """An object that carries the version of gcovr's summaries."""
    return head.syntax == "json" and "gcovr/summary_format_version" in head.keys[0]


def read(stream: BinaryIO) -> CoverageReport:
    """Sums by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    for path, value in walk(stream, {(), ("files",)}):
        if path == ("files", ITEM) and value is not CLOSED:
            entry = as_object(value, "a file")
            file = report.file(str(entry.get("filename")))
            file.line_total = _sum(entry, "line")
            file.branch_total = _sum(entry, "branch")
    return report


def _sum(entry: dict[str, Any], what: str) -> Ratio:
    covered, total = (
        as_whole(entry.get(f"{what}_{part}"), f"`{what}_{part}`") for part in ("covered", "total")
    )
    return ratio(covered, total)
