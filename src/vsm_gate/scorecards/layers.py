"""One file of a chain of scorecards, and what it sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vsm_gate.documents import Document, Path
from vsm_gate.errors import Mistake
from vsm_gate.scorecards.policy import Origin, Source

if TYPE_CHECKING:
    from vsm_gate.scorecards.schema import Closed, Scorecard


@dataclass(frozen=True, slots=True)
class Layer:
    """A scorecard file that was read; `broken` are the places of it that could not be used."""

    source: Source
    document: Document
    card: Scorecard
    broken: frozenset[Path] = frozenset()

    def origin(self, *path: str | int) -> Origin:
        """Where a path of it stands."""
        return Origin(self.source.name, *self.document.position(path))


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that somebody wrote, and where."""

    value: Any
    layer: Layer
    path: Path

    @property
    def origin(self) -> Origin:
        """File, line and column."""
        return self.layer.origin(*self.path)

    def mistake(self, message: str, hint: str | None = None) -> Mistake:
        """A mistake in it."""
        return self.layer.document.mistake(self.path, message, hint)

    def mistake_within(self, place: int, message: str, hint: str | None = None) -> Mistake:
        """A mistake at a character, from 1, of its text."""
        return self.layer.document.mistake_within(self.path, place, message, hint)


def settings(layer: Layer, part: Closed, path: Path) -> Iterator[tuple[str, Setting]]:
    """What was written in a part of a file, by the key as it is written."""
    for name, declared in type(part).model_fields.items():
        if name in part.model_fields_set:
            key = declared.alias or name
            yield key, Setting(getattr(part, name), layer, (*path, key))
