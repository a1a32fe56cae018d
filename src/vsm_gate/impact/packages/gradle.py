"""Gradle's `gradle.lockfile` and version catalogs (`libs.versions.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "Gradle"

_LOCKED: Final = re.compile(r"^([^:=#\s]+:[^:=\s]+):([^:=\s]+)=", re.MULTILINE)


def wants(path: str) -> bool:
    """Lock files and version catalogs; build scripts are programs."""
    return named(path, "gradle.lockfile", "buildscript-gradle.lockfile") or path.endswith(
        ".versions.toml"
    )


def read(text: str) -> Packages:
    """The modules that are locked, or that a catalog names."""
    return collected(_LOCKED.findall(text) or _catalog(text))


def _catalog(text: str) -> Iterator[tuple[str, str]]:
    if not re.search(r"^\[", text, re.MULTILINE):
        return
    data = parsed(text, "toml")
    versions = table(data.get("versions"))
    for kind, key in (("libraries", "module"), ("plugins", "id")):
        for entry in table(data.get(kind)).values():
            if isinstance(entry, str):
                name, _, version = entry.rpartition(":")
            else:
                name = _name(entry, key)
                given = table(entry).get("version")
                referred = string(table(given).get("ref")) or ""
                version = string(versions.get(referred)) or string(given) or ""
            if name and version:
                yield name, version


def _name(entry: object, key: str) -> str:
    """The module of a library by its one name or by its two, or the id of a plugin."""
    said = table(entry)
    group, name = string(said.get("group")), string(said.get("name"))
    return string(said.get(key)) or (f"{group}:{name}" if group and name else "")
