"""The JSON that is sent to Coveralls."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_list, as_object, as_whole

FORMAT: Final = Format(
    name="coveralls-json",
    title="Coveralls JSON",
    producers=("gcovr", "cpp-coveralls", "php-coveralls", "excoveralls"),
    reads="counts of lines, branches by line, block and number",
    leaves="sources, digests, the job",
    how="`gcovr --coveralls coveralls.json`",
)


def sniff(head: Head) -> bool:
    """An object with `source_files`, each with its coverage."""
    return head.syntax == "json" and "source_files" in head.keys[0] and "coverage" in head.keys[1]


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, {(), ("source_files",)}):
        if path == ("source_files", ITEM) and value is not CLOSED:
            entry = as_object(value, "a file")
            file = report.file(str(entry.get("name")))
            for line, count in enumerate(as_list(entry.get("coverage"), "`coverage`"), 1):
                if count is not None:
                    marker.mark(file, line, as_whole(count, "a line's count") > 0)
            _branches(marker, file, as_list(entry.get("branches") or [], "`branches`"))
    return marker.finish()


def _branches(marker: Marker, file: FileCoverage, found: list[object]) -> None:
    """A flat array: line, block, number and count of one branch after the other."""
    if len(found) % 4:
        raise ReadError("`branches` does not come in fours")
    numbers = [as_whole(value, "a branch's number") for value in found]
    for at in range(0, len(numbers), 4):
        line, block, number, count = numbers[at : at + 4]
        marker.outcome(file, line, (line, block, number), count > 0)
