"""What stands in a scorecard file: each kind of value as it is written, as it is meant, and as an
editor is told of it.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from vsm_gate.scorecards.facts import COMPARISON

NAME: Final = r"^[a-z0-9][a-z0-9._-]{0,63}$"
DIGEST: Final = r"^[0-9a-f]{64}$"

Level = Literal["bronze", "silver", "gold"]
Stage = Literal["unit", "integration", "system", "acceptance"]
Section = Literal["score", "baseline", "phase", "waivers", "break_glass", "curves"]
PhaseName = Literal["observe", "warn", "enforce"]
Risk = Literal["low", "medium", "high"]
Text = Annotated[str, Field(min_length=1, max_length=2000)]

_DECIMAL: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)")
_NUMBER: Final = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,9})?$"},
    ]
}
_PERCENT: Final = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 100},
        {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,9})? *%?$"},
    ]
}


def _decimal(value: object) -> Fraction:
    match = _DECIMAL.fullmatch(str(value)) if not isinstance(value, bool) else None
    if match is None:
        raise ValueError("must be a number that is not negative, such as 2 or 0.5")
    return Fraction(match[1])


def _weight(value: object) -> object:
    number = _decimal(value)
    if number == 0:
        raise ValueError("must be more than 0; to record without acting, use `phase: observe`")
    return number


def _up_to_100(value: object) -> object:
    number = _decimal(value)
    if number > 100:
        raise ValueError("must not be more than 100")
    return number


def _percent(value: object) -> object:
    return _up_to_100(str(value).removesuffix("%").rstrip())


Weight = Annotated[Fraction, BeforeValidator(_weight), WithJsonSchema(_NUMBER)]
Points = Annotated[Fraction, BeforeValidator(_up_to_100), WithJsonSchema(_PERCENT)]
Percent = Annotated[Fraction, BeforeValidator(_percent), WithJsonSchema(_PERCENT)]

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS: Final = re.compile(r"([1-9][0-9]{0,2})d")


def _day(value: object) -> object:
    """A date as it is written; a word that is none must not switch a rule off."""
    text = str(value)
    if not _DATE.fullmatch(text):
        raise ValueError("must be a date such as 2027-02-01")
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ValueError(f"must be a date: {problem}") from None


def _days(value: object) -> object:
    match = _DAYS.fullmatch(str(value))
    if match is None:
        raise ValueError("must be days, from 1d to 999d, such as 7d")
    return int(match[1])


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Days = Annotated[
    int, BeforeValidator(_days), WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,2}d$"})
]

_PULL_REQUEST: Final = "^[0-9]{1,18}$"
_CRITERION: Final = {
    "type": "string",
    "pattern": r"^\s*(==|!=|<|<=|>|>=)\s*(-?\s*[0-9]|baseline\b).*$",
    "examples": ["== 0", ">= 80%", "<= 15m", ">= baseline - 0.5%"],
}

CriterionText = Annotated[str, WithJsonSchema(_CRITERION)]
PullRequest = Annotated[
    Annotated[str, Field(pattern=_PULL_REQUEST)],
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": _PULL_REQUEST}]}),
]

_SIZE: Final = f"^{COMPARISON.pattern}$"


def _listed(value: object) -> object:
    """One word stands for a list of one."""
    return value if isinstance(value, list) else [value]


def _one_or_more(item: dict[str, Any], **more: object) -> WithJsonSchema:
    return WithJsonSchema(
        {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}], **more}
    )


Words = Annotated[
    Annotated[list[str], Field(min_length=1)],
    BeforeValidator(_listed),
    _one_or_more({"type": "string"}),
]
Tiers = Annotated[
    Annotated[list[str], Field(min_length=1)],
    BeforeValidator(_listed),
    _one_or_more({"type": ["string", "integer"]}),
]
Sizes = Annotated[
    Annotated[list[Annotated[str, Field(pattern=_SIZE)]], Field(min_length=1)],
    BeforeValidator(_listed),
    _one_or_more({"type": "string", "pattern": _SIZE}, examples=[">= 400", [">= 10", "< 400"]]),
]
Risks = Annotated[list[Risk], BeforeValidator(_listed, json_schema_input_type=Risk | list[Risk])]

_POINT: Final = {
    "type": "array",
    "prefixItems": [{"type": ["string", "number"]}, _PERCENT],
    "minItems": 2,
    "maxItems": 2,
}


def _point(value: object) -> object:
    """`[VALUE, SCORE]`; the value's unit is checked with its metric."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("must be a value and its score, such as [1d, 85]")
    return str(value[0]), _up_to_100(value[1])


Point = Annotated[tuple[str, Fraction], BeforeValidator(_point), WithJsonSchema(_POINT)]
Line = Annotated[list[Point], Field(min_length=2, max_length=50)]
