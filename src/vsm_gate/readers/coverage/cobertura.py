"""Cobertura XML, and what a dozen other tools make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import BinaryIO, Final
from xml.parsers.expat import XMLParserType

from vsm_gate.model.coverage import COVERED, MISSED, CoverageReport, FileCoverage, Ratio
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
_REMEMBERED: Final = 1 << 12
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
    start = parser.StartElementHandler = _handler(document)
    feed(parser, stream)
    start("", [])
    document.settle()
    report.roots = _roots(document.sources)
    _use_root_sums(report, document.root)
    return document.marker.finish()


class _States(dict[str, int]):
    """The state of a line by its count, as text: most counts of a report are the same few."""

    def __missing__(self, hits: str) -> int:
        state = COVERED if is_hit(hits) else MISSED
        if len(self) < _REMEMBERED:
            self[hits] = state
        return state


def _handler(document: _Document) -> Callable[[str, list[str]], None]:
    """What runs for every element. Nine of ten are lines, and a large report has a million: they
    are looked at no more than they must be, and their state is written here.
    """
    states = _States()
    element = document.element
    lines = bytearray()
    any_lines = False

    def start(tag: str, attributes: list[str]) -> None:
        nonlocal lines, any_lines
        if tag != "line":
            lines = element(tag, attributes, any_lines)
            any_lines = False
            return
        try:
            if attributes[0] == "number" and attributes[2] == "hits":
                line, state = int(attributes[1]), states[attributes[3]]
            else:
                line, state = int(_value(attributes, "number")), states[_value(attributes, "hits")]
        except (IndexError, ValueError):
            raise ReadError("a <line> without a whole `number` and its `hits`") from None
        if not 0 < line < len(lines) and not document.reach(line):
            return
        any_lines = True
        if lines[line] < state:  # noqa: PLR1730 - max() takes three times as long
            lines[line] = state
        if len(attributes) > 4:
            document.branches(line, attributes)

    return start


class _Document:
    """Where in the document the parser is. Ends of elements are looked at only inside `methods`
    and `source`. `target` is what the lines after the next element belong to (the file, or
    `scratch` inside of methods), `filled` what those before it did.
    """

    def __init__(self, parser: XMLParserType, marker: Marker) -> None:
        self.parser = parser
        self.marker = marker
        self.root: dict[str, str] = {}
        self.sources: list[str] = []
        self.file: FileCoverage | None = None
        self.scratch = FileCoverage("")
        self.target: FileCoverage | None = None
        self.filled: FileCoverage | None = None
        self.has_own_lines = False

    def element(self, tag: str, attributes: list[str], lines_before: bool) -> bytearray:
        """The start of an element that is no line (or the end of all, without a name), and whether
        there were lines since the last one. Returns the column that the lines after it go into.
        """
        if lines_before and self.filled is self.file:
            self.has_own_lines = True
        if tag == "class":
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
        self.filled = self.target
        return bytearray() if self.target is None else self.target.lines

    def reach(self, line: int) -> bool:
        """Make room for a line, if it is one."""
        if self.filled is None:
            raise ReadError("a <line> that belongs to no <class>")
        if line < 1:
            self.marker.ignored += 1
            return False
        self.marker.room(self.filled, line)
        return True

    def branches(self, line: int, attributes: list[str]) -> None:
        """The fraction of a line that has one."""
        if self.filled is not None and "condition-coverage" in attributes:
            found = _fraction(_value(attributes, "condition-coverage"))
            if found is not None:
                self.marker.count(self.filled, line, *found)

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
            if not self.has_own_lines and self.file is not None:
                self.file.merge(self.scratch)
            self.scratch = FileCoverage("")


def _value(attributes: list[str], name: str) -> str:
    """The value that follows a name. Raises `ValueError` where there is none."""
    return attributes[attributes.index(name) + 1]


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
    if not report.line_ratio().total:
        report.line_total = _root_sum(report, root, "lines")
    if not any(file.branches for file in report.files.values()):
        report.branch_total = _root_sum(report, root, "branches")


def _root_sum(report: CoverageReport, root: dict[str, str], what: str) -> Ratio | None:
    texts = root.get(f"{what}-covered"), root.get(f"{what}-valid")
    if None in texts:
        return None
    try:
        covered, total = (whole(text, what) for text in texts)
        return ratio(covered, total) if total else None
    except ReadError as problem:
        report.notes.append(f"the sums of {what} at the root are left out: {problem.reason}")
        return None
