"""The JSON of gcov itself, uncompressed."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers.contract import Format
from vsm_gate.readers.gcov import mark_file
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_object

FORMAT: Final = Format(
    name="gcov-json",
    title="gcov JSON",
    producers=("gcov",),
    reads="lines and branches, of all instances of a template; the folder that gcov ran in",
    leaves="functions, blocks, calls, conditions",
    how="`gcov --json-format --branch-probabilities`, then `gunzip`",
)


def sniff(head: Head) -> bool:
    """An object that carries the version of gcc."""
    return head.syntax == "json" and {"gcc_version", "format_version"} <= head.keys[0]


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, {(), ("files",)}):
        if path == ("current_working_directory",):
            report.roots = (str(value),)
        elif path == ("files", ITEM) and value is not CLOSED:
            mark_file(marker, as_object(value, "a file"))
    return marker.finish()
