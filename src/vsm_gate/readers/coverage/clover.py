"""Clover XML of OpenClover, PHPUnit and Istanbul."""

from __future__ import annotations

from collections import Counter
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit, whole
from vsm_gate.readers.xml import feed, new_parser

FORMAT: Final = Format(
    name="clover",
    title="Clover XML",
    producers=("OpenClover", "PHPUnit", "Istanbul", "vitest", "gcovr"),
    reads="lines of the types `stmt` and `cond`; two outcomes of each `cond`",
    leaves="lines of the type `method`, metrics, complexity",
    how="`phpunit --coverage-clover clover.xml`, `nyc --reporter=clover`",
)


def sniff(head: Head) -> bool:
    """The root `<coverage>` with a project, or with Clover's version if it is empty."""
    return (
        head.syntax == "xml"
        and head.root == "coverage"
        and not head.namespace
        and (
            not {"project", "testproject"}.isdisjoint(head.children)
            or (not head.children and "clover" in head.attributes)
        )
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file: by its `path`, or its `name` where there is none."""
    report = CoverageReport(FORMAT.name, unit="statement", has_branches=True)
    document = _Document(Marker(report))
    parser = new_parser()
    parser.StartElementHandler = document.start
    feed(parser, stream)
    return document.marker.finish()


class _Document:
    """The file that the parser is in, and how many conditions its lines had so far."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.file: FileCoverage | None = None
        self.conditions: Counter[int] = Counter()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "line":
            self.line(attributes)
        elif tag == "file":
            path = attributes.get("path") or attributes.get("name")
            if not path:
                raise ReadError("a <file> without `path` and `name`")
            self.file = self.marker.report.file(path)
            self.conditions.clear()

    def line(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type")
        if kind not in {"stmt", "cond"}:
            return
        if self.file is None:
            raise ReadError("a <line> that belongs to no <file>")
        line = whole(attributes.get("num"), "a line number")
        sides = [attributes[side] for side in ("truecount", "falsecount") if side in attributes]
        counts = [attributes["count"]] if "count" in attributes else sides
        if not counts:
            raise ReadError("a <line> without its `count`")
        self.marker.mark(self.file, line, any(map(is_hit, counts)))
        if kind == "cond" and len(sides) == 2:
            nth = self.conditions[line]
            self.conditions[line] += 1
            for side, count in enumerate(sides):
                self.marker.outcome(self.file, line, (line, nth, side), is_hit(count))
