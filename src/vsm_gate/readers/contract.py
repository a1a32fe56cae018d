"""What a reader is, and the one way in which it says that it cannot read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.model.tests import TestReport
from vsm_gate.readers.head import Head


class ReadError(Exception):
    """The bytes cannot be believed. Lines and columns count from 1. Never leaves `registry`."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A row of the table in `docs/formats.md`.

    `name` is what `inspect` prints; `producers` are the tools known to write it; `reads` says
    what is taken from it, `leaves` what is not, and `how` the command that makes a tool write it.
    """

    name: str
    title: str
    producers: tuple[str, ...]
    reads: str
    leaves: str
    how: str


class TestReader(Protocol):
    """A module of `readers.tests`."""

    FORMAT: Format

    @staticmethod
    def sniff(head: Head) -> bool:
        """Whether these first bytes are of this format, and of no other."""

    @staticmethod
    def read(stream: BinaryIO) -> TestReport:
        """Read the whole stream. Raises `ReadError`."""


class CoverageReader(Protocol):
    """A module of `readers.coverage`."""

    FORMAT: Format

    @staticmethod
    def sniff(head: Head) -> bool:
        """Whether these first bytes are of this format, and of no other."""

    @staticmethod
    def read(stream: BinaryIO) -> CoverageReport:
        """Read the whole stream. Raises `ReadError`."""
