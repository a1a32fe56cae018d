"""Composer's `composer.lock` and `composer.json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "Composer"


def wants(path: str) -> bool:
    """The manifest and its lock file."""
    return named(path, "composer.lock", "composer.json")


def read(text: str) -> Packages:
    """The packages that are locked or asked for, for development too."""
    return collected(_entries(text))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    data = parsed(text, "json")
    for kind in ("packages", "packages-dev"):
        entries = data.get(kind)
        for entry in map(table, entries if isinstance(entries, list) else ()):
            name, version = string(entry.get("name")), string(entry.get("version"))
            if name and version:
                yield name, version
    for kind in ("require", "require-dev"):
        for name, version in table(data.get(kind)).items():
            if isinstance(version, str):
                yield name, version
