"""Recorded checks as a replay reads them: what is the same in many of them is made once. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from vsm_gate.model.results import Measurement
from vsm_gate.scorecards import recorded

# So many different measurements are kept, so that memory is bounded.
_KEPT: Final = 200_000
# What a measurement is made of (`recorded.measurement`).
_PARTS: Final = ("value", "numerator", "denominator", "sample", "exact", "unit", "missing")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A recorded measurement. Two cells are the same only where they are one object, so that they
    are compared and looked up quickly; `place` puts them in order by value without arithmetic on
    fractions where their nearest floats differ.
    """

    value: Fraction | None
    missing: str | None
    denominator: int | None
    sample: int | None
    place: tuple[float, Fraction] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        value = Fraction(0) if self.value is None else self.value
        object.__setattr__(self, "place", (float(value), value))

    def measurement(self, metric: str) -> Measurement:
        """The same as a measurement of a metric."""
        return Measurement(
            metric,
            self.value,
            self.missing,
            denominator=self.denominator,
            sample=self.sample,
        )


class Reading:
    """One check's record, as it is held against policies. `cell` answers for a metric, None where
    the record says nothing of it; `facts` are what conditions and waivers speak of.
    """

    __slots__ = ("_cells", "_document", "_facts", "_made", "_measured", "window")

    def __init__(self, document: recorded.Document, made: Readings) -> None:
        self.window = str(document.get("repository")), str(document.get("team"))
        self._document = document
        self._measured = recorded.part(document, "measurements")
        self._made = made
        self._cells: dict[str, Cell | None] = {}
        self._facts: Mapping[str, object] | None = None

    def cell(self, metric: str) -> Cell | None:
        """The measurement of a metric."""
        try:
            return self._cells[metric]
        except KeyError:
            found = self._cells[metric] = self._made.cell(self._measured.get(metric))
            return found

    @property
    def facts(self) -> Mapping[str, object]:
        """What the record says beside measurements."""
        if self._facts is None:
            self._facts = recorded.facts(self._document)
        return self._facts

    @property
    def broken(self) -> bool:
        """Whether evidence was declared that could not be used."""
        return bool(self._document.get("problems"))

    @property
    def landed(self) -> bool:
        """Whether it judged what is on the default branch."""
        return recorded.of_default_branch(self._document)

    @property
    def commit(self) -> Any:
        """The commit that was tested; None where the record does not tell."""
        return recorded.part(self._document, "change").get("tested")


class Readings:
    """Makes readings that share their cells."""

    def __init__(self) -> None:
        self._cells: dict[Hashable, Cell] = {}

    def of(self, document: recorded.Document) -> Reading:
        """A check's record."""
        return Reading(document, self)

    def cell(self, measured: Any) -> Cell | None:
        """A measurement as it is recorded, the same object for the same."""
        if not isinstance(measured, dict):
            return None
        get = measured.get
        value = get("value")
        key = (type(value), value, *map(get, _PARTS[1:]))
        try:
            known = self._cells.get(key)
        except TypeError:
            return _cell(measured)
        if known is None:
            known = _cell(measured)
            if len(self._cells) >= _KEPT:
                self._cells.clear()
            self._cells[key] = known
        return known


def _cell(measured: dict[str, Any]) -> Cell:
    found = recorded.measurement("", measured)
    assert found is not None  # noqa: S101 (it is a mapping)
    return Cell(found.value, found.missing, found.denominator, found.sample)
