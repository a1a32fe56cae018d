"""npm's `package-lock.json` and `npm-shrinkwrap.json`, of every version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "npm lock"

_FOLDER: Final = "node_modules/"


def wants(path: str) -> bool:
    """Lock files of npm."""
    return named(path, "package-lock.json", "npm-shrinkwrap.json")


def read(text: str) -> Packages:
    """What is installed; members of the workspace, which are links, are left out."""
    data = parsed(text, "json")
    if "packages" in data:
        return collected(_of_folders(table(data["packages"])))
    return collected(_nested(table(data.get("dependencies"))))


def _of_folders(folders: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for folder, entry in folders.items():
        _, inside, name = folder.rpartition(_FOLDER)
        version = string(table(entry).get("version"))
        if inside and version and not table(entry).get("link"):
            yield string(table(entry).get("name")) or name, version


def _nested(entries: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    waiting = [entries]
    for current in waiting:
        for name, entry in current.items():
            version = string(table(entry).get("version"))
            if version:
                yield name, version
            waiting.append(table(table(entry).get("dependencies")))
