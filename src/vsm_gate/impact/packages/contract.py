"""What a format of packages says, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from vsm_gate.impact.discover.contract import Trouble
from vsm_gate.impact.discover.reading import load

# The versions of each package, as they are written: of a manifest ranges, of a lock file versions.
Packages = dict[str, frozenset[str]]


class Format(Protocol):
    """A module of this folder."""

    NAME: str

    @staticmethod
    def wants(path: str) -> bool:
        """Whether the format reads a file of this path."""

    @staticmethod
    def read(text: str) -> Packages:
        """The packages of a file. Raises `ValueError` where it is not what it claims to be."""


def collected(pairs: Iterable[tuple[str, str]]) -> Packages:
    """Packages of (name, version) pairs, in which a package may come in several versions."""
    found: dict[str, set[str]] = {}
    for name, version in pairs:
        found.setdefault(name, set()).add(version)
    return {name: frozenset(versions) for name, versions in found.items()}


def parsed(text: str, kind: str) -> Mapping[str, Any]:
    """The object of a `json`, `toml` or `yaml` text. Raises `ValueError`."""
    data = load(f"file.{kind}", text)
    if isinstance(data, Trouble):
        raise ValueError(data.reason)  # noqa: TRY004 - it is what the text is, not its type
    return data


def named(path: str, *names: str) -> bool:
    """Whether a file has one of these names."""
    return path.rpartition("/")[2] in names
