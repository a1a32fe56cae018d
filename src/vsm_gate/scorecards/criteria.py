"""The criterion language: what an objective asks of a metric, in one line.

    criterion := clause (("and" | "or") clause)*          `and` binds tighter than `or`
    clause    := ("==" | "!=" | "<" | "<=" | ">" | ">=") term
    term      := number unit? | "baseline" (("+" | "-") number unit?)?
    number    := "-"? digits ("." digits)?                no sign after `baseline + …`
    unit      := "%" | "ms" | "s" | "m" | "h" | "d"

A metric in % takes numbers in `%`, a duration numbers in `ms`, `s`, `m` (minutes), `h` or `d`, any
other metric plain numbers; 0 needs no unit. `baseline - 0.5%` of a metric in % means percentage
points; of any other metric `baseline + 10%` means a tenth of the baseline more.
All arithmetic is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise
from operator import and_, or_
from typing import Final

from vsm_gate.documents import nearest
from vsm_gate.scorecards.values import (
    EVERYTHING,
    NOT_NEGATIVE,
    ValueSet,
    compared,
)

GRAMMAR: Final = (
    "a criterion is `== 0`, `>= 80%`, `<= 15m`, `>= baseline - 0.5%`, or several of these "
    "with `and` and `or`"
)
MAX_LENGTH: Final = 300
MAX_CLAUSES: Final = 8

# Seconds of each unit that a duration can be written in, and of each that one is measured in.
_WRITTEN: Final = {
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86400),
}
_MEASURED: Final = {"s": 1, "min": 60, "days": 86400}
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<operator>==|!=|<=|>=|<|>)"
    r"|(?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?)(?P<unit>\s*(?:%|(?:ms|[smhd])\b)|[A-Za-z]+)?"
    r"|(?P<word>[A-Za-z_]+)"
    r"|(?P<sign>[+-]))"
)
_WRITTEN_OTHERWISE: Final = {"=": "==", "≥": ">=", "≤": "<=", "≠": "!=", "&": "and", "|": "or"}
# Units of metrics that can be below zero; all others begin at it.
_SIGNED: Final = frozenset({"%", "points"})


class CriterionError(ValueError):
    """A criterion that cannot be understood. `column` counts from 1 in its text."""

    def __init__(self, message: str, column: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint or GRAMMAR


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


def parse(text: str, unit: str) -> Criterion:
    """Parse a criterion for a metric in `unit`. Raises `CriterionError`."""
    return Criterion(text.strip(), _reader(text, unit).criterion())


def quantity(text: str, unit: str) -> Fraction:
    """A number with its unit, in the metric's own, which is `unit`. Raises `CriterionError`."""
    return _reader(text, unit).quantity()


def _reader(text: str, unit: str) -> _Reader:
    if len(text) > MAX_LENGTH:
        raise CriterionError(f"it is longer than {MAX_LENGTH} characters", 1)
    return _Reader(list(_tokens(text)), unit, len(text) + 1)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int
    unit: str = ""


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            found = text[place:].lstrip()[0]
            column = len(text) - len(text[place:].lstrip()) + 1
            instead = _WRITTEN_OTHERWISE.get(found)
            hint = f"write `{instead}`" if instead else None
            raise CriterionError(f"`{found}` has no meaning here", column, hint)
        kind = "number" if match["number"] else str(match.lastgroup)
        yield _Token(kind, match[kind], match.start(kind) + 1, (match["unit"] or "").strip())
        place = match.end()


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token], unit: str, end: int) -> None:
        self._tokens = tokens
        self._unit = unit
        self._next = 0
        self._end = end

    def criterion(self) -> tuple[tuple[Clause, ...], ...]:
        groups = [[self._clause()]]
        while (word := self._peek()) is not None:
            if word.text not in {"and", "or"}:
                hint = nearest(word.text.lower(), ["and", "or"])
                raise CriterionError(
                    f"expected `and` or `or`, not `{word.text}`", word.column, hint
                )
            if sum(map(len, groups)) == MAX_CLAUSES:
                raise CriterionError(f"more than {MAX_CLAUSES} clauses", word.column)
            self._next += 1
            if word.text == "or":
                groups.append([])
            groups[-1].append(self._clause())
        return tuple(map(tuple, groups))

    def quantity(self) -> Fraction:
        number = self._absolute(self._take("a number"))
        rest = self._peek()
        if rest is not None:
            raise CriterionError(f"`{rest.text}` has no meaning here", rest.column)
        return number

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, expected: str) -> _Token:
        token = self._peek()
        if token is None:
            raise CriterionError(f"it ends where {expected} should stand", self._end)
        self._next += 1
        return token

    def _clause(self) -> Clause:
        comparison = self._take("a comparison such as `>=`")
        if comparison.kind != "operator":
            raise CriterionError(
                f"expected a comparison such as `>=`, not `{comparison.text}`", comparison.column
            )
        token = self._take("a number or `baseline`")
        if token.kind == "word":
            if token.text != "baseline":
                hint = nearest(token.text.lower(), ["baseline"])
                message = f"expected a number or `baseline`, not `{token.text}`"
                raise CriterionError(message, token.column, hint)
            return self._relative(comparison.text)
        negative = token.text == "-"
        if negative:
            token = self._take("a number")
        number = self._absolute(token)
        return Clause(comparison.text, Fraction(0), -number if negative else number)

    def _relative(self, operator: str) -> Clause:
        sign = self._peek()
        if sign is None or sign.kind != "sign":
            return Clause(operator, Fraction(1), Fraction(0))
        self._next += 1
        factor = -1 if sign.text == "-" else 1
        token = self._take("a number")
        if token.kind == "number" and token.unit == "%" and self._unit != "%":
            share = Fraction(token.text) / 100
            return Clause(operator, 1 + factor * share, Fraction(0))
        return Clause(operator, Fraction(1), factor * self._absolute(token))

    def _absolute(self, token: _Token) -> Fraction:
        """A number with its unit, in the metric's own."""
        if token.kind != "number":
            raise CriterionError(f"expected a number, not `{token.text}`", token.column)
        number = Fraction(token.text)
        fitting = _fitting_units(self._unit)
        if token.unit in fitting:
            return number * fitting[token.unit]
        if not token.unit and not number:
            return number
        units = " or ".join(f"`{token.text}{unit}`" for unit in fitting)
        said = f"`{token.unit}` does not fit" if token.unit else "a unit is missing:"
        raise CriterionError(
            f"{said} a metric measured in {self._unit}", token.column, f"write {units}"
        )


def _fitting_units(unit: str) -> dict[str, Fraction]:
    if unit == "%":
        return {"%": Fraction(1)}
    if unit in _MEASURED:
        return {name: seconds / _MEASURED[unit] for name, seconds in _WRITTEN.items()}
    return {"": Fraction(1)}
