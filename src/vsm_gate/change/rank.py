"""How a change ranks among the repository's own earlier changes.

Without a model the rank is by source lines, outside tests and documentation: an added line counts
four times, a deleted one once, and where that is equal all lines decide. `docs/risk.md` has what it
was chosen from, and how it fares beside churn alone in real histories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

from vsm_gate.change.features import ChangeFeatures, features_of
from vsm_gate.change.history import HistoryFeatures
from vsm_gate.change.model import RiskModel
from vsm_gate.model.change import FileChange
from vsm_gate.model.impact import Risk

NEEDED: Final = 30
HIGH: Final = 90
MEDIUM: Final = 50
ADDED_WEIGHT: Final = 4

Comparable = TypeVar("Comparable", float, tuple[int, int])

_UNUSUAL: Final = 75
_DRIVERS: Final = 3
_OTHERS: Final[tuple[tuple[str, Callable[[ChangeFeatures], int | Fraction]], ...]] = (
    ("{} files", lambda found: found.files),
    ("{} directories", lambda found: found.directories),
    ("{} top-level directories", lambda found: found.subsystems),
    ("lines spread evenly over its files", lambda found: found.entropy or Fraction(0)),
)


@dataclass(frozen=True, slots=True)
class Described:
    """A change by its features; `history` is None where the history at hand cannot give them."""

    size: ChangeFeatures
    history: HistoryFeatures | None = None

    @classmethod
    def of(cls, files: Sequence[FileChange], history: HistoryFeatures | None = None) -> Described:
        """A change of these files, of which generated and vendored ones count for nothing."""
        return cls(features_of([x for x in files if not (x.generated or x.vendored)]), history)


def weight(size: ChangeFeatures) -> tuple[int, int]:
    """What the rank without a model is by."""
    return ADDED_WEIGHT * size.source_added + size.source_deleted, size.lines


def rank(change: Described, past: Sequence[Described], model: RiskModel | None = None) -> Risk:
    """Rank a change among earlier changes, by a model where it is given.

    High is the top tenth, medium the rest of the upper half. Earlier changes that changed no line
    of the repository's own are left out; of fewer than `NEEDED` there is no rank. A model needs the
    history of every change: where one lacks it the rank is the one without a model.
    """
    earlier = [found for found in past if found.size.lines]
    if len(earlier) < NEEDED:
        changes = f"{len(earlier)} earlier change{'' if len(earlier) == 1 else 's'}"
        return Risk(missing=f"{changes} to compare with, and {NEEDED} are needed")
    odds = None if model is None else _odds(model, [change, *earlier])
    if model is None or odds is None or change.history is None:
        percentile = _percentile(weight(change.size), [weight(other.size) for other in earlier])
        drivers, name = _drivers(change.size, [other.size for other in earlier]), "rank"
    else:
        percentile = _percentile(odds[0], odds[1:])
        drivers, name = _moved_by(model.parts(change.size, change.history)), model.name
    return Risk(
        percentile=percentile,
        level="high" if percentile >= HIGH else "medium" if percentile >= MEDIUM else "low",
        compared=len(earlier),
        drivers=drivers,
        model=name,
    )


def _odds(model: RiskModel, changes: Sequence[Described]) -> list[float] | None:
    found = [model.log_odds(each.size, each.history) for each in changes if each.history]
    return found if len(found) == len(changes) else None


def _moved_by(parts: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    """The features that moved the model's figure most, either way."""
    most = sorted((part for part in parts if part[0]), key=lambda part: -abs(part[0]))[:_DRIVERS]
    return tuple(f"{words}: {'raises' if size > 0 else 'lowers'} it" for size, words in most)


def _drivers(found: ChangeFeatures, earlier: Sequence[ChangeFeatures]) -> tuple[str, ...]:
    """The source lines, which make the rank, and what else exceeds most others, that first."""
    mine = weight(found)[0]
    share = Fraction(100 * sum(weight(other)[0] < mine for other in earlier), len(earlier))
    lines = f"{found.source_added:,} source lines added, {found.source_deleted:,} deleted"
    first = _more_than(lines, share) if mine else "no source line changed"
    unusual: list[tuple[Fraction, str]] = []
    for text, feature in _OTHERS:
        value = feature(found)
        above = Fraction(100 * sum(feature(other) < value for other in earlier), len(earlier))
        if above >= _UNUSUAL:
            told = text.format(f"{value:,}" if isinstance(value, int) else value)
            unusual.append((above, _more_than(told, above)))
    unusual.sort(key=lambda item: -item[0])
    return (first, *(text for _, text in unusual[: _DRIVERS - 1]))


def _more_than(words: str, share: Fraction) -> str:
    return f"{words}: more than in {int(share)} % of earlier changes"


def _percentile(mine: Comparable, others: Sequence[Comparable]) -> Fraction:
    below = sum(other < mine for other in others)
    same = sum(other == mine for other in others)
    return Fraction(100 * (2 * below + same), 2 * len(others))
