"""dotCover's detailed XML."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, whole
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="dotcover",
    title="dotCover detailed XML",
    producers=("JetBrains dotCover",),
    reads="the start line of each statement",
    leaves="sums of assemblies, types and methods",
    how="`dotnet dotcover test --dcReportType=DetailedXML`",
)

_TRUTH: Final = {"True": True, "False": False}


def sniff(head: Head) -> bool:
    """The root `<Root>` with dotCover's version or its sums."""
    return (
        head.syntax == "xml"
        and head.root == "Root"
        and not {"DotCoverVersion", "CoveredStatements"}.isdisjoint(head.attributes)
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. Only a detailed report has any."""
    report = CoverageReport(FORMAT.name, unit="statement")
    marker = Marker(report)
    files: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Statement":
            path = files.get(attributes.get("FileIndex", ""))
            covered = _TRUTH.get(attributes.get("Covered", ""))
            if path is None or covered is None:
                raise ReadError("a <Statement> without its file, or not `Covered` True or False")
            line = whole(attributes.get("Line"), "a statement's line")
            marker.mark(report.file(path), line, covered)
        elif tag == "File":
            files[attributes.get("Index", "")] = attributes.get("Name", "")

    parser = new_parser()
    parser.StartElementHandler = start
    feed(parser, stream)
    if not report.files:
        raise ReadError("the report names no statement: write it with the type DetailedXML")
    return marker.finish()
