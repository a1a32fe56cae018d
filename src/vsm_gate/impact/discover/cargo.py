"""Cargo workspaces: members, and the crates that they depend on by path or by the workspace."""

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

NAME: Final = "Cargo workspace"

_KINDS: Final = ("dependencies", "dev-dependencies", "build-dependencies")


def wants(path: str) -> bool:
    """Every crate's manifest."""
    return path.rpartition("/")[2] == "Cargo.toml"


def find(files: Files) -> Iterator[Found | Trouble]:
    """The crates of every workspace, those at a path that a member depends on among them."""
    data, troubles = tables(files)
    yield from troubles
    crates = {folder(path): content for path, content in data.items()}
    names = {
        home: name
        for home, content in crates.items()
        if (name := string(table(content.get("package")).get("name")))
    }
    for root, content in sorted(crates.items()):
        if "workspace" in content:
            yield from _workspace(root, table(content["workspace"]), crates, names)


def _workspace(
    root: str, space: Table, crates: dict[str, Table], names: dict[str, str]
) -> Iterator[Found]:
    refused = [f"!{pattern}" for pattern in strings(space.get("exclude"))]
    shared = _paths(root, table(space.get("dependencies")), {})
    chosen = set(members(root, [*strings(space.get("members")), *refused], crates)) | {root}
    wanted: dict[str, set[str]] = {}
    queue = sorted(chosen)
    for home in queue:
        wanted[home] = set(_dependencies(home, crates[home], shared)) & names.keys()
        added = sorted(wanted[home] - chosen)
        chosen.update(added)
        queue += added
    for home in sorted(chosen & names.keys()):
        source = f"{home}/Cargo.toml".removeprefix("/")
        depends_on = tuple(sorted(names[other] for other in wanted[home] - {home}))
        yield Found(names[home], source, home, depends_on=depends_on)


def _dependencies(home: str, content: Table, shared: dict[str, str]) -> Iterator[str]:
    """The folders of the crates that a crate depends on."""
    for part in (content, *map(table, table(content.get("target")).values())):
        for kind in _KINDS:
            yield from _paths(home, table(part.get(kind)), shared).values()


def _paths(home: str, entries: Table, shared: dict[str, str]) -> dict[str, str]:
    """Dependencies by their key, with the folder, where they are given by a path."""
    found: dict[str, str] = {}
    for key, entry in entries.items():
        path = string(table(entry).get("path"))
        there = beside(home, path) if path else None
        if table(entry).get("workspace") is True:
            there = shared.get(key)
        if there is not None:
            found[key] = there
    return found
