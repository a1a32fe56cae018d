"""Pictures of components and their dependencies, as text for Mermaid and for Graphviz."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from vsm_gate.model.impact import Component, Impact

MAX_NODES: Final = 60

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 ._/@-]")
_STYLES: Final = (
    "classDef touched fill:#b3261e,stroke:#7a1a14,color:#ffffff",
    "classDef reached fill:#f6c8b6,stroke:#b3261e,color:#3a1510",
)


def mermaid(components: Sequence[Component], impact: Impact | None = None) -> str:
    """A Mermaid flow chart; with an impact only what it reaches, touched components marked.

    An arrow goes from a component to what it depends on. Beyond `MAX_NODES` components the chart
    is cut and says so: the touched ones are drawn first.
    """
    shown, left_out = _shown(components, impact)
    ids = {name: f"c{number}" for number, name in enumerate(shown)}
    lines = ["flowchart LR"]
    changed = frozenset(impact.touched if impact else ())
    marks = {name: " · changed" if name in changed else "" for name in shown}
    lines += [f'  {ids[name]}["{_mermaid_text(name)}{marks[name]}"]' for name in shown]
    lines += [f"  {ids[name]} --> {ids[other]}" for name, other in _edges(components, ids)]
    if left_out:
        lines.append(f'  more["and {left_out} more"]')
    if impact is not None:
        touched = [ids[name] for name in shown if name in changed]
        reached = [ids[name] for name in shown if name not in changed]
        lines += [f"  {style}" for style in _STYLES]
        lines += [f"  class {','.join(touched)} touched"] if touched else []
        lines += [f"  class {','.join(reached)} reached"] if reached else []
    return "\n".join(lines) + "\n"


def dot(components: Sequence[Component]) -> str:
    """The whole graph for Graphviz, with arrows from a component to what it depends on."""
    names = dict.fromkeys(component.name for component in components)
    lines = ["digraph components {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f"  {_dot_text(name)};" for name in names]
    edges = _edges(components, names)
    lines += [f"  {_dot_text(name)} -> {_dot_text(other)};" for name, other in edges]
    return "\n".join([*lines, "}"]) + "\n"


def _shown(components: Sequence[Component], impact: Impact | None) -> tuple[list[str], int]:
    if impact is None:
        names = list(dict.fromkeys(component.name for component in components))
    else:
        names = list(dict.fromkeys((*impact.touched, *impact.reached)))
    return names[:MAX_NODES], len(names[MAX_NODES:])


def _edges(components: Sequence[Component], shown: Collection[str]) -> Iterator[tuple[str, str]]:
    """The dependencies among the components shown, each once."""
    edges = (
        (component.name, other)
        for component in components
        if component.name in shown
        for other in component.depends_on
        if other in shown
    )
    yield from dict.fromkeys(edges)


def _mermaid_text(name: str) -> str:
    """A label in which nothing can end it: every other sign becomes its number."""
    return _UNSAFE.sub(lambda sign: f"#{ord(sign[0])};", name)


def _dot_text(name: str) -> str:
    """A quoted string of Graphviz, on one line."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'
