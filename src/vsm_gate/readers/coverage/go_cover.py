"""Go cover profiles."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import numbered
from vsm_gate.readers.head import Head
from vsm_gate.readers.marking import Marker, is_hit

FORMAT: Final = Format(
    name="go-cover",
    title="Go cover profile",
    producers=("go test", "go tool covdata", "gotestsum", "gocovmerge"),
    reads="every line of a block that has statements; repeated blocks are one",
    leaves="columns, counts of statements (Go's own percentage is of statements)",
    how="`go test -coverprofile=coverage.out ./...`",
)

_MODE: Final = re.compile(r"mode: (?:set|count|atomic)\s*")
_BLOCK: Final = re.compile(r"(.+):(\d{1,9})\.\d+,(\d{1,9})\.\d+ (\d+) (\d+)\s*")


def sniff(head: Head) -> bool:
    """Text that begins with a mode."""
    return head.syntax == "text" and head.text.removeprefix("\ufeff").startswith("mode:")


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by import path. A line of several blocks is covered if one of them ran."""
    report = CoverageReport(FORMAT.name, unit="statement")
    marker = Marker(report)
    with numbered(stream) as text:
        for number, line in text:
            _entry(marker, line, first=number == 1)
    return marker.finish()


def _entry(marker: Marker, line: str, *, first: bool) -> None:
    """A mode, again wherever profiles were joined, or a block: `file:l.c,l.c statements count`."""
    block = _BLOCK.fullmatch(line)
    if first or block is None:
        if first or line.strip():
            _mode(line)
        return
    path, start, end, statements, count = block.groups()
    if int(end) < int(start):
        raise ReadError("a block that ends before it starts")
    file = marker.report.file(path)
    if int(statements[:9]):
        marker.fill(file, int(start), int(end), covered=is_hit(count))


def _mode(line: str) -> None:
    if not _MODE.fullmatch(line):
        what = "neither a mode nor a block" if line[:5] != "mode:" else "no mode that Go has"
        raise ReadError(f"{what}: {line[:60]!r}")
