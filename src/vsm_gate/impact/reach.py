"""What a change reaches: the components it touches, and all that depend on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from vsm_gate.documents import nearest
from vsm_gate.impact.codeowners import Codeowners
from vsm_gate.impact.components import components_of
from vsm_gate.impact.graph import Graph
from vsm_gate.impact.sensitive import classify
from vsm_gate.memory import no_garbage_collection
from vsm_gate.model.impact import Component, Impact

_SHOWN: Final = 10
_SUGGEST_AMONG: Final = 2_000


def reach(
    components: Sequence[Component],
    changed: Iterable[str],
    codeowners: Codeowners | None = None,
    *,
    sensitive: Mapping[str, Sequence[str]] | None = None,
) -> Impact:
    """The impact of a change of the files `changed`, among these components.

    Owners are those that CODEOWNERS names for a changed file, else the owners of its components.
    `sensitive` overrides classes of sensitive files. What is wrong with the declarations becomes
    a note. Linear in components, dependencies and files.
    """
    files = sorted(set(changed))
    with no_garbage_collection():
        homes = components_of(components, files)
        touched = sorted({name for names in homes.values() for name in names})
        graph = Graph.of(components)
        reached = {graph.names[number] for number in graph.reached_from(touched)}
        notes = [*graph_notes(graph), *_file_notes(homes, known=bool(components))]
    own = frozenset(touched)
    tiers = [known.tier for known in components if known.tier and known.name in reached]
    if codeowners is not None:
        wrong = [f"{mistake.where}: {mistake.message}" for mistake in codeowners.mistakes]
        notes += _some(wrong, "lines of CODEOWNERS cannot be read")
    return Impact(
        total=len(graph.names),
        touched=tuple(touched),
        reached=tuple(sorted(reached)),
        tier=min(tiers, default=None),
        tiers={known.name: known.tier for known in components if known.tier and known.name in own},
        owners=_owners(components, homes, codeowners),
        sensitive=classify(files, sensitive),
        notes=tuple(notes),
    )


def _owners(
    components: Sequence[Component],
    homes: Mapping[str, tuple[str, ...]],
    codeowners: Codeowners | None,
) -> tuple[str, ...]:
    by_name = {known.name: known.owner for known in components if known.owner}
    found: set[str] = set()
    for path, names in homes.items():
        owners = codeowners.owners_of(path) if codeowners else ()
        found.update(owners or (by_name[name] for name in names if name in by_name))
    return tuple(sorted(found))


def graph_notes(graph: Graph) -> Iterator[str]:
    """What is wrong in the declarations: duplicates, unknown names, cycles; few of each kind."""
    names = graph.names if len(graph.names) <= _SUGGEST_AMONG else ()
    yield from _some(
        [
            f"component `{name}` is declared more than once ({', '.join(dict.fromkeys(sources))}): "
            "all its declarations count"
            for name, sources in graph.duplicates.items()
        ],
        "components are declared more than once",
    )
    unknown = [
        (f"component `{name}` depends on `{other}`, which is not known", other)
        for name, other in graph.unknown[: _SHOWN + 1]
    ]
    more = len(graph.unknown) - len(unknown)
    hints = [
        f"{text}; {hint}" if (hint := nearest(word, names)) else text for text, word in unknown
    ]
    yield from _some(hints, "dependencies are not known", more)
    yield from _some(
        [f"components depend on one another: {_listed(group)}" for group in graph.cycles()],
        "cycles of dependencies",
    )


def _file_notes(homes: Mapping[str, tuple[str, ...]], *, known: bool) -> Iterator[str]:
    homeless = [path for path, names in homes.items() if not names]
    if known and homeless:
        files = "file belongs" if len(homeless) == 1 else "files belong"
        yield f"{len(homeless)} changed {files} to no component: {_listed(homeless)}"


def _some(notes: Sequence[str], what: str, more: int = 0) -> Iterator[str]:
    """The first notes of a kind, and how many there are beside them."""
    yield from notes[:_SHOWN]
    rest = more + len(notes[_SHOWN:])
    if rest:
        yield f"{rest} more {what}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
