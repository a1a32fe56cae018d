"""The baseline: what the newest good records of the default branch say. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from vsm_gate.history.record import Record
from vsm_gate.model.results import Baseline

# How far back to look for records that qualify, so that a branch that is red for long, or one that
# a whole organisation writes to, costs a bounded time.
MAX_LOOKED_AT: Final = 5_000


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


AGGREGATES: Final[dict[str, Callable[[Sequence[Fraction]], Fraction]]] = {
    "median": _median,
    "mean": _mean,
    "min": min,
    "max": max,
    "last": lambda values: values[0],
}


def baseline(
    newest: Iterable[Record], *, repository: str, team: str, window: int, aggregate: str
) -> Baseline:
    """Aggregate each metric over the last `window` good records of the default branch.

    Good is a check of this repository and team, after a merge, whose verdict was pass or warn.
    `newest` gives records newest first and is read no further than need be.
    """
    looked_at = islice(newest, MAX_LOOKED_AT)
    good = (record for record in looked_at if _qualifies(record, repository, team))
    chosen = list(islice(good, window))
    values: dict[str, list[Fraction]] = {}
    for record in chosen:
        for metric, measured in _part(record.document, "measurements").items():
            value = exact(measured)
            if value is not None:
                values.setdefault(metric, []).append(value)
    reduce = AGGREGATES[aggregate]
    return Baseline(
        values={metric: reduce(found) for metric, found in values.items()},
        records=tuple(record.id for record in chosen),
    )


def _qualifies(record: Record, repository: str, team: str) -> bool:
    document = record.document
    return (
        record.kind == "check"
        and record.repository == repository
        and record.team == team
        and _part(document, "change").get("default_branch") is True
        and document.get("verdict") in {"pass", "warn"}
    )


def exact(measured: Any) -> Fraction | None:
    """A recorded measurement's exact value: a rate from its parts, all else from its digits."""
    if not isinstance(measured, dict):
        return None
    value, over = measured.get("value"), measured.get("denominator")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    part = measured.get("numerator")
    if measured.get("unit") == "%" and isinstance(part, int) and isinstance(over, int) and over:
        return Fraction(100 * part, over)
    return Fraction(str(value))


def _part(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = document.get(key)
    return part if isinstance(part, dict) else {}
