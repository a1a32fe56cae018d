"""What a check's record says that a policy can be held against, exact. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, Final

from vsm_gate.model.results import Measurement

Document = Mapping[str, Any]

_RATIO: Final = re.compile(r"-?\d{1,400}/[1-9]\d{0,399}")


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


# Of values newest first.
AGGREGATES: Final[dict[str, Callable[[Sequence[Fraction]], Fraction]]] = {
    "median": _median,
    "mean": _mean,
    "min": min,
    "max": max,
    "last": lambda values: values[0],
}


def exact(measured: Any) -> Fraction | None:
    """A recorded measurement's exact value: a rate from its parts, all else from its digits.

    Where neither says it exactly, `exact` does (`10/3`).
    """
    if not isinstance(measured, dict):
        return None
    told = measured.get("exact")
    if isinstance(told, str) and _RATIO.fullmatch(told):
        return Fraction(told)
    value, over = number(measured.get("value")), measured.get("denominator")
    if value is None:
        return None
    part = measured.get("numerator")
    if measured.get("unit") == "%" and isinstance(part, int) and isinstance(over, int) and over:
        return Fraction(100 * part, over)
    return value


def number(value: Any) -> Fraction | None:
    """A JSON number from its digits; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return Fraction(value)
    return Fraction(str(value)) if isfinite(value) else None


def measurement(metric: str, measured: Any) -> Measurement | None:
    """A recorded measurement; None where the record says nothing of the metric."""
    if not isinstance(measured, dict):
        return None
    value = exact(measured)
    missing = None if value is not None else str(measured.get("missing") or "it is no number")
    return Measurement(
        metric,
        value,
        missing,
        denominator=_whole(measured.get("denominator")),
        sample=_whole(measured.get("sample")),
    )


def part(document: Document, key: str) -> Mapping[str, Any]:
    """An object within an object; an empty one where there is none."""
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def of_default_branch(document: Document) -> bool:
    """Whether it judged what has landed."""
    return part(document, "change").get("default_branch") is True


def facts(document: Document) -> dict[str, object]:
    """What conditions and waivers may speak of. Paths are recorded where the policy names some."""
    change, impact = part(document, "change"), part(document, "impact")
    tier, number = impact.get("tier"), change.get("pull_request")
    sensitive = impact.get("sensitive")
    return {
        "risk": part(impact, "risk").get("level"),
        "tier": None if tier is None else str(tier),
        "component": _words(impact.get("components")),
        "owner": _words(impact.get("owners")),
        "sensitive": _words(list(sensitive) if isinstance(sensitive, dict) else None),
        "branch": change.get("branch"),
        "event": change.get("event"),
        "paths": _words(part(document, "facts").get("paths")),
        "lines": _sum(change.get("lines_added"), change.get("lines_deleted")),
        "files": _whole(change.get("files")),
        "pull_request": None if number is None else str(number),
    }


def _sum(*values: Any) -> int | None:
    """The sum of whole numbers; None where one is not known."""
    whole = [_whole(value) for value in values]
    return sum(each or 0 for each in whole) if None not in whole else None


def _words(value: Any) -> tuple[str, ...] | None:
    return tuple(map(str, value)) if isinstance(value, list) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
