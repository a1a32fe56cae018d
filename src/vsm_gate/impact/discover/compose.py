"""Compose files: the services that are built here, and `depends_on`.

A service that only runs somebody's image is no part of this code base; who depends on it depends on
what that one depends on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import (
    Table,
    beside,
    folder,
    string,
    strings,
    table,
    tables,
)

NAME: Final = "Compose file"

_FILE: Final = re.compile(r"(?:docker-)?compose\.ya?ml")


def wants(path: str) -> bool:
    """The file of the usual name, and not its overrides."""
    return _FILE.fullmatch(path.rpartition("/")[2]) is not None


def find(files: Files) -> Iterator[Found | Trouble]:
    """The services with a build context in the repository."""
    composed, troubles = tables(files)
    yield from troubles
    for path, data in composed.items():
        services = {str(name): table(entry) for name, entry in table(data.get("services")).items()}
        homes = {
            name: beside(folder(path), context)
            for name, entry in services.items()
            if (context := _context(entry))
        }
        for name, home in homes.items():
            wanted = sorted(_built(name, services, homes) - {name})
            yield Found(name, path, home, depends_on=tuple(wanted))


def _context(service: Table) -> str | None:
    build = service.get("build")
    context = string(build) or string(table(build).get("context"))
    if context is None and table(build):
        return "."
    return None if context is None or "://" in context or "$" in context else context


def _built(name: str, services: dict[str, Table], homes: dict[str, str | None]) -> set[str]:
    """The services built here that a service waits for, past those that are not."""
    found: set[str] = set()
    seen = {name}
    queue = [name]
    for current in queue:
        given = services.get(current, {}).get("depends_on")
        for other in strings(given) or tuple(map(str, table(given))):
            if other in homes:
                found.add(other)
            elif other not in seen:
                seen.add(other)
                queue.append(other)
    return found
