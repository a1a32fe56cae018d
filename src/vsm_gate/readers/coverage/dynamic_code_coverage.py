"""Microsoft's dynamic code coverage as XML, as `dotnet-coverage` writes it."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, whole
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="dynamic-code-coverage",
    title="Microsoft dynamic code coverage XML",
    producers=("dotnet-coverage", "Visual Studio", "CodeCoverage.exe"),
    reads="every line of each range; partially covered is covered",
    leaves="blocks, functions, skipped modules",
    how='`dotnet test --collect "Code Coverage;Format=Xml"`',
)

_COVERED: Final = {"yes": True, "partial": True, "no": False}


def sniff(head: Head) -> bool:
    """The root `<results>` with modules."""
    return head.syntax == "xml" and head.root == "results" and "modules" in head.children


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by source file. A module names its files only after the ranges in them."""
    report = CoverageReport(FORMAT.name, unit="block")
    marker = Marker(report)
    files: dict[str, FileCoverage] = {}
    paths: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "range":
            covered = _COVERED.get(attributes.get("covered", ""))
            if covered is None:
                raise ReadError("a <range> that is neither covered, nor partially, nor not")
            file = files.setdefault(attributes.get("source_id", ""), FileCoverage(""))
            first = whole(attributes.get("start_line"), "`start_line`")
            last = whole(attributes.get("end_line"), "`end_line`")
            marker.fill(file, first, last, covered=covered)
        elif tag == "source_file":
            paths[attributes.get("id", "")] = attributes.get("path", "")

    def end(tag: str) -> None:
        if tag == "module":
            for key, file in files.items():
                if key not in paths:
                    raise ReadError("a <range> in a source file that the module does not name")
                report.file(paths[key]).merge(file)
            files.clear()
            paths.clear()

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    feed(parser, stream)
    return marker.finish()
