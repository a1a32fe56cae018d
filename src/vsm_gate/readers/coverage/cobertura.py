"""Cobertura XML, and what a dozen other tools make of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import BinaryIO, Final
from xml.parsers.expat import XMLParserType

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit, ratio, whole
from vsm_gate.readers.xml import MAX_FIELD, feed, new_parser

FORMAT: Final = Format(
    name="cobertura",
    title="Cobertura XML",
    producers=(
        "coverage.py",
        "Cobertura",
        "coverlet",
        "Istanbul",
        "gcovr",
        "PHPUnit",
        "cargo-tarpaulin",
        "OpenCppCoverage",
        "VectorCAST",
    ),
    reads="lines of each class, branches from the fraction in `condition-coverage`, source roots; "
    "the root's own sums where there is nothing below it",
    leaves="rates, complexity, methods (except in classes without lines of their own)",
    how="`coverage xml`, or `pytest --cov --cov-report=xml`",
)

_FRACTION: Final = re.compile(r"\(\s*(\d{1,9})\s*/\s*(\d{1,9})\s*\)")
_RATES: Final = frozenset({"line-rate", "branch-rate", "lines-valid", "lines-covered"})


def sniff(head: Head) -> bool:
    """The root `<coverage>` with packages, sources or rates; Clover's has a project."""
    return (
        head.syntax == "xml"
        and head.root == "coverage"
        and not head.namespace
        and "project" not in head.children
        and (
            not {"packages", "sources"}.isdisjoint(head.children)
            or not _RATES.isdisjoint(head.attributes)
        )
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. A class's own lines count, those of its methods only where it has none."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    parser = new_parser()
    parser.ordered_attributes = True
    document = _Document(parser, Marker(report))
    parser.StartElementHandler = document.start
    feed(parser, stream)
    document.settle()
    report.roots = _roots(document.sources)
    _use_root_sums(report, document.root)
    return document.marker.finish()


class _Document:
    """Where in the document the parser is. Ends of elements are looked at only inside `methods`
    and `source`, because nine of ten elements are lines.
    """

    __slots__ = (
        "file",
        "has_own_lines",
        "marker",
        "parser",
        "root",
        "scratch",
        "sources",
        "target",
    )

    def __init__(self, parser: XMLParserType, marker: Marker) -> None:
        self.parser = parser
        self.marker = marker
        self.root: dict[str, str] = {}
        self.sources: list[str] = []
        self.file = FileCoverage("")
        self.scratch = FileCoverage("")
        self.target: FileCoverage | None = None
        self.has_own_lines = True

    def start(self, tag: str, attributes: list[str]) -> None:
        if tag == "line":
            self.line(attributes)
        elif tag == "class":
            self.settle()
            self.file = self.target = self.marker.report.file(_file_name(attributes))
            self.has_own_lines = False
        elif tag == "methods":
            self.target = self.scratch
            self.parser.EndElementHandler = self.end
        elif tag == "source":
            self.sources.append("")
            self.parser.CharacterDataHandler = self.text
            self.parser.EndElementHandler = self.end
        elif tag == "coverage":
            self.root.update(zip(attributes[::2], attributes[1::2], strict=True))

    def line(self, attributes: list[str]) -> None:
        """One `<line>`: this runs a million times for a large report, so it looks at no more than
        it must and writes the state itself.
        """
        try:
            number = int(attributes[attributes.index("number") + 1])
            hits = attributes[attributes.index("hits") + 1]
        except ValueError:
            raise ReadError("a <line> without a whole `number` and its `hits`") from None
        file = self.target
        if file is None:
            raise ReadError("a <line> that belongs to no <class>")
        if number < 1:
            self.marker.ignored += 1
            return
        if file is self.file:
            self.has_own_lines = True
        state = 2 if hits != "0" and (hits == "1" or is_hit(hits)) else 1
        lines = file.lines
        if number >= len(lines):
            self.marker.room(file, number)
        if lines[number] < state:  # noqa: PLR1730 - max() takes three times as long
            lines[number] = state
        if len(attributes) > 4 and "condition-coverage" in attributes:
            found = _fraction(attributes[attributes.index("condition-coverage") + 1])
            if found is not None:
                self.marker.count(file, number, *found)

    def text(self, data: str) -> None:
        self.sources[-1] = (self.sources[-1] + data)[:MAX_FIELD]

    def end(self, tag: str) -> None:
        if tag == "methods":
            self.target = self.file
        if tag in {"methods", "source"}:
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def settle(self) -> None:
        """The class is over: its methods' lines count if it had none of its own."""
        if self.scratch.lines or self.scratch.branches:
            if not self.has_own_lines:
                self.file.merge(self.scratch)
            self.scratch = FileCoverage("")


@lru_cache(maxsize=1024)
def _fraction(text: str) -> tuple[int, int] | None:
    """`50% (1/2)` is (1, 2). A percentage alone says nothing that could be counted."""
    found = _FRACTION.search(text)
    return (int(found[1]), int(found[2])) if found else None


def _file_name(attributes: list[str]) -> str:
    found = dict(zip(attributes[::2], attributes[1::2], strict=True))
    name = found.get("filename") or found.get("name")
    if not name:
        raise ReadError("a <class> that names neither its file nor itself")
    return name


def _roots(sources: list[str]) -> tuple[str, ...]:
    """Source folders; `--source` and the like are what old Ant tasks left there."""
    stripped = (source.strip() for source in sources)
    return tuple(dict.fromkeys(root for root in stripped if root and not root.startswith("--")))


def _use_root_sums(report: CoverageReport, root: dict[str, str]) -> None:
    """The root's sums, where no line says more. Some producers write branches only there."""
    if not report.line_ratio().total and root.get("lines-valid"):
        report.line_total = ratio(
            whole(root.get("lines-covered"), "lines-covered"),
            whole(root["lines-valid"], "lines-valid"),
        )
    if any(file.branches for file in report.files.values()):
        return
    if root.get("branches-valid", "0") != "0":
        report.branch_total = ratio(
            whole(root.get("branches-covered"), "branches-covered"),
            whole(root["branches-valid"], "branches-valid"),
        )
