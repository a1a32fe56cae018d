"""JaCoCo XML, and Kover, which writes the same."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage, Ratio
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, ratio, whole
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="jacoco",
    title="JaCoCo XML",
    producers=("JaCoCo", "Kover", "IntelliJ IDEA", "gcovr"),
    reads="instructions and branches of each line of a source file; where lines carry none, the "
    "LINE and BRANCH counters of the source files and of the report",
    leaves="methods, classes, complexity, sessions",
    how="Maven `jacoco:report`, Gradle `jacocoTestReport` with `xml.required = true`, "
    "`koverXmlReport`",
)

_CHILDREN: Final = frozenset({"package", "group", "sessioninfo", "counter"})


def sniff(head: Head) -> bool:
    """The root `<report>` with packages, groups, sessions or counters, or JaCoCo's DOCTYPE."""
    return (
        head.syntax == "xml"
        and head.root == "report"
        and not head.namespace
        and (not _CHILDREN.isdisjoint(head.children) or "//JACOCO//" in head.text[:1024])
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by package and source file. A line is covered if any of its instructions is."""
    report = CoverageReport(FORMAT.name, unit="instruction", has_branches=True)
    document = _Document(Marker(report))
    parser = new_parser()
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    feed(parser, stream)
    document.marker.finish()
    if not any(file.lines for file in report.files.values()):
        report.line_total = document.totals.get("LINE")
        report.branch_total = document.totals.get("BRANCH")
    return report


class _Document:
    """Where in the document the parser is; `counters` are those of the innermost element that
    has any use for them: the source file, or the report.
    """

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.package = ""
        self.file: FileCoverage | None = None
        self.totals: dict[str, Ratio] = {}
        self.counters: dict[str, Ratio] = {}
        self.path: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.path.append(tag)
        if tag == "line":
            if self.file is not None:
                self.line(self.file, attributes)
        elif tag == "package":
            self.package = attributes.get("name", "")
        elif tag == "sourcefile":
            path = "/".join(filter(None, (self.package, attributes.get("name", ""))))
            self.file = self.marker.report.file(path)
            self.counters = {}
        elif tag == "counter":
            self.counter(attributes)

    def line(self, file: FileCoverage, attributes: dict[str, str]) -> None:
        """`nr` with missed and covered instructions (`mi`, `ci`) and branches (`mb`, `cb`)."""
        line = whole(attributes.get("nr"), "a line number")
        if "ci" not in attributes and "mi" not in attributes:
            return
        self.marker.mark(file, line, whole(attributes.get("ci", "0"), "`ci`") > 0)
        taken = whole(attributes.get("cb", "0"), "`cb`")
        self.marker.count(file, line, taken, taken + whole(attributes.get("mb", "0"), "`mb`"))

    def counter(self, attributes: dict[str, str]) -> None:
        parent = self.path[-2] if len(self.path) > 1 else ""
        if parent == "report":
            counters = self.totals
        elif parent == "sourcefile":
            counters = self.counters
        else:
            return
        covered = whole(attributes.get("covered"), "`covered`")
        total = covered + whole(attributes.get("missed"), "`missed`")
        counters[attributes.get("type", "")] = ratio(covered, total)

    def end(self, tag: str) -> None:
        self.path.pop()
        if tag == "sourcefile" and self.file is not None:
            if not self.file.lines:
                self.file.line_total = self.counters.get("LINE")
                self.file.branch_total = self.counters.get("BRANCH")
            self.file = None
        elif tag in {"package", "group"} and self.file is not None:
            raise ReadError("a source file that does not end")
