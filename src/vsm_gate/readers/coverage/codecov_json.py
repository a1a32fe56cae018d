"""Codecov's custom JSON."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_object, as_whole, key_of

FORMAT: Final = Format(
    name="codecov-json",
    title="Codecov JSON",
    producers=("cargo-llvm-cov",),
    reads="lines; a fraction is covered if its first number is above zero",
    leaves="the fractions themselves: they are branches for one tool, regions for another",
    how="`cargo llvm-cov --codecov`",
)

_NUMBER: Final = re.compile(r"\d{1,9}")
_FRACTION: Final = re.compile(r"(\d{1,18})/\d{1,18}")


def sniff(head: Head) -> bool:
    """An object with `coverage` alone, whose files are objects with line numbers for keys."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and head.keys[0] <= {"coverage", "messages"}
        and "coverage" in head.keys[0]
        and bool(head.keys[2])
        and all(_NUMBER.fullmatch(key) for key in head.keys[2])
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file."""
    report = CoverageReport(FORMAT.name)
    marker = Marker(report)
    for path, value in walk(stream, {(), ("coverage",)}):
        if len(path) == 2 and value is not CLOSED:
            file = report.file(key_of(path, "`coverage`"))
            for line, count in as_object(value, "a file").items():
                if count is not None:
                    marker.mark(file, as_whole(line, "a line number"), _is_hit(count))
    return marker.finish()


def _is_hit(count: object) -> bool:
    if isinstance(count, str) and not count.isdecimal():
        fraction = _FRACTION.fullmatch(count)
        if fraction is None:
            raise ReadError("a line's count is neither a number nor a fraction")
        return int(fraction[1]) > 0
    return as_whole(count, "a line's count") > 0
