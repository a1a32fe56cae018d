"""Dates and numbers in words: one form of each on every page, in every sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

_MOMENT: Final = timedelta(microseconds=1)


def day(time: date | str) -> str:
    """`22 Nov 2026`, of a date, of a time, or of an ISO day (`2026-11-22`)."""
    when = date.fromisoformat(time) if isinstance(time, str) else time
    return f"{when.day} {when:%b %Y}"


def span(since: datetime, until: datetime) -> str:
    """From the first to the last day of a period that ends before `until`: `1 Jul 2026 to 30 Sep
    2026`, or the day, where it is one.
    """
    first, last = day(since), day(max(since, until - _MOMENT))
    return first if first == last else f"{first} to {last}"


def minute(time: datetime) -> str:
    """`22 Nov 2026, 09:30`, in UTC."""
    return f"{day(time)}, {time:%H:%M}"


def count(number: int) -> str:
    """Thousands apart by a narrow space, as in `12 345`."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def plural(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{count(number)} {noun if number == 1 else many}"
