"""Nx's project graph, as `nx graph --file=nx-graph.json` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import Table, beside, folder, string, table, tables

NAME: Final = "Nx graph"


def wants(path: str) -> bool:
    """Files of the usual names; there is no fixed one."""
    return path.rpartition("/")[2] in {"nx-graph.json", "project-graph.json"}


def find(files: Files) -> Iterator[Found | Trouble]:
    """The projects of every graph; packages from a registry are left out."""
    graphs, troubles = tables(files)
    yield from troubles
    for path, data in graphs.items():
        graph = table(data.get("graph")) or data
        nodes = table(graph.get("nodes"))
        if not nodes:
            yield Trouble(path, "it has no projects: it is not what `nx graph --file` writes")
        for name, node in nodes.items():
            root = string(table(table(node).get("data")).get("root"))
            wanted = _targets(table(graph.get("dependencies")), name)
            depends_on = tuple(other for other in wanted if other in nodes and other != name)
            home = beside(folder(path), root) if root else None
            yield Found(str(name), path, home, depends_on=depends_on)


def _targets(dependencies: Table, name: str) -> dict[str, None]:
    edges = dependencies.get(name)
    targets = (table(edge).get("target") for edge in edges) if isinstance(edges, list) else ()
    return {target: None for target in targets if isinstance(target, str)}
