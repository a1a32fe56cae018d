"""Coverage reports as tests write and read them."""

from __future__ import annotations

from io import BytesIO

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers import registry

_STATES = " mc"


def read(text: str | bytes) -> CoverageReport:
    """What the registry reads from a report that it must be able to read as coverage."""
    found = attempt(text)
    assert isinstance(found, CoverageReport), found
    return found


def refused(text: str | bytes) -> Unreadable:
    """Why the registry does not read a report."""
    found = attempt(text)
    assert isinstance(found, Unreadable), found
    return found


def attempt(text: str | bytes) -> object:
    """Whatever the registry makes of a report."""
    raw = text.encode() if isinstance(text, str) else text
    return registry.read("report", BytesIO(raw))


def states(file: FileCoverage) -> str:
    """A file's lines from line 1 on: `c` covered, `m` missed, a space where there is no code."""
    return "".join(_STATES[state] for state in file.lines[1:])


def file(path: str, lines: str, branches: dict[int, tuple[int, int]] | None = None) -> FileCoverage:
    """The inverse of `states`."""
    column = bytearray([0, *(_STATES.index(state) for state in lines)])
    return FileCoverage(path, column, dict(branches or {}))


def report(*files: FileCoverage, **others: object) -> CoverageReport:
    """A report of these files."""
    made = CoverageReport("test", has_branches=True)
    made.files = {one.path: one for one in files}
    for name, value in others.items():
        setattr(made, name, value)
    return made
