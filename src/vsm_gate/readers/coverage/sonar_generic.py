"""SonarQube's generic coverage XML."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, whole
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="sonar-generic",
    title="SonarQube generic coverage",
    producers=("gcovr", "ReportGenerator", "jest-sonar", "xccov-to-sonarqube-generic"),
    reads="lines to cover, branches as a fraction of each line",
    leaves="nothing",
    how="`gcovr --sonarqube coverage.xml`",
)

_TRUTH: Final = {"true": True, "false": False}


def sniff(head: Head) -> bool:
    """The root `<coverage>` with files, and a version instead of rates."""
    return (
        head.syntax == "xml"
        and head.root == "coverage"
        and not head.namespace
        and "version" in head.attributes
        and set(head.children) == {"file"}
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    marker = Marker(report)
    file: FileCoverage | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal file
        if tag == "file":
            file = report.file(attributes.get("path", ""))
        elif tag == "lineToCover":
            covered = _TRUTH.get(attributes.get("covered", "").lower())
            if file is None or covered is None:
                raise ReadError("a <lineToCover> outside a file, or not `covered` true or false")
            line = whole(attributes.get("lineNumber"), "a line number")
            marker.mark(file, line, covered)
            total = whole(attributes.get("branchesToCover", "0"), "`branchesToCover`")
            taken = whole(attributes.get("coveredBranches", "0"), "`coveredBranches`")
            marker.count(file, line, taken, total)

    parser = new_parser()
    parser.StartElementHandler = start
    feed(parser, stream)
    return marker.finish()
