"""Visual Studio's `.coveragexml`."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, whole
from vsm_gate.readers.xml import MAX_FIELD, feed, new_parser

FORMAT: Final = Format(
    name="vs-coveragexml",
    title="Visual Studio coverage XML",
    producers=("Visual Studio", "CodeCoverage.exe analyze"),
    reads="every line of each stretch; partially covered is covered",
    leaves="blocks, methods, modules",
    how="`CodeCoverage.exe analyze /output:coverage.coveragexml result.coverage`",
)

_COVERED: Final = {"0": True, "1": True, "2": False}
_FIELDS: Final = frozenset({"LnStart", "LnEnd", "Coverage", "SourceFileID", "SourceFileName"})
_ROWS: Final = frozenset({"Lines", "SourceFileNames"})


def sniff(head: Head) -> bool:
    """The root `<CoverageDSPriv>`."""
    return head.syntax == "xml" and head.root == "CoverageDSPriv"


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by source file: 0 is covered, 1 partially, 2 is not. Files are named at the end."""
    report = CoverageReport(FORMAT.name, unit="block")
    document = _Document(Marker(report))
    parser = new_parser()
    parser.StartElementHandler = document.start
    parser.CharacterDataHandler = document.text
    parser.EndElementHandler = document.end
    feed(parser, stream)
    for key, file in document.files.items():
        if key not in document.paths:
            raise ReadError("lines of a source file that the report does not name")
        report.file(document.paths[key]).merge(file)
    return document.marker.finish()


class _Document:
    """The row that the parser is in, and the files by the ids that rows know them by."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.files: dict[str, FileCoverage] = {}
        self.paths: dict[str, str] = {}
        self.row: dict[str, str] = {}
        self.field = ""

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.field = tag if tag in _FIELDS else ""
        if tag in _ROWS:
            self.row.clear()
        elif self.field:
            self.row[self.field] = ""

    def text(self, data: str) -> None:
        if self.field:
            self.row[self.field] = (self.row[self.field] + data)[:MAX_FIELD]

    def end(self, tag: str) -> None:
        self.field = ""
        key = self.row.get("SourceFileID", "")
        if tag == "Lines":
            self.lines(self.files.setdefault(key, FileCoverage("")))
        elif tag == "SourceFileNames":
            self.paths[key] = self.row.get("SourceFileName", "")

    def lines(self, file: FileCoverage) -> None:
        covered = _COVERED.get(self.row.get("Coverage", "").strip())
        if covered is None:
            raise ReadError("lines whose `Coverage` is neither 0, nor 1, nor 2")
        first = whole(self.row.get("LnStart"), "`LnStart`")
        last = whole(self.row.get("LnEnd"), "`LnEnd`")
        self.marker.fill(file, first, last, covered=covered)
