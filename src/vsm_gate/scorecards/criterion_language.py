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
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from vsm_gate.documents import nearest
from vsm_gate.scorecards.criteria import Clause, Criterion

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


class CriterionError(ValueError):
    """A criterion that cannot be understood. `column` counts from 1 in its text."""

    def __init__(self, message: str, column: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint or GRAMMAR


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
