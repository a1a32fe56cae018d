"""Why one mean gate score differs from another: the gap, split exactly into objectives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from vsm_gate.analytics.picture import Moment, Scope

_FULL: Final = Fraction(100)
_TENTH: Final = Fraction(1, 10)
# What binary fractions leave over where decimals would leave nothing, in units that are shown.
_DUST: Final = Fraction(1, 10**6)


@dataclass(frozen=True, slots=True)
class Part:
    """What one objective takes off the mean score, in points, on either side."""

    objective: str
    left: Fraction
    right: Fraction

    @property
    def points(self) -> Fraction:
        """What it adds to right − left: positive where it costs less on the right."""
        return self.left - self.right


@dataclass(frozen=True, slots=True)
class Gap:
    """Two mean scores, and the objectives that make the difference, the largest first.

    `n` of each side counts its changes with a score. The parts add up to `points` exactly.
    """

    left: Fraction
    right: Fraction
    left_n: int
    right_n: int
    parts: tuple[Part, ...]

    @property
    def points(self) -> Fraction:
        """By how much the right side is better."""
        return self.right - self.left

    def rounded(self, digits: int = 1) -> Gap:
        """The same, rounded to be shown: what is shown still adds up, down and across.

        The means are cut, as a mean score is wherever it is shown. On each side the points lost
        are shared out so that they are what the mean then lacks of 100.
        """
        unit = Fraction(1, 10**digits)
        left = shared_out({part.objective: part.left for part in self.parts}, unit)
        right = shared_out({part.objective: part.right for part in self.parts}, unit)
        return Gap(
            left=_FULL - sum(left.values()),
            right=_FULL - sum(right.values()),
            left_n=self.left_n,
            right_n=self.right_n,
            parts=tuple(
                Part(part.objective, left[part.objective], right[part.objective])
                for part in self.parts
            ),
        )


Lost = Mapping[str, Fraction]


def lost(moment: Moment) -> dict[str, Fraction]:
    """What each objective takes off the mean score, as it is shown: see `shared_out`."""
    return shared_out(_lost(moment))


def shared_out(lost: Lost, unit: Fraction = _TENTH) -> dict[str, Fraction]:
    """Points lost in whole units, which add up to their sum rounded up.

    So they are what a mean score, which is cut to be shown, lacks of 100.
    Each is rounded down, and the units that are then lacking go to the largest remainders: what
    took nothing off is given none.
    """
    floors = {name: floor(points / unit + _DUST) for name, points in lost.items()}
    lacking = ceil(sum(lost.values()) / unit - _DUST) - sum(floors.values())
    largest = sorted(lost, key=lambda name: (floors[name] - lost[name] / unit, name))
    for name in largest[: max(0, lacking)]:
        floors[name] += 1
    return {name: number * unit for name, number in floors.items()}


def gap(left: Moment, right: Moment) -> Gap | None:
    """From one moment to another: two teams, or one team in two periods.

    The points that all objectives take off the score add up to 100 − its mean, on each side. So
    the differences of the points add up to the difference of the means. An objective that a side
    was not asked for took nothing off there. None where a side has no score.
    """
    return _between((_lost(left), _scored(left)), (_lost(right), _scored(right)))


def gap_to_peers(team: Scope, peers: Iterable[Scope]) -> Gap | None:
    """From all changes of the other teams of a peer group to the team's, in the period `now`."""
    others = [peer.now for peer in peers if peer.team != team.team and _scored(peer.now)]
    total = sum(_scored(moment) for moment in others)
    if not total:
        return None
    pooled: dict[str, Fraction] = {}
    for moment in others:
        for name, points in _lost(moment).items():
            pooled[name] = pooled.get(name, Fraction(0)) + points * _scored(moment) / total
    return _between((pooled, total), (_lost(team.now), _scored(team.now)))


def _between(left: tuple[Lost, int], right: tuple[Lost, int]) -> Gap | None:
    (left_lost, left_n), (right_lost, right_n) = left, right
    if not left_n or not right_n:
        return None
    nothing = Fraction(0)
    parts = (
        Part(name, left_lost.get(name, nothing), right_lost.get(name, nothing))
        for name in sorted({*left_lost, *right_lost})
    )
    return Gap(
        left=_FULL - sum(left_lost.values()),
        right=_FULL - sum(right_lost.values()),
        left_n=left_n,
        right_n=right_n,
        parts=tuple(sorted(parts, key=lambda part: (-abs(part.points), part.objective))),
    )


def _scored(moment: Moment) -> int:
    score = moment.figures["quality.score"]
    return 0 if score.value is None else score.n


def _lost(moment: Moment) -> Lost:
    return {item.id: Fraction(item.lost) for item in moment.objectives if item.lost is not None}
