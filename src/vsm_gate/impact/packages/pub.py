"""Dart's and Flutter's `pubspec.lock` and `pubspec.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "pub"


def wants(path: str) -> bool:
    """The manifest and its lock file."""
    return named(path, "pubspec.lock", "pubspec.yaml")


def read(text: str) -> Packages:
    """The packages that are locked or asked for."""
    return collected(_entries(text))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    data = parsed(text, "yaml")
    for kind in ("packages", "dependencies", "dev_dependencies"):
        for name, entry in table(data.get(kind)).items():
            version = string(entry) or string(table(entry).get("version"))
            if version:
                yield str(name), version
