"""When commits came to the branch, where some of them are dated before or after their time.

Whoever makes a commit sets its date, and a change that is dated into another period would be looked
for there. A line cannot grow backwards: the commits whose dates are in order, as many as there can
be, are taken at their word, and any other came when the one before it did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from vsm_gate.model.population import LandedCommit


def in_order(commits: Sequence[LandedCommit]) -> list[LandedCommit]:
    """The commits of a line, oldest first, each with the time at which it came."""
    times = _times([each.time for each in commits])
    return [
        commit if commit.time == time else replace(commit, time=time)
        for commit, time in zip(commits, times, strict=True)
    ]


def _times(dates: Sequence[datetime]) -> list[datetime]:
    kept = _ordered(dates)
    now = dates[min(kept)] if kept else None
    found = []
    for place, date in enumerate(dates):
        now = date if place in kept or now is None else now
        found.append(now)
    return found


def _ordered(dates: Sequence[datetime]) -> set[int]:
    """The places of a longest subsequence that does not fall (patience sorting, n log n)."""
    lowest: list[datetime] = []
    ends: list[int] = []
    before: list[int] = []
    for place, date in enumerate(dates):
        length = bisect_right(lowest, date)
        before.append(ends[length - 1] if length else -1)
        if length == len(lowest):
            lowest.append(date)
            ends.append(place)
        else:
            lowest[length], ends[length] = date, place
    found: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
