"""The manifest of a Node.js package: `package.json`."""

from __future__ import annotations

from typing import Final

from vsm_gate.impact.discover.reading import table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "package.json"

_KINDS: Final = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


def wants(path: str) -> bool:
    """The manifest."""
    return named(path, "package.json")


def read(text: str) -> Packages:
    """What it depends on, in any way."""
    data = parsed(text, "json")
    return collected(
        (name, version)
        for kind in _KINDS
        for name, version in table(data.get(kind)).items()
        if isinstance(version, str)
    )
