"""How a change ranks among the repository's own earlier changes.

The rank is by churn: the lines added and deleted, generated and vendored files apart. Of the
measures that need no training churn is the one that is hard to beat (Liu et al., ESEM 2017). The
other features say what else is unusual about a change; they do not move its rank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from vsm_gate.change.features import ChangeFeatures, features_of
from vsm_gate.model.change import FileChange
from vsm_gate.model.impact import Risk

NEEDED: Final = 30
HIGH: Final = 90
MEDIUM: Final = 50

_UNUSUAL: Final = 75
_DRIVERS: Final = 3
_FEATURES: Final[tuple[tuple[str, Callable[[ChangeFeatures], int | Fraction]], ...]] = (
    ("{} lines changed", lambda found: found.lines),
    ("{} files", lambda found: found.files),
    ("{} directories", lambda found: found.directories),
    ("{} top-level directories", lambda found: found.subsystems),
    ("lines spread evenly over its files", lambda found: found.entropy or Fraction(0)),
)


def rank(files: Sequence[FileChange], past: Sequence[Sequence[FileChange]]) -> Risk:
    """Rank a change of `files` among earlier changes.

    High is the top tenth, medium the rest of the upper half. Earlier changes that changed no line
    of the repository's own are left out; of fewer than `NEEDED` there is no rank.
    """
    earlier = [found for found in map(_own_features, past) if found.lines]
    if len(earlier) < NEEDED:
        changes = f"{len(earlier)} earlier change{'' if len(earlier) == 1 else 's'}"
        return Risk(missing=f"{changes} to compare with, and {NEEDED} are needed")
    found = _own_features(files)
    percentile = _percentile(found.lines, [other.lines for other in earlier])
    return Risk(
        percentile=percentile,
        level="high" if percentile >= HIGH else "medium" if percentile >= MEDIUM else "low",
        compared=len(earlier),
        drivers=_drivers(found, earlier),
    )


def _drivers(found: ChangeFeatures, earlier: Sequence[ChangeFeatures]) -> tuple[str, ...]:
    """The features in which the change exceeds most others, the most unusual first."""
    unusual: list[tuple[Fraction, str]] = []
    for words, feature in _FEATURES:
        mine = feature(found)
        below = sum(feature(other) < mine for other in earlier)
        share = Fraction(100 * below, len(earlier))
        if share >= _UNUSUAL:
            text = words.format(f"{mine:,}" if isinstance(mine, int) else mine)
            unusual.append((share, f"{text}: more than in {int(share)} % of earlier changes"))
    unusual.sort(key=lambda item: -item[0])
    return tuple(text for _, text in unusual[:_DRIVERS])


def _own_features(files: Sequence[FileChange]) -> ChangeFeatures:
    return features_of([file for file in files if not (file.generated or file.vendored)])


def _percentile(mine: int, others: Sequence[int]) -> Fraction:
    below = sum(other < mine for other in others)
    same = sum(other == mine for other in others)
    return Fraction(100 * (2 * below + same), 2 * len(others))
