"""Dates and numbers in words, as pages show them."""

from __future__ import annotations

from datetime import datetime


def day(time: datetime) -> str:
    """`22 Nov 2026`."""
    return f"{time.day} {time:%b %Y}"


def minute(time: datetime) -> str:
    """`2026-11-22 09:30`, in UTC."""
    return f"{time:%Y-%m-%d %H:%M}"


def count(number: int) -> str:
    """Thousands apart by a narrow space, as in `12 345`."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def plural(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{count(number)} {noun if number == 1 else many}"
