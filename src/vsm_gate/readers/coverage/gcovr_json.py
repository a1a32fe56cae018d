"""gcovr's own JSON."""

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
    name="gcovr-json",
    title="gcovr JSON",
    producers=("gcovr",),
    reads="lines and branches, of all instances of a template together",
    leaves="functions, conditions, decisions, calls, and what gcovr excluded",
    how="`gcovr --json coverage.json`",
)


def sniff(head: Head) -> bool:
    """An object that carries gcovr's format version."""
    return head.syntax == "json" and "gcovr/format_version" in head.keys[0]


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    marker = Marker(CoverageReport(FORMAT.name, has_branches=True))
    for path, value in walk(stream, {(), ("files",)}):
        if path == ("files", ITEM) and value is not CLOSED:
            mark_file(marker, as_object(value, "a file"))
    return marker.finish()
