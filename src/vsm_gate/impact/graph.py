"""Components and who depends on whom. Everything here is linear in components and edges."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vsm_gate.model.impact import Component


@dataclass(slots=True)
class Graph:
    """Components by number, with their dependencies and their dependents.

    What is wrong with the declarations is kept as values: `duplicates` names those declared more
    than once, with their sources (all their dependencies count); `unknown` has each (component,
    name) where a dependency names no component.
    """

    names: list[str] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    dependencies: list[list[int]] = field(default_factory=list)
    dependents: list[list[int]] = field(default_factory=list)
    duplicates: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, components: Sequence[Component]) -> Graph:
        """The graph of a list of components."""
        graph = cls()
        first: dict[str, str] = {}
        for component in components:
            if component.name in first:
                sources = graph.duplicates.setdefault(component.name, [first[component.name]])
                sources.append(component.source)
                continue
            first[component.name] = component.source
            graph.number[component.name] = len(graph.names)
            graph.names.append(component.name)
        graph.dependencies = [[] for _ in graph.names]
        graph.dependents = [[] for _ in graph.names]
        for component in components:
            graph._connect(component)
        return graph

    def _connect(self, component: Component) -> None:
        number, dependents = self.number, self.dependents
        mine = number[component.name]
        try:
            known = list(map(number.__getitem__, component.depends_on))
        except KeyError:
            known = [number[name] for name in component.depends_on if name in number]
            strange = (name for name in component.depends_on if name not in number)
            self.unknown.extend((component.name, name) for name in strange)
        self.dependencies[mine] += known
        for other in known:
            dependents[other].append(mine)

    def reached_from(self, names: Iterable[str]) -> list[int]:
        """The components named and all that depend on them, however indirectly."""
        seen = bytearray(len(self.names))
        queue = [self.number[name] for name in names]
        for start in queue:
            seen[start] = 1
        for current in queue:
            for dependent in self.dependents[current]:
                if not seen[dependent]:
                    seen[dependent] = 1
                    queue.append(dependent)
        return queue

    def cycles(self) -> list[tuple[str, ...]]:
        """The groups of components that depend on one another, each and all sorted by name."""
        found = [
            tuple(sorted(self.names[node] for node in group))
            for group in strong_groups(self.dependencies, self._core())
            if len(group) > 1 or group[0] in self.dependencies[group[0]]
        ]
        return sorted(found)

    def _core(self) -> list[int]:
        """What is left when everything without dependencies or dependents is taken away."""
        waiting = [len(found) for found in self.dependencies]
        wanted = [len(found) for found in self.dependents]
        gone = bytearray(len(self.names))
        queue = deque(n for n in range(len(self.names)) if not (waiting[n] and wanted[n]))
        for node in queue:
            gone[node] = 1
        while queue:
            node = queue.popleft()
            for degrees, others in (
                (waiting, self.dependents[node]),
                (wanted, self.dependencies[node]),
            ):
                for other in others:
                    degrees[other] -= 1
                    if not degrees[other] and not gone[other]:
                        gone[other] = 1
                        queue.append(other)
        return [node for node in range(len(self.names)) if not gone[node]]


def strong_groups(edges: Sequence[Sequence[int]], nodes: Iterable[int]) -> Iterator[list[int]]:
    """The strongly connected groups of a graph that can be reached from `nodes`.

    Tarjan, SIAM J. Comput. 1(2), 1972, with a stack of its own instead of recursion.
    """
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    open_nodes: list[int] = []
    is_open: set[int] = set()
    for root in nodes:
        path = [] if root in order else [(root, iter(edges[root]))]
        while path:
            node, rest = path[-1]
            if node not in order:
                order[node] = low[node] = len(order)
                open_nodes.append(node)
                is_open.add(node)
            for other in rest:
                if other not in order:
                    path.append((other, iter(edges[other])))
                    break
                if other in is_open:
                    low[node] = min(low[node], order[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == order[node]:
                    yield _closed(node, open_nodes, is_open)


def _closed(root: int, open_nodes: list[int], is_open: set[int]) -> list[int]:
    """Take the finished group of `root` off the open nodes."""
    group: list[int] = []
    while not group or group[-1] != root:
        group.append(open_nodes.pop())
    is_open.difference_update(group)
    return group
