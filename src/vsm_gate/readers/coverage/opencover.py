"""OpenCover XML, as OpenCover, coverlet and AltCover write it."""

from __future__ import annotations

from bisect import bisect_right
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit, whole
from vsm_gate.readers.xml import MAX_FIELD, feed, new_parser

FORMAT: Final = Format(
    name="opencover",
    title="OpenCover XML",
    producers=("OpenCover", "coverlet", "AltCover"),
    reads="the start line of each sequence point, every branch point",
    leaves="points without a file, skipped modules and methods, summaries, complexity",
    how="`dotnet test /p:CollectCoverage=true /p:CoverletOutputFormat=opencover`",
)

_HIDDEN: Final = 0xFEEFEE
_SKIPPABLE: Final = frozenset({"Module", "Class", "Method"})


def sniff(head: Head) -> bool:
    """The root `<CoverageSession>`."""
    return head.syntax == "xml" and head.root == "CoverageSession"


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. The compiler's hidden line 0xFEEFEE is no line."""
    report = CoverageReport(FORMAT.name, unit="sequence point", has_branches=True)
    document = _Document(Marker(report))
    parser = new_parser()
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.text
    feed(parser, stream)
    return document.marker.finish()


class _Document:
    """The method that the parser is in. `points` are (offset, line) of its sequence points."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.files: dict[str, str] = {}
        self.depth = 0
        self.skipped_at = 0
        self.methods = 0
        self.in_method = False
        self.name: str | None = None
        self.file: str | None = None
        self.points: list[tuple[int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.skipped_at:
            return
        if tag in _SKIPPABLE and "skippedDueTo" in attributes:
            self.skipped_at = self.depth
        elif tag == "SequencePoint":
            self.sequence_point(attributes)
        elif tag == "BranchPoint":
            self.branch_point(attributes)
        elif tag == "FileRef":
            self.file = attributes.get("uid")
        elif tag == "File":
            self.files[attributes.get("uid", "")] = attributes.get("fullPath", "")
        elif tag == "Method":
            self.methods += 1
            self.in_method = True
            self.name = self.file = None
            self.points = []
        elif tag == "Name" and self.in_method:
            self.name = ""

    def text(self, data: str) -> None:
        if self.name is not None and not self.points and self.in_method:
            self.name = (self.name + data)[:MAX_FIELD]

    def end(self, tag: str) -> None:
        if self.depth == self.skipped_at:
            self.skipped_at = 0
        if tag == "Name":
            self.in_method = False
        self.depth -= 1

    def file_of(self, attributes: dict[str, str]) -> FileCoverage | None:
        path = self.files.get(attributes.get("fileid") or self.file or "")
        return None if path is None else self.marker.report.file(path)

    def sequence_point(self, attributes: dict[str, str]) -> None:
        line = whole(attributes.get("sl"), "a start line")
        file = self.file_of(attributes)
        if file is not None and line != _HIDDEN:
            self.marker.mark(file, line, is_hit(attributes.get("vc", ""), "a visit count"))
            self.points.append((whole(attributes.get("offset", "0"), "an offset"), line))

    def branch_point(self, attributes: dict[str, str]) -> None:
        """One outcome. Old versions give it no line: then it is of the point before it."""
        file = self.file_of(attributes)
        if "sl" in attributes:
            line = whole(attributes["sl"], "a start line")
        elif self.points:
            offset = whole(attributes.get("offset", "0"), "an offset")
            place = bisect_right(self.points, offset, key=lambda point: point[0])
            line = self.points[max(0, place - 1)][1]
        else:
            return
        if file is not None and line != _HIDDEN:
            ordinal = (attributes.get(key) for key in ("ordinal", "offset", "path"))
            name = (self.name or self.methods, line, *ordinal)
            self.marker.outcome(file, line, name, is_hit(attributes.get("vc", ""), "a visit count"))
