"""Maven reactors: modules, and the modules that they depend on or inherit from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import beside, folder

NAME: Final = "Maven reactor"

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class _Pom:
    path: str
    group: str
    artifact: str
    parent: str
    modules: tuple[str, ...]
    wanted: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.group}:{self.artifact}"


def wants(path: str) -> bool:
    """Every project object model."""
    return path.rpartition("/")[2] == "pom.xml"


def find(files: Files) -> Iterator[Found | Trouble]:
    """The modules of every reactor, the projects that list them among them.

    They are called by their artifact, and by group and artifact where two share an artifact.
    """
    poms: dict[str, _Pom] = {}
    for path in sorted(files):
        pom = _read(path, files[path])
        if isinstance(pom, Trouble):
            yield pom
        else:
            poms[folder(path)] = pom
    chosen = {home for home, pom in poms.items() if pom.modules}
    chosen |= {home for pom in poms.values() for home in _homes(pom)} & poms.keys()
    artifacts = Counter(poms[home].artifact for home in chosen)
    names = {
        pom.key: pom.artifact if artifacts[pom.artifact] == 1 else pom.key
        for pom in (poms[home] for home in sorted(chosen))
    }
    for home in sorted(chosen):
        pom = poms[home]
        wanted = dict.fromkeys(names[key] for key in (pom.parent, *pom.wanted) if key in names)
        wanted.pop(names[pom.key], None)
        yield Found(names[pom.key], pom.path, home, depends_on=tuple(wanted))


def _homes(pom: _Pom) -> Iterator[str]:
    """The folders of a project's modules; a module may be named by its file."""
    for module in pom.modules:
        home = beside(folder(pom.path), module.removesuffix("/pom.xml"))
        if home is not None:
            yield home


def _read(path: str, text: str) -> _Pom | Trouble:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return Trouble(path, "it declares a document type, which a project has no need of")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no document type, so nothing can be expanded
    except (ET.ParseError, ValueError) as problem:
        return Trouble(path, f"it cannot be read: {problem}")
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", str(element.tag))
    parent = root.find("parent")
    parent_group = _text(parent, "groupId")
    group = _text(root, "groupId") or parent_group
    lists = [root, *root.findall("profiles/profile")]
    wanted = (
        (_text(dependency, "groupId"), _text(dependency, "artifactId"))
        for part in lists
        for dependency in part.findall("dependencies/dependency")
    )
    return _Pom(
        path=path,
        group=group,
        artifact=_text(root, "artifactId"),
        parent=f"{parent_group}:{_text(parent, 'artifactId')}",
        modules=tuple(
            (module.text or "").strip() for part in lists for module in part.findall("modules/*")
        ),
        wanted=tuple(f"{_own(name, group)}:{artifact}" for name, artifact in wanted),
    )


def _own(name: str, group: str) -> str:
    return group if name in {"${project.groupId}", "${groupId}", "${pom.groupId}"} else name


def _text(element: ET.Element | None, tag: str) -> str:
    return (element.findtext(tag) or "").strip() if element is not None else ""
