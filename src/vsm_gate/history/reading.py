"""Reading the records of one commit of the branch, in either direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.history.layout import Days, Place, days_of, open_path, places, sealed_path
from vsm_gate.history.record import Record, read
from vsm_gate.history.selection import Selection
from vsm_gate.history.store import Place as Source

_BATCH: Final = 32


class Reader:
    """The records that a commit holds. Each comes once, wherever else it was recorded again."""

    def __init__(self, source: Source, commit: str) -> None:
        self._source = source
        self._objects = source.objects
        self._commit = commit
        self._days: Days = days_of(self._objects, self._objects.tree_of(commit))

    def newest(self, selection: Selection) -> Iterator[Record]:
        """Newest day first, a day's records by their own time; read lazily."""
        seen: set[str] = set()
        days = iter([day for day in reversed(self._days.all) if selection.day(day)])
        ahead = 1
        while some := list(islice(days, ahead)):
            self._source.want([self._days.sealed[day] for day in some if day in self._days.sealed])
            for day in some:
                yield from _once(self._newest_of(day, selection), seen)
            ahead = min(2 * ahead, _BATCH)

    def oldest(self, selection: Selection) -> Iterator[Record]:
        """Oldest day first, a day's records by their own time; streamed."""
        days = [day for day in self._days.all if selection.day(day)]
        found = {day: self._places(day, selection) for day in days}
        sealed = [self._days.sealed[day] for day in days if day in self._days.sealed]
        self._source.want([*sealed, *(place.oid for day in days for place in found[day])])
        seen: set[str] = set()
        for day in days:
            records = self._open(day, found[day], selection) + self._sealed(day, selection)
            yield from _once(iter(sorted(records, key=_by_time)), seen)

    def _newest_of(self, day: date, selection: Selection) -> Iterator[Record]:
        found = sorted(self._places(day, selection), key=lambda place: place.name, reverse=True)
        ahead = iter(found)
        while batch := list(islice(ahead, _BATCH)):
            self._source.want([place.oid for place in batch])
            yield from sorted(self._open(day, batch, selection), key=_by_time, reverse=True)
        yield from sorted(self._sealed(day, selection), key=_by_time, reverse=True)

    def _places(self, day: date, selection: Selection) -> list[Place]:
        if day not in self._days.open:
            return []
        return [
            place for place in places(self._objects, self._days.open[day]) if selection.place(place)
        ]

    def _open(self, day: date, found: Sequence[Place], selection: Selection) -> list[Record]:
        contents = self._objects.read_all(place.oid for place in found)
        records = [
            self._record(content, open_path(day, place))
            for place, content in zip(found, contents, strict=True)
        ]
        return [record for record in records if selection.record(record)]

    def _sealed(self, day: date, selection: Selection) -> list[Record]:
        if day not in self._days.sealed:
            return []
        lines = enumerate(self._objects.read(self._days.sealed[day]).splitlines(), 1)
        records = [
            self._record(line, f"{sealed_path(day)}:{number}")
            for number, line in lines
            if selection.line(line)
        ]
        return [record for record in records if selection.record(record)]

    def _record(self, content: bytes, path: str) -> Record:
        try:
            return read(content)
        except HistoryError as problem:
            raise HistoryError(
                f"the history cannot be read: {path} at {self._commit}: {problem.message}",
                hint="`vsm-gate history verify` lists every fault",
            ) from None


def _once(records: Iterator[Record], seen: set[str]) -> Iterator[Record]:
    for record in records:
        if record.id not in seen:
            seen.add(record.id)
            yield record


def _by_time(record: Record) -> tuple[datetime, bool, str]:
    """By time; a correction of the same time comes after what it corrects."""
    return record.time, record.document.get("corrects") is not None, record.id
