"""Sets of values on the number line, exact: what a criterion accepts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

BEFORE: Final = 0
AFTER: Final = 1

# A place between two neighbouring values: just before a number or just after it.
Cut = tuple[Fraction, int]


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A union of intervals, each end open or closed.

    `starts` says whether the set reaches to minus infinity; from there on each cut in the
    ascending `cuts` leads out of the set or into it. `>= 80` is `(False, ((80, BEFORE),))`.
    """

    starts: bool
    cuts: tuple[Cut, ...] = ()

    def __contains__(self, value: Fraction) -> bool:
        return self.starts ^ bool(bisect_right(self.cuts, (value, BEFORE)) % 2)

    def __and__(self, other: ValueSet) -> ValueSet:
        return self._combine(other, lambda mine, theirs: mine and theirs)

    def __or__(self, other: ValueSet) -> ValueSet:
        return self._combine(other, lambda mine, theirs: mine or theirs)

    def __invert__(self) -> ValueSet:
        return ValueSet(not self.starts, self.cuts)

    def __bool__(self) -> bool:
        """Whether there is any value in it."""
        return self.starts or bool(self.cuts)

    def _combine(self, other: ValueSet, rule: Callable[[bool, bool], bool]) -> ValueSet:
        starts = inside = rule(self.starts, other.starts)
        cuts: list[Cut] = []
        for cut in sorted({*self.cuts, *other.cuts}):
            now = rule(self._after(cut), other._after(cut))
            if now is not inside:
                cuts.append(cut)
                inside = now
        return ValueSet(starts, tuple(cuts))

    def _after(self, cut: Cut) -> bool:
        return self.starts ^ bool(bisect_right(self.cuts, cut) % 2)

    def edges_around(self, value: Fraction) -> tuple[Cut | None, Cut | None]:
        """The nearest cut below a value and the nearest above it; None where there is none."""
        index = bisect_right(self.cuts, (value, BEFORE))
        below = self.cuts[index - 1] if index else None
        above = self.cuts[index] if index < len(self.cuts) else None
        return below, above

    def first_edge_from(self, cut: Cut) -> Cut | None:
        """The first cut at this place or above it."""
        index = bisect_left(self.cuts, cut)
        return self.cuts[index] if index < len(self.cuts) else None

    def last_edge_to(self, cut: Cut) -> Cut | None:
        """The last cut at this place or below it."""
        index = bisect_right(self.cuts, cut)
        return self.cuts[index - 1] if index else None

    def example(self) -> Fraction:
        """A value of the set. Raises `ValueError` where it is empty."""
        if not self:
            raise ValueError("the set is empty")
        if not self.cuts:
            return Fraction(0)
        if self.starts:
            first, side = self.cuts[0]
            return first if side == AFTER else first - 1
        low, side = self.cuts[0]
        if side == BEFORE:
            return low
        if len(self.cuts) == 1:
            return low + 1
        high, side = self.cuts[1]
        return high if side == AFTER else (low + high) / 2


EVERYTHING: Final = ValueSet(starts=True)
NOT_NEGATIVE: Final = ValueSet(starts=False, cuts=((Fraction(0), BEFORE),))


# Whether such a set begins at minus infinity, and the sides of the limit that it is cut at.
_SHAPES: Final = {
    "==": (False, BEFORE, AFTER),
    "!=": (True, BEFORE, AFTER),
    "<": (True, BEFORE),
    "<=": (True, AFTER),
    ">": (False, AFTER),
    ">=": (False, BEFORE),
}


def compared(operator: str, limit: Fraction) -> ValueSet:
    """The values for which `value OPERATOR limit` holds, OPERATOR as in Python."""
    starts, *sides = _SHAPES[operator]
    return ValueSet(bool(starts), tuple((limit, side) for side in sides))
