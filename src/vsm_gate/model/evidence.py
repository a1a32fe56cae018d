"""What was read, and what could not be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input that says nothing that can be believed. Lines and columns count from 1.

    `unknown`: no format knows the file at all, so that it may not have been meant as a report.
    """

    path: str
    reason: str
    line: int | None = None
    column: int | None = None
    unknown: bool = False

    @property
    def where(self) -> str:
        """`path:line:column`, as far as it is known."""
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n is not None)])


@dataclass(frozen=True, slots=True)
class Evidence:
    """An input file with its digest.

    `kind` is `tests` or `coverage`; `sha256` is of the bytes as they were read, empty where the
    file could not be opened; `stage` is the testing stage that the configuration binds it to;
    `problem` says why it cannot be believed, where that is so. `failed` counts the red cases of a
    test report; None where it is none, or could not be read.
    """

    path: str
    kind: str
    format: str | None
    sha256: str
    size: int
    stage: str | None = None
    problem: str | None = None
    failed: int | None = None
