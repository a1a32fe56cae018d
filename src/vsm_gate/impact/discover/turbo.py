"""Turborepo's plan, as `turbo run build --dry=json > turbo-dry-run.json` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import beside, folder, string, strings, table, tables

NAME: Final = "Turborepo plan"

_ROOT: Final = "//"


def wants(path: str) -> bool:
    """Files of the usual names; there is no fixed one."""
    return path.rpartition("/")[2] in {"turbo-dry-run.json", "turbo-dry.json"}


def find(files: Files) -> Iterator[Found | Trouble]:
    """The packages of every plan, with what their tasks depend on."""
    plans, troubles = tables(files)
    yield from troubles
    for path, data in plans.items():
        homes: dict[str, str | None] = dict.fromkeys(strings(data.get("packages")))
        wanted: dict[str, dict[str, None]] = {}
        tasks = data.get("tasks")
        for task in map(table, tasks) if isinstance(tasks, list) else ():
            name = string(task.get("package")) or ""
            directory = string(task.get("directory"))
            homes[name] = beside(folder(path), directory) if directory else homes.get(name)
            others = (other.rpartition("#")[0] for other in strings(task.get("dependencies")))
            wanted.setdefault(name, {}).update(dict.fromkeys(others))
        for name, home in homes.items():
            if name and name != _ROOT:
                depends_on = tuple(o for o in wanted.get(name, ()) if o in homes and o != name)
                yield Found(name, path, home, depends_on=depends_on)
