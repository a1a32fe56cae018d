"""Istanbul's summary: sums by file, no lines."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, walk
from vsm_gate.readers.marking import ratio
from vsm_gate.readers.strict import as_object, as_whole

FORMAT: Final = Format(
    name="istanbul-summary",
    title="Istanbul summary",
    producers=("Istanbul", "nyc", "c8", "jest", "vitest"),
    reads="lines and branches of each file as sums; those of `total` where no file is named",
    leaves="statements, functions. It has no lines, so there is no patch coverage from it",
    how="`nyc --reporter=json-summary`, `vitest --coverage.reporter=json-summary`",
)


def sniff(head: Head) -> bool:
    """An object with a `total`, whose files have lines, statements and branches."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and "total" in head.keys[0]
        and {"lines", "statements", "branches"} <= head.keys[1]
        and "pct" in head.keys[2]
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Sums by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    for path, value in walk(stream, {()}):
        if value is CLOSED:
            continue
        entry = as_object(value, "a file")
        if path == ("total",):
            report.line_total, report.branch_total = _sum(entry, "lines"), _sum(entry, "branches")
        else:
            file = report.file(path[0])
            file.line_total, file.branch_total = _sum(entry, "lines"), _sum(entry, "branches")
    if report.files:
        report.line_total = report.branch_total = None
    return report


def _sum(entry: dict[str, Any], key: str) -> Ratio:
    found = as_object(entry.get(key), f"`{key}`")
    return ratio(
        as_whole(found.get("covered"), "`covered`"), as_whole(found.get("total"), "`total`")
    )
