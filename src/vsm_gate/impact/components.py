"""Which components a file belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vsm_gate.impact.patterns import PatternIndex, clean, folders
from vsm_gate.model.impact import Component


@dataclass(slots=True)
class ComponentMap:
    """Components by the files that they hold.

    A file belongs to every component with a pattern that matches it (a pattern of a folder
    matches all below it, `!pattern` takes files out again), and to the member of a workspace with
    the innermost root above it.
    """

    components: Sequence[Component]
    _index: PatternIndex = field(default_factory=PatternIndex)
    _excluded: PatternIndex = field(default_factory=PatternIndex)
    _roots: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, component in enumerate(self.components):
            for pattern in component.paths:
                if pattern.startswith("!"):
                    _add(self._excluded, pattern[1:], number)
                else:
                    _add(self._index, pattern, number)
            if component.root is not None:
                self._roots.setdefault(component.root.strip("/"), []).append(number)

    def components_of(self, path: str) -> tuple[str, ...]:
        """The names of a file's components, in the order in which they were given."""
        numbers = set(self._index.matches(path))
        if numbers:
            numbers -= set(self._excluded.matches(path))
        if self._roots:
            numbers.update(self._innermost(path))
        return tuple(dict.fromkeys(self.components[number].name for number in sorted(numbers)))

    def _innermost(self, path: str) -> Iterable[int]:
        found: Iterable[int] = ()
        for folder in folders(path):
            found = self._roots.get(folder, found)
        return found


def components_of(
    components: Sequence[Component], files: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The components of each file, by path; a file that is in none has an empty tuple."""
    known = ComponentMap(components)
    return {path: known.components_of(path) for path in files}


def _add(index: PatternIndex, pattern: str, number: int) -> None:
    """A pattern, and what is below it where its last part could be a folder."""
    glob = clean(pattern)
    last = glob.rpartition("/")[2]
    index.add(glob, number)
    if not any(sign in last for sign in "*?["):
        index.add(f"{glob}/**", number)
