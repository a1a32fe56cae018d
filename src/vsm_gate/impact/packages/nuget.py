"""NuGet: `packages.lock.json`, `Directory.Packages.props` and project files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.reading import string, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed

NAME: Final = "NuGet"

_REFERENCE: Final = re.compile(
    r"<(?:PackageReference|PackageVersion|GlobalPackageReference)\b([^<>]*+)>"
)
_ATTRIBUTE: Final = re.compile(r"\b(Include|Update|Version)\s*+=\s*+\"([^\"<>]*+)\"")


def wants(path: str) -> bool:
    """Lock files, central versions and project files."""
    return named(path, "packages.lock.json", "Directory.Packages.props") or path.endswith(
        (".csproj", ".fsproj", ".vbproj")
    )


def read(text: str) -> Packages:
    """The packages that are resolved or referred to."""
    if text.lstrip("\ufeff \r\n\t").startswith("{"):
        return collected(_locked(text))
    return collected(_referred(text))


def _locked(text: str) -> Iterator[tuple[str, str]]:
    for framework in map(table, table(parsed(text, "json").get("dependencies")).values()):
        for name, entry in framework.items():
            version = string(table(entry).get("resolved"))
            if version:
                yield name, version


def _referred(text: str) -> Iterator[tuple[str, str]]:
    for reference in _REFERENCE.findall(text):
        said = dict(_ATTRIBUTE.findall(reference))
        name = said.get("Include") or said.get("Update")
        if name:
            yield name, said.get("Version") or "any"
