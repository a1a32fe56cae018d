"""Commits upon a tip: sealing closed days, and adding records. Nothing is published here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.history import limits
from vsm_gate.history.layout import (
    FORMAT,
    FORMAT_FILE,
    Days,
    Place,
    days_of,
    open_path,
    places,
    sealed_path,
)
from vsm_gate.history.objects import Objects
from vsm_gate.history.record import Record, day_folder, parse, path_of

OPEN_DAYS: Final = timedelta(days=2)  # today and yesterday (UTC); what is older is closed
_SEALED_AT_ONCE: Final = 40  # a history that slept for long is sealed over several appends

Want = Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """Commits that are ready to be published: the newest one, and what was left undone."""

    head: str
    notes: tuple[str, ...]


def draft(
    objects: Objects, tip: str | None, records: Sequence[Record], now: datetime, want: Want
) -> Draft:
    """Seal the days that are closed, each in a commit of its own, and add the records on top.

    A record that the tip already has is not added again. `want` brings blobs into the store.
    """
    if tip is None:
        changes = _additions(objects, Days({}, {}), {}, records, now)
        changes[FORMAT_FILE] = objects.write_blobs([FORMAT])[0]
        tree = objects.edit(None, changes)
        return Draft(objects.commit(tree, None, _message(records), now), ())
    tree = objects.tree_of(tip)
    days = days_of(objects, tree)
    head, notes = _seal(objects, tip, days, now, want)
    if head != tip:
        tree = objects.tree_of(head)
        days = days_of(objects, tree)
    there = {day: places(objects, days.open[day]) for day in days.open}
    additions = _additions(objects, days, there, records, now)
    if additions:
        head = objects.commit(objects.edit(tree, additions), head, _message(records), now)
    for found in there.values():
        notes += tuple(limits.of_folders(place.repository for place in found))
    return Draft(head, notes)


def closed(days: Days, today: date) -> list[date]:
    """Open days of the tree that are two days past, oldest first.

    A day that is sealed and has files all the same was tampered with: `verify` tells of it.
    """
    past = (day for day in days.open if today - day >= OPEN_DAYS)
    return sorted(day for day in past if day not in days.sealed)


def _seal(
    objects: Objects, tip: str, days: Days, now: datetime, want: Want
) -> tuple[str, tuple[str, ...]]:
    some = closed(days, now.date())[:_SEALED_AT_ONCE]
    found = {day: places(objects, days.open[day]) for day in some}
    notes: list[str] = []
    head = tip
    try:
        want([place.oid for day in some for place in found[day]])
    except HistoryError as problem:
        return tip, (f"no day was sealed: {problem.message}",)
    for day in some:
        try:
            head, size = _seal_day(objects, head, day, found[day], now)
            notes += limits.of_day(day, size)
        except HistoryError as problem:
            notes.append(f"{day} was not sealed: {problem.message}")
    return head, tuple(notes)


def _seal_day(
    objects: Objects, head: str, day: date, found: Sequence[Place], now: datetime
) -> tuple[str, int]:
    """One commit that puts a day's records into one file, line by line, and does nothing else.

    Returns it, and the size of the file.
    """
    lines = {}
    contents = objects.read_all(place.oid for place in found)
    for place, content in zip(found, contents, strict=True):
        try:
            lines[parse(content).id] = content
        except HistoryError as problem:
            raise HistoryError(f"{open_path(day, place)}: {problem.message}") from None
    text = b"".join(lines[name] + b"\n" for name in sorted(lines))
    if len(text) > limits.LARGEST_FILE:
        raise HistoryError(f"its {len(lines)} records come to {len(text)} bytes")
    sealed = {day_folder(day): None, sealed_path(day): objects.write_blobs([text])[0]}
    tree = objects.edit(objects.tree_of(head), sealed)
    return objects.commit(tree, head, f"Seal {day}: {len(lines)} records", now), len(text)


def _additions(
    objects: Objects,
    days: Days,
    there: Mapping[date, Sequence[Place]],
    records: Sequence[Record],
    now: datetime,
) -> dict[str, str | None]:
    """Paths and blobs of the records that no open day has yet."""
    known = {(place.name, place.oid) for found in there.values() for place in found}
    blobs = objects.write_blobs([record.content for record in records])
    additions: dict[str, str | None] = {}
    for record, blob in zip(records, blobs, strict=True):
        path = path_of(record, day=_day_for(record, days, now))
        if (path.rpartition("/")[2], blob) not in known:
            additions[path] = blob
    return additions


def _day_for(record: Record, days: Days, now: datetime) -> date:
    """The day that a record is recorded in: its own while that is open, else today.

    Where a clock jumped back and today is sealed already, the first day after the sealed ones.
    """
    day = record.time.date()
    if now.date() - day >= OPEN_DAYS:
        day = now.date()
    last = max(days.sealed, default=None)
    return day if last is None or day > last else last + timedelta(days=1)


def _message(records: Sequence[Record]) -> str:
    if len(records) == 1:
        return f"Record {path_of(records[0]).rpartition('/')[2]}"
    return f"Record {len(records)} records"
