"""Reading the records of a history, or of several together, in either direction."""

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

Found = tuple[str, Place]  # a record file, and the commit that it was found at


class Reader:
    """The records that some commits hold. Each comes once, wherever it was recorded again."""

    def __init__(self, source: Source, commits: Sequence[str]) -> None:
        self._source = source
        self._objects = source.objects
        self._histories: list[tuple[str, Days]] = [
            (commit, days_of(self._objects, self._objects.tree_of(commit))) for commit in commits
        ]

    def newest(self, selection: Selection) -> Iterator[Record]:
        """Newest day first, a day's records by their own time; read lazily."""
        seen: set[str] = set()
        days = iter(self._all_days(selection)[::-1])
        ahead = 1
        while some := list(islice(days, ahead)):
            self._source.want([oid for day in some for _, oid in self._sealed_blobs(day)])
            for day in some:
                yield from _once(self._newest_of(day, selection), seen)
            ahead = min(2 * ahead, _BATCH)

    def oldest(self, selection: Selection) -> Iterator[Record]:
        """Oldest day first, a day's records by their own time; streamed."""
        days = self._all_days(selection)
        found = {day: self._places(day, selection) for day in days}
        sealed = [oid for day in days for _, oid in self._sealed_blobs(day)]
        self._source.want([*sealed, *(place.oid for day in days for _, place in found[day])])
        seen: set[str] = set()
        for day in days:
            records = self._open(day, found[day], selection) + self._sealed(day, selection)
            yield from _once(iter(sorted(records, key=_by_time)), seen)

    def _all_days(self, selection: Selection) -> list[date]:
        """Every day that may have such records, oldest first."""
        days = {day for _, history in self._histories for day in (*history.open, *history.sealed)}
        return sorted(filter(selection.day, days))

    def _newest_of(self, day: date, selection: Selection) -> Iterator[Record]:
        found = sorted(self._places(day, selection), key=lambda one: one[1].name, reverse=True)
        ahead = iter(found)
        while batch := list(islice(ahead, _BATCH)):
            self._source.want([place.oid for _, place in batch])
            yield from sorted(self._open(day, batch, selection), key=_by_time, reverse=True)
        yield from sorted(self._sealed(day, selection), key=_by_time, reverse=True)

    def _places(self, day: date, selection: Selection) -> list[Found]:
        return [
            (commit, place)
            for commit, history in self._histories
            if day in history.open
            for place in places(self._objects, history.open[day])
            if selection.place(place)
        ]

    def _sealed_blobs(self, day: date) -> list[tuple[str, str]]:
        return [
            (commit, history.sealed[day])
            for commit, history in self._histories
            if day in history.sealed
        ]

    def _open(self, day: date, found: Sequence[Found], selection: Selection) -> list[Record]:
        contents = self._objects.read_all(place.oid for _, place in found)
        records = [
            self._record(content, f"{open_path(day, place)} at {commit}")
            for (commit, place), content in zip(found, contents, strict=True)
        ]
        return [record for record in records if selection.record(record)]

    def _sealed(self, day: date, selection: Selection) -> list[Record]:
        records = [
            self._record(line, f"{sealed_path(day)}:{number} at {commit}")
            for commit, oid in self._sealed_blobs(day)
            for number, line in enumerate(self._objects.read(oid).splitlines(), 1)
            if selection.line(line)
        ]
        return [record for record in records if selection.record(record)]

    @staticmethod
    def _record(content: bytes, where: str) -> Record:
        try:
            return read(content)
        except HistoryError as problem:
            raise HistoryError(
                f"the history cannot be read: {where}: {problem.message}",
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
