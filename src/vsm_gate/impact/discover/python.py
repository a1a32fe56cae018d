"""Python projects that belong together: uv workspaces and dependencies by path (uv, Poetry)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

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

NAME: Final = "Python workspace"

_REQUIREMENT: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def wants(path: str) -> bool:
    """Every project's `pyproject.toml`."""
    return path.rpartition("/")[2] == "pyproject.toml"


def find(files: Files) -> Iterator[Found | Trouble]:
    """The members of workspaces, and all projects that depend by path on one another."""
    data, troubles = tables(files)
    yield from troubles
    projects = {folder(path): content for path, content in data.items()}
    names = {home: _name(home, content) for home, content in projects.items()}
    chosen: set[str] = set()
    for home, content in projects.items():
        space = table(_at(content, "tool", "uv", "workspace"))
        if space:
            refused = [f"!{pattern}" for pattern in strings(space.get("exclude"))]
            chosen |= {home, *members(home, [*strings(space.get("members")), *refused], projects)}
        linked = _by_path(home, content) & projects.keys()
        chosen |= linked | ({home} if linked else set())
    by_name = {names[home]: home for home in chosen}
    for home in sorted(chosen):
        wanted = {by_name[name] for name in _required(projects[home]) if name in by_name}
        wanted = (wanted | _by_path(home, projects[home]) & chosen) - {home}
        source = f"{home}/pyproject.toml".removeprefix("/")
        depends_on = tuple(sorted(names[other] for other in wanted))
        yield Found(names[home], source, home, depends_on=depends_on)


def _name(home: str, content: Table) -> str:
    given = string(_at(content, "project", "name")) or string(
        _at(content, "tool", "poetry", "name")
    )
    return _normal(given) if given else home or "(root)"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _required(content: Table) -> Iterator[str]:
    """The normal names of all that a project asks for, in any group."""
    project = table(content.get("project"))
    groups = [project.get("dependencies")]
    groups += table(project.get("optional-dependencies")).values()
    groups += table(content.get("dependency-groups")).values()
    groups.append(_at(content, "tool", "uv", "dev-dependencies"))
    for group in groups:
        for requirement in strings(group):
            match = _REQUIREMENT.match(requirement)
            if match:
                yield _normal(match[1])


def _by_path(home: str, content: Table) -> set[str]:
    """The folders that a project depends on by path."""
    poetry = table(_at(content, "tool", "poetry"))
    tables_ = [
        table(_at(content, "tool", "uv", "sources")),
        table(poetry.get("dependencies")),
        table(poetry.get("dev-dependencies")),
        *(table(table(group).get("dependencies")) for group in table(poetry.get("group")).values()),
    ]
    paths = (string(table(entry).get("path")) for found in tables_ for entry in found.values())
    folders = (beside(home, path) for path in paths if path)
    return {there for there in folders if there is not None}


def _at(content: Table, *steps: str) -> Any:
    value: Any = content
    for step in steps:
        value = table(value).get(step)
    return value
