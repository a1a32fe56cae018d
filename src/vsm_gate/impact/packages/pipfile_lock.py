"""Pipenv's `Pipfile.lock`."""

from __future__ import annotations

from typing import Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "Pipenv lock"


def wants(path: str) -> bool:
    """The lock file."""
    return named(path, "Pipfile.lock")


def read(text: str) -> Packages:
    """The packages of all its categories."""
    return collected(
        (name, version.removeprefix("=="))
        for category, entries in parsed(text, "json").items()
        if category != "_meta"
        for name, entry in table(entries).items()
        if (version := string(table(entry).get("version")))
    )
