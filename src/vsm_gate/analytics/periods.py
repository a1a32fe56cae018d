"""Periods: the one that is asked for, what it is compared with, and its calendar weeks, in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

QUARTER: Final = timedelta(weeks=13)
WEEK: Final = timedelta(weeks=1)
MOST_WEEKS: Final = 53


@dataclass(frozen=True, slots=True)
class Period:
    """Times from `since` until, but not with, `until`; both without zone, in UTC."""

    name: str
    since: datetime
    until: datetime

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.until - self.since) / timedelta(days=1)


def plan(since: datetime, until: datetime) -> tuple[Period, ...]:
    """The periods of a report over `since` … `until`.

    `period` is the whole, `now` its last 13 weeks (or all of it, where it is shorter), `before`
    as long a time before `now`, and `week:<Monday>` each calendar week, cut at both ends, of
    which the newest 53 are kept.
    """
    length = min(QUARTER, until - since)
    now = Period("now", until - length, until)
    before = Period("before", now.since - length, now.since)
    weeks = tuple(_weeks(since, until))[-MOST_WEEKS:]
    return (Period("period", since, until), now, before, *weeks)


def _weeks(since: datetime, until: datetime) -> Iterator[Period]:
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    while monday < until:
        start, end = max(monday, since), min(monday + WEEK, until)
        yield Period(f"week:{monday:%Y-%m-%d}", start, end)
        monday += WEEK
