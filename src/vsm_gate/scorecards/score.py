"""How far a value is from what is asked: 0…100."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from vsm_gate.scorecards.values import ValueSet

FULL: Final = Fraction(100)
AT_WARN: Final = Fraction(50)
NONE: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and the two edges it was drawn through; None where no line was needed."""

    points: Fraction
    pass_edge: Fraction | None = None
    warn_edge: Fraction | None = None


def score(value: Fraction, passes: ValueSet, warns: ValueSet | None) -> Scored:
    """Score a value.

    100 where it passes; otherwise on a straight line through 100 at the edge of what passes and
    50 at the edge of what warns, down to 0 as far beyond the one as the other is from the first:

        max(0, 100 − 50 · |value − p| ÷ |w − p|)

    with p the edge of the passing values that faces the value and w the edge, on that side, of
    the warning values around p. Where the value lies between passing values both sides are
    looked at and the better counts. Without a warn criterion: 0. A value that warns has 50 at
    least, one that fails 50 at most.
    """
    if value in passes:
        return Scored(FULL)
    if warns is None:
        return Scored(NONE)
    below, above = passes.edges_around(value)
    lines = [Scored(NONE)]
    if below is not None:
        edge = warns.first_edge_from(below)
        lines.append(_line(value, below[0], edge[0] if edge else None))
    if above is not None:
        edge = warns.last_edge_to(above)
        lines.append(_line(value, above[0], edge[0] if edge else None))
    best = max(reversed(lines), key=lambda line: line.points)
    return Scored(AT_WARN) if value in warns and best.points < AT_WARN else best


def _line(value: Fraction, p: Fraction, w: Fraction | None) -> Scored:
    """`w` None: everything on that side warns, so the line is level."""
    if w is None:
        return Scored(FULL, p)
    if w == p:
        return Scored(NONE, p, w)
    return Scored(max(NONE, FULL - AT_WARN * abs(value - p) / abs(w - p)), p, w)
