"""Coverlet's own JSON: modules, their files, classes and methods."""

from __future__ import annotations

import re
from typing import Any, BinaryIO, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.readers.contract import Format
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, walk
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_list, as_object, as_whole

FORMAT: Final = Format(
    name="coverlet-json",
    title="Coverlet JSON",
    producers=("coverlet", "AltCover"),
    reads="lines and branches of each method, by file",
    leaves="offsets, what AltCover adds",
    how="`dotnet test /p:CollectCoverage=true` (coverlet.msbuild), "
    '`dotnet test --collect:"XPlat Code Coverage;Format=json"`',
)

_MODULE: Final = re.compile(r".+\.(?:dll|exe)", re.IGNORECASE)
_LINES: Final = re.compile(r'"Lines"\s*+:\s*+\{')
_OUTCOME: Final = ("Offset", "EndOffset", "Path", "Ordinal")
_METHOD: Final = 4  # steps to a method: its module, file, class and name


class _DownToMethods:
    """The containers to enter: the document, each module, file and class."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, tuple) and len(path) < _METHOD


def sniff(head: Head) -> bool:
    """An object of assemblies, whose methods have lines."""
    return (
        head.syntax == "json"
        and head.shape == "object"
        and any(map(_MODULE.fullmatch, head.keys[0]))
        and _LINES.search(head.text) is not None
    )


def read(stream: BinaryIO) -> CoverageReport:
    """Lines by file. A line that two methods share is covered if either ran it."""
    report = CoverageReport(FORMAT.name, has_branches=True)
    marker = Marker(report)
    for path, value in walk(stream, _DownToMethods()):
        if len(path) == _METHOD:
            _method(marker, report.file(path[1]), path[2:], as_object(value, "a method"))
        elif value is not CLOSED:
            as_object(value, "a module, a file or a class")
    return marker.finish()


def _method(
    marker: Marker, file: FileCoverage, name: tuple[str, ...], method: dict[str, Any]
) -> None:
    for line, hits in as_object(method.get("Lines", {}), "`Lines`").items():
        marker.mark(file, as_whole(line, "a line number"), as_whole(hits, "`hits`") > 0)
    for found in as_list(method.get("Branches", []), "`Branches`"):
        branch = as_object(found, "a branch")
        at = as_whole(branch.get("Line"), "a branch's line")
        outcome = (*name, at, *map(repr, map(branch.get, _OUTCOME)))
        marker.outcome(file, at, outcome, as_whole(branch.get("Hits"), "`Hits`") > 0)
