"""What a format of components says, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

Files = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One component, as one file declares it.

    `name` is its name in its format; `source` the file; `root` the folder that it is, from the
    root of the repository (the empty name), None where the file gives none. `depends_on` are names
    of the same format. Where `strict`, a name that is not declared is a mistake; else it is
    somebody else's package and means nothing here.
    """

    name: str
    source: str
    root: str | None = None
    owner: str | None = None
    tier: int | None = None
    depends_on: tuple[str, ...] = ()
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that could not be read as what it claims to be."""

    source: str
    reason: str


class Format(Protocol):
    """A module of this folder."""

    NAME: str

    @staticmethod
    def wants(path: str) -> bool:
        """Whether the format reads a file of this path."""

    @staticmethod
    def find(files: Files) -> Iterator[Found | Trouble]:
        """The components that the wanted files declare, by path, in the order of the paths."""
