"""scoverage XML."""

from __future__ import annotations

from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit, whole
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="scoverage",
    title="scoverage XML",
    producers=("scoverage", "sbt-scoverage", "Mill"),
    reads="the line of each statement; statements that are branches, each an outcome",
    leaves="ignored statements, rates, methods",
    how="`sbt coverage test coverageReport`",
)


def sniff(head: Head) -> bool:
    """The root `<scoverage>`."""
    return head.syntax == "xml" and head.root == "scoverage"


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by source. A line is covered if any of its statements was invoked."""
    report = CoverageReport(FORMAT.name, unit="statement", has_branches=True)
    marker = Marker(report)
    class_file = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal class_file
        if tag == "class":
            class_file = attributes.get("filename", "")
        elif tag == "statement" and attributes.get("ignored") != "true":
            path = attributes.get("source") or class_file
            if not path:
                raise ReadError("a <statement> without its `source`")
            file = report.file(path)
            line = whole(attributes.get("line"), "a statement's line")
            hit = is_hit(attributes.get("invocation-count", ""), "an invocation count")
            marker.mark(file, line, hit)
            if attributes.get("branch") == "true":
                name = (line, attributes.get("start"), attributes.get("end"))
                marker.outcome(file, line, name, hit)

    parser = new_parser()
    parser.StartElementHandler = start
    feed(parser, stream)
    return marker.finish()
