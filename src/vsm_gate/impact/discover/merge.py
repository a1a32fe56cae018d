"""One list of components from what several formats say, with the source of every fact.

What two formats say of one folder is said of one component: it has the name, the owner and the tier
that the earlier format gives, and the dependencies of both. What contradicts is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vsm_gate.impact.discover.contract import Found, Trouble
from vsm_gate.model.impact import Component


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is said, and the file that says it."""

    value: str
    source: str


@dataclass(slots=True)
class Declared:
    """A component with the sources of its facts."""

    name: str
    root: str | None
    paths: tuple[str, ...] = ()
    sources: list[str] = field(default_factory=list)
    owners: list[Fact] = field(default_factory=list)
    tiers: list[Fact] = field(default_factory=list)
    depends_on: dict[str, str] = field(default_factory=dict)

    def component(self) -> Component:
        """The component, with the facts that are believed."""
        return Component(
            name=self.name,
            paths=self.paths,
            owner=self.owners[0].value if self.owners else None,
            tier=int(self.tiers[0].value) if self.tiers else None,
            depends_on=tuple(self.depends_on),
            source=", ".join(self.sources),
            root=self.root,
        )


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found: components by name, what contradicts, and what could not be read."""

    declared: tuple[Declared, ...] = ()
    conflicts: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @property
    def components(self) -> tuple[Component, ...]:
        """The components, sorted by name."""
        return tuple(declared.component() for declared in self.declared)


def listed(components: Iterable[Component]) -> Discovered:
    """A list of components in the shape of what is discovered."""
    declared = (
        Declared(
            name=component.name,
            root=component.root,
            paths=component.paths,
            sources=[component.source],
            owners=[Fact(component.owner, component.source)] if component.owner else [],
            tiers=[Fact(str(component.tier), component.source)] if component.tier else [],
            depends_on=dict.fromkeys(component.depends_on, component.source),
        )
        for component in components
    )
    return Discovered(tuple(declared))


@dataclass(slots=True)
class _Merger:
    nodes: dict[tuple[str, ...], Declared] = field(default_factory=dict)
    by_name: list[dict[str, Declared]] = field(default_factory=list)
    claimed: set[tuple[int, str]] = field(default_factory=set)
    conflicts: list[str] = field(default_factory=list)

    def place(self, number: int, found: Found) -> Declared:
        """The component that a declaration is of: of its folder, else of its name.

        Where one format declares several components of one folder, each is one of its own.
        """
        by_folder = ("folder", found.root or "")
        by_name = ("name", str(number), found.name)
        free = found.root is not None and (number, found.root) not in self.claimed
        key = by_folder if free else by_name
        if found.root is not None:
            self.claimed.add((number, found.root))
        if key == by_name and key in self.nodes:
            first = self.nodes[key].sources[0]
            self.conflicts.append(
                f"`{found.name}` is declared twice, in {first} and in {found.source}"
            )
        node = self.nodes.setdefault(key, Declared(found.name, found.root))
        self.by_name[number].setdefault(found.name, node)
        return node

    def describe(self, node: Declared, found: Found) -> None:
        """Add what a declaration says of its component."""
        if found.source not in node.sources:
            node.sources.append(found.source)
        if found.owner is not None:
            node.owners.append(Fact(found.owner, found.source))
        if found.tier is not None:
            node.tiers.append(Fact(str(found.tier), found.source))

    def connect(self, number: int, node: Declared, found: Found) -> None:
        """Turn the names that a declaration depends on into the names of components."""
        for name in found.depends_on:
            target = self.by_name[number].get(name) or self.elsewhere(name)
            if target is not None and target is not node:
                node.depends_on.setdefault(target.name, found.source)
            elif target is None and found.strict:
                node.depends_on.setdefault(name, found.source)

    def elsewhere(self, name: str) -> Declared | None:
        """The component that the first format to know the name calls so."""
        return next((known[name] for known in self.by_name if name in known), None)

    def name_apart(self) -> None:
        """Give every component a name of its own, the later ones with their folder."""
        taken: dict[str, Declared] = {}
        for node in self.nodes.values():
            if node.name in taken:
                first = taken[node.name]
                where = f"in {first.sources[0]} and in {node.sources[0]}"
                self.conflicts.append(f"`{node.name}` is the name of two components, {where}")
                node.name = f"{node.name} ({node.root or node.sources[0]})"
            taken[node.name] = node

    def compare(self) -> None:
        """Name the owners and tiers that contradict."""
        for node in self.nodes.values():
            for what, facts in (("owner", node.owners), ("tier", node.tiers)):
                if len({fact.value for fact in facts}) > 1:
                    said = ", ".join(f"`{fact.value}` in {fact.source}" for fact in facts)
                    self.conflicts.append(f"the {what} of `{node.name}` is {said}")


def merge(formats: Sequence[Iterable[Found | Trouble]]) -> Discovered:
    """Merge what each format says, the formats in the order in which they are believed."""
    merger = _Merger()
    placed: list[tuple[int, Declared, Found]] = []
    troubles: list[Trouble] = []
    for number, said in enumerate(formats):
        merger.by_name.append({})
        for item in said:
            if isinstance(item, Trouble):
                troubles.append(item)
                continue
            node = merger.place(number, item)
            merger.describe(node, item)
            placed.append((number, node, item))
    merger.name_apart()
    for number, node, found in placed:
        merger.connect(number, node, found)
    merger.compare()
    return Discovered(
        declared=tuple(sorted(merger.nodes.values(), key=lambda node: node.name)),
        conflicts=tuple(dict.fromkeys(merger.conflicts)),
        troubles=tuple(troubles),
    )
