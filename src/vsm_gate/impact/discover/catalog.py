"""Backstage's `catalog-info.yaml`: components with owner, dependencies and interfaces.

A component depends on those that `dependsOn` names and on those that provide an interface which it
consumes. Resources and systems are no components of the code base and are left out. Its folder is
what `backstage.io/source-location` says, else the folder of the file where the file declares only
one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import beside, folder, load_all, string, strings, table

NAME: Final = "Backstage catalog"

_FILE: Final = re.compile(r"(?:.*/)?catalog-info(?:[.-][^/]*)?\.ya?ml")
_LOCATION: Final = "backstage.io/source-location"
_IN_FORGE: Final = re.compile(r"url:https?://[^/]+/.+?/(?:-/)?(?:tree|blob|src)/[^/]+/?(.*)")
_TIER: Final = re.compile(r"(?:tier[-_ ]?)?([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Entity:
    source: str
    key: str
    metadata: dict[str, Any]
    spec: dict[str, Any]


def wants(path: str) -> bool:
    """Files of the usual name."""
    return _FILE.fullmatch(path) is not None


def find(files: Files) -> Iterator[Found | Trouble]:
    """The components of all catalog files, with interfaces turned into dependencies."""
    entities: list[_Entity] = []
    for path in sorted(files):
        for document in load_all(path, files[path]):
            if isinstance(document, Trouble):
                yield document
            elif document.get("kind") == "Component":
                metadata, spec = table(document.get("metadata")), table(document.get("spec"))
                key = _key(string(metadata.get("name")) or "", string(metadata.get("namespace")))
                if key:
                    entities.append(_Entity(path, key, dict(metadata), dict(spec)))
                else:
                    yield Trouble(path, "a component in it has no name")
    providers: dict[str, list[str]] = {}
    for entity in entities:
        for interface in strings(entity.spec.get("providesApis")):
            providers.setdefault(_reference(interface, "api")[1], []).append(entity.key)
    of_one_file = Counter(entity.source for entity in entities)
    for entity in entities:
        yield _found(entity, providers, alone=of_one_file[entity.source] == 1)


def _found(entity: _Entity, providers: dict[str, list[str]], *, alone: bool) -> Found:
    wanted: list[str] = []
    for reference in strings(entity.spec.get("dependsOn")):
        kind, key = _reference(reference, "component")
        if kind == "component":
            wanted.append(key)
    for interface in strings(entity.spec.get("consumesApis")):
        wanted += providers.get(_reference(interface, "api")[1], ())
    return Found(
        name=entity.key,
        source=entity.source,
        root=_root(entity, alone=alone),
        owner=_owner(entity),
        tier=_tier(entity),
        depends_on=tuple(dict.fromkeys(name for name in wanted if name != entity.key)),
        strict=True,
    )


def _reference(text: str, kind: str) -> tuple[str, str]:
    """Kind and key of `[kind:][namespace/]name`."""
    given, colon, rest = text.strip().partition(":")
    if not colon:
        given, rest = kind, given
    namespace, slash, name = rest.rpartition("/")
    return given.lower(), _key(name, namespace if slash else None)


def _key(name: str, namespace: str | None) -> str:
    """A name as it is shown: with its namespace where that is not the default one."""
    return f"{namespace}/{name}" if namespace and namespace != "default" and name else name


def _owner(entity: _Entity) -> str | None:
    owner = string(entity.spec.get("owner"))
    return _reference(owner, "group")[1] if owner else None


def _tier(entity: _Entity) -> int | None:
    """The tier of a label or annotation of that name, as teams write it; Backstage has none."""
    marks = {**table(entity.metadata.get("annotations")), **table(entity.metadata.get("labels"))}
    marks.setdefault("tier", entity.spec.get("tier"))
    for key, value in marks.items():
        if str(key).rpartition("/")[2].lower() in {"tier", "service-tier"}:
            match = _TIER.fullmatch(str(value).strip()) if isinstance(value, str | int) else None
            if match:
                return int(match[1])
    return None


def _root(entity: _Entity, *, alone: bool) -> str | None:
    home = folder(entity.source)
    location = string(table(entity.metadata.get("annotations")).get(_LOCATION)) or ""
    in_forge = _IN_FORGE.fullmatch(location)
    if in_forge:
        return beside("", in_forge[1] or ".")
    if location.startswith("dir:"):
        return beside(home, location.removeprefix("dir:"))
    if not alone:
        return None
    hidden = home.rpartition("/")[2].startswith(".")
    return folder(home) if hidden else home
