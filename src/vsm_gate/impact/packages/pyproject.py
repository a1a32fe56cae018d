"""The manifest of a Python project: `pyproject.toml`, by the standard and by Poetry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vsm_gate.impact.discover.reading import string, strings, table
from vsm_gate.impact.packages.contract import Packages, collected, named, parsed
from vsm_gate.impact.packages.requirements import requirement

NAME: Final = "pyproject.toml"


def wants(path: str) -> bool:
    """The manifest."""
    return named(path, "pyproject.toml")


def read(text: str) -> Packages:
    """What it depends on, in any group."""
    data = parsed(text, "toml")
    return collected([*_standard(data), *_poetry(table(table(data.get("tool")).get("poetry")))])


def _standard(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    project = table(data.get("project"))
    lists = [
        project.get("dependencies"),
        *table(project.get("optional-dependencies")).values(),
        *table(data.get("dependency-groups")).values(),
        table(data.get("build-system")).get("requires"),
    ]
    for entries in lists:
        for entry in strings(entries):
            found = requirement(entry)
            if found is not None:
                yield found


def _poetry(poetry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    groups = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
    groups += [table(group).get("dependencies") for group in table(poetry.get("group")).values()]
    for group in groups:
        for name, entry in table(group).items():
            version = string(entry) or string(table(entry).get("version"))
            if version and name != "python":
                yield name.lower(), version
