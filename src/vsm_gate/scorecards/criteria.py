"""What an objective asks of a metric: which values satisfy it, and whether one criterion implies
another. How they are written is in `criterion_language`. All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise
from operator import and_, or_
from typing import Final

from vsm_gate.scorecards.values import EVERYTHING, NOT_NEGATIVE, ValueSet, compared

# Units of metrics that can be below zero; all others begin at it.
_SIGNED: Final = frozenset({"%", "points"})


@dataclass(frozen=True, slots=True)
class Clause:
    """`value OPERATOR slope · baseline + offset`."""

    operator: str
    slope: Fraction
    offset: Fraction

    def limit(self, baseline: Fraction | None) -> Fraction:
        """The number compared with. Raises `ValueError` where it needs a baseline without one."""
        if not self.slope:
            return self.offset
        if baseline is None:
            raise ValueError("a clause with `baseline` needs one")
        return self.slope * baseline + self.offset

    def satisfied_by(self, value: Fraction, baseline: Fraction | None) -> bool | None:
        """Whether a value satisfies it; None where it needs a baseline and there is none."""
        if self.slope and baseline is None:
            return None
        return value in compared(self.operator, self.limit(baseline))


@dataclass(frozen=True, slots=True)
class Criterion:
    """A parsed criterion: alternatives (`or`) of clauses that hold together (`and`).

    Limits are in the metric's own unit, % as 0…100.
    """

    text: str
    alternatives: tuple[tuple[Clause, ...], ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the text."""
        return tuple(clause for group in self.alternatives for clause in group)

    @property
    def needs_baseline(self) -> bool:
        """Whether `baseline` stands in it."""
        return any(clause.slope for clause in self.clauses)

    def values(self, baseline: Fraction | None) -> ValueSet:
        """The values that satisfy it. Raises `ValueError` where a baseline is needed and None."""
        return reduce(or_, (self._together(group, baseline) for group in self.alternatives))

    @staticmethod
    def _together(group: tuple[Clause, ...], baseline: Fraction | None) -> ValueSet:
        return reduce(and_, (compared(clause.operator, clause.limit(baseline)) for clause in group))

    def satisfied_by(self, value: Fraction, baseline: Fraction | None) -> bool | None:
        """Whether a value satisfies it; None where that depends on a baseline that is not there.

        `<= baseline or <= 1m` holds for 10 s whatever the baseline may be.
        """
        groups = [
            _all(clause.satisfied_by(value, baseline) for clause in group)
            for group in self.alternatives
        ]
        if True in groups:
            return True
        return None if None in groups else False


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    if False in found:
        return False
    return None if None in found else True


# Far more than floats of numbers such as metrics have can be wrong by.
_CLOSE: Final = 1e-9


class Rough:
    """A criterion in floats, which are quick: it answers what is plain, and None where a value is
    so close to a limit that only exact arithmetic tells.
    """

    def __init__(self, criterion: Criterion) -> None:
        self._alternatives = [
            [(_PLAIN[each.operator], float(each.slope), float(each.offset)) for each in group]
            for group in criterion.alternatives
        ]

    def satisfied_by(self, value: float, baseline: float) -> bool | None:
        """Whether a value plainly satisfies it, or plainly does not."""
        unsure = False  # pragma: no mutate (None is as false)
        for group in self._alternatives:
            held: bool | None = True
            for (below, above), slope, offset in group:
                limit = slope * baseline + offset
                far = value - limit
                close = _CLOSE * (1 + abs(limit))  # pragma: no mutate (ten times as much would do)
                if abs(far) < close:  # pragma: no mutate (nor is the edge of it any other)
                    held = None
                elif not (above if far > 0 else below):  # pragma: no mutate (0 is close)
                    held = False
                    break
            if held:
                return True
            unsure = unsure or held is None
        return None if unsure else False


# Whether a value plainly below the limit satisfies a comparison, and one plainly above it.
_PLAIN: Final = {
    "==": (False, False),
    "!=": (True, True),
    "<": (True, False),
    "<=": (True, False),
    ">": (False, True),
    ">=": (False, True),
}


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A value that satisfies one criterion and not the other, at a baseline (None: at any)."""

    value: Fraction
    baseline: Fraction | None


def difference(one: Criterion, other: Criterion, unit: str) -> Counterexample | None:
    """A value that `one` accepts and `other` does not, or None: then `one` implies `other`.

    Decided for every possible baseline: as the baseline moves, the order of the limits changes
    only where two of them meet, so one look at each such place and between them is a proof. An
    example without negative numbers is preferred: a reader will have met one.
    """
    domain = EVERYTHING if unit in _SIGNED else NOT_NEGATIVE
    relative = one.needs_baseline or other.needs_baseline
    unusual = None
    for baseline in _baselines(one, other, unit):
        shown = baseline if relative else None
        extra = one.values(baseline) & ~other.values(baseline) & domain
        usual = extra & NOT_NEGATIVE
        if usual and baseline >= 0:
            return Counterexample(usual.example(), shown)
        if extra and unusual is None:
            unusual = Counterexample(extra.example(), shown)
    return unusual


def can_hold(criterion: Criterion, unit: str) -> bool:
    """Whether any value satisfies it, at any baseline."""
    domain = EVERYTHING if unit in _SIGNED else NOT_NEGATIVE
    return any(
        criterion.values(baseline) & domain for baseline in _baselines(criterion, criterion, unit)
    )


def _baselines(one: Criterion, other: Criterion, unit: str) -> Iterator[Fraction]:
    """Baselines between which the limits of two criteria, and zero, keep their order."""
    lines = {(clause.slope, clause.offset) for clause in (*one.clauses, *other.clauses)}
    lines.add((Fraction(0), Fraction(0)))
    meetings = {Fraction(0)}
    for (slope, offset), (slope2, offset2) in combinations(lines, 2):
        if slope != slope2:
            meetings.add((offset2 - offset) / (slope - slope2))
    places = sorted(meetings)
    between = [(low + high) / 2 for low, high in pairwise(places)]
    # Any place beyond the outermost will do.
    every = {places[0] - 1, *places, *between, places[-1] + 1}  # pragma: no mutate
    yield from sorted(baseline for baseline in every if baseline >= 0)
    if unit in _SIGNED:
        # Here again what was there already would do no harm.
        yield from sorted(baseline for baseline in every if baseline < 0)  # pragma: no mutate
