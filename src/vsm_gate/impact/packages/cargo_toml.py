"""The manifest of a crate: `Cargo.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "Cargo.toml"

_KINDS: Final = ("dependencies", "dev-dependencies", "build-dependencies")


def wants(path: str) -> bool:
    """The manifest."""
    return named(path, "Cargo.toml")


def read(text: str) -> Packages:
    """The crates from a registry that it depends on, in any way."""
    data = parsed(text, "toml")
    parts = [data, table(data.get("workspace")), *map(table, table(data.get("target")).values())]
    return collected(found for part in parts for found in _wanted(part))


def _wanted(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in _KINDS:
        for key, entry in table(part.get(kind)).items():
            version = string(entry) or string(table(entry).get("version"))
            if version:
                yield string(table(entry).get("package")) or key, version
