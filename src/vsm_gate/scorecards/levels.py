"""Levels: bronze, silver and gold, cumulative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vsm_gate.scorecards.policy import LEVELS


@dataclass(frozen=True, slots=True)
class Member:
    """An objective of a level, and how it stands."""

    objective: str
    level: str | None
    status: str
    waiver: str | None

    @property
    def reached(self) -> bool:
        """It passes, or does not apply. A waived objective has not passed."""
        if self.status == "not_applicable":
            return True
        return self.status == "pass" and self.waiver is None


@dataclass(frozen=True, slots=True)
class Standing:
    """The highest level reached (None: not even the first), the next one that the scorecard
    knows (None: there is none), and the objectives that are lacking for it.
    """

    level: str | None
    next: str | None
    lacking: tuple[str, ...]


def standing(members: Sequence[Member]) -> Standing:
    """The level of which, and of those below, every objective is reached.

    A level that no objective names cannot be reached, and does not stand in the way.
    """
    reached = None
    for level in LEVELS:
        of_level = [member for member in members if member.level == level]
        lacking = tuple(member.objective for member in of_level if not member.reached)
        if lacking:
            return Standing(reached, level, lacking)
        if of_level:
            reached = level
    return Standing(reached, None, ())
