"""What a reader of sensitive files is given, and how it says what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from vsm_gate.model.impact import Severity


@dataclass(frozen=True, slots=True)
class Versions:
    """A file before and after the change; None where it is not there."""

    path: str
    base: str | None
    head: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the change of a file does; `line` is of the head."""

    text: str
    severity: Severity = "info"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a file, or a part of it, could not be read: what it does is not known."""

    reason: str


class Reader(Protocol):
    """A module of this folder. `CLASS` is the sensitive class that its files are in."""

    NAME: str
    CLASS: str

    @staticmethod
    def wants(path: str) -> bool:
        """Whether the reader reads a file of this path."""

    @staticmethod
    def find(file: Versions) -> Iterator[Finding | Unread]:
        """What the change of a file does."""
