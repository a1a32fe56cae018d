"""Workspaces of npm, Yarn, Bun and pnpm: `package.json` and `pnpm-workspace.yaml`.

A package depends on the members that it names in any kind of dependency. That the version asked
for is the member's own is taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import (
    Table,
    beside,
    folder,
    members,
    string,
    strings,
    table,
    tables,
)

NAME: Final = "npm, Yarn or pnpm workspace"

_KINDS: Final = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_ELSEWHERE: Final = ("npm:", "http:", "https:", "git", "github:")
_BY_PATH: Final = ("file:", "link:", "portal:")
_PNPM: Final = "pnpm-workspace.yaml"


def wants(path: str) -> bool:
    """Manifests that are not somebody else's."""
    *above, name = path.split("/")
    return name in {"package.json", _PNPM} and "node_modules" not in above


def find(files: Files) -> Iterator[Found | Trouble]:
    """The packages of every workspace, the package at its root among them."""
    data, troubles = tables(files)
    yield from troubles
    packages = {folder(path): path for path in data if path.endswith("package.json")}
    chosen: set[str] = set()
    for path, content in data.items():
        root, patterns = folder(path), _patterns(path, content)
        if patterns:
            chosen.update(members(root, patterns, packages))
            chosen.update({root} & packages.keys())
    names = {home: _name(home, data[packages[home]]) for home in sorted(chosen)}
    known = set(names.values())
    for home, name in names.items():
        wanted = _dependencies(home, data[packages[home]], names)
        depends_on = tuple(other for other in wanted if other in known and other != name)
        yield Found(name, packages[home], home, depends_on=depends_on)


def _patterns(path: str, content: Table) -> tuple[str, ...]:
    if path.endswith(_PNPM):
        return strings(content.get("packages"))
    spaces = content.get("workspaces")
    return strings(spaces) or strings(table(spaces).get("packages"))


def _name(home: str, content: Table) -> str:
    return string(content.get("name")) or home or "(root)"


def _dependencies(home: str, content: Table, names: dict[str, str]) -> dict[str, None]:
    """The names of what a package asks for, each once, those elsewhere left out."""
    wanted: dict[str, None] = {}
    for kind in _KINDS:
        for name, version in table(content.get(kind)).items():
            text = version if isinstance(version, str) else ""
            if text.startswith(_BY_PATH):
                there = beside(home, text.partition(":")[2])
                if there in names:
                    wanted[names[there]] = None
            elif not text.startswith(_ELSEWHERE):
                wanted[name] = None
    return wanted
