"""The dependencies of a Maven project: `pom.xml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "Maven"

_PROPERTY: Final = re.compile(r"\$\{([^}]+)\}")
_NAMESPACE: Final = re.compile(r"\{[^}]*\}")


def wants(path: str) -> bool:
    """The project object model."""
    return named(path, "pom.xml")


def read(text: str) -> Packages:
    """Dependencies, managed ones, plugins and the parent, with the file's own properties put in."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it declares a document type, which a project has no need of")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no document type, so nothing can be expanded
    except ET.ParseError as problem:
        raise ValueError(f"it cannot be read: {problem}") from None
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", str(element.tag))
    return collected(_entries(root))


def _entries(root: ET.Element) -> Iterator[tuple[str, str]]:
    properties = {each.tag: (each.text or "").strip() for each in root.findall(".//properties/*")}
    for tag in ("dependency", "plugin", "extension", "parent"):
        for entry in root.iter(tag):
            group, artifact, version = (
                (entry.findtext(part) or "").strip()
                for part in ("groupId", "artifactId", "version")
            )
            if artifact and version:
                known = _PROPERTY.sub(lambda use: properties.get(use[1], use[0]), version)
                yield f"{group}:{artifact}".removeprefix(":"), known
