"""The ledger: an append-only branch of records, of a repository or of a remote."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.history.layout import Days, Place, days_of, open_path, places, sealed_path
from vsm_gate.history.local import LocalStore
from vsm_gate.history.record import Record, read, repository_folder
from vsm_gate.history.remote import RemoteStore
from vsm_gate.history.store import Appended, Pauses, Store

__all__ = ["BRANCH", "Appended", "Ledger"]

BRANCH: Final = "vsm-history"
_BATCH: Final = 32


class Ledger:
    """A history branch.

    Reading sees one moment: the tip that `head` found first. An append looks for itself, and what
    is read after it is read from the new tip.
    """

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self._tip: str | None = None
        self._known = False

    @classmethod
    def open(
        cls,
        repository: Path,
        *,
        branch: str = BRANCH,
        remote: str | None = None,
        environment: Mapping[str, str],
        now: datetime,
        pauses: Pauses | None = None,
    ) -> Ledger:
        """The branch of the repository itself, or of a remote (its name, a URL or a path).

        Raises `GitError` where there is no repository, `UsageError` for an impossible name.
        """
        waits = pauses or Pauses(time.sleep)
        if remote is None:
            return cls(LocalStore(repository, branch, environment, waits), now)
        return cls(RemoteStore(repository, branch, remote, environment, waits), now)

    def head(self) -> str | None:
        """The commit that is read; None: the branch does not exist yet.

        Raises `HistoryError` where the branch could not be read: never the same as None.
        """
        if not self._known:
            self._tip, self._known = self._store.tip(), True
        return self._tip

    def newest(self, *, repository: str | None = None) -> Iterator[Record]:
        """Records, newest first, read lazily in batches; of one repository where it is named.

        Days come in the order in which they were recorded, and within a day the records by their
        own time. Each record comes once.
        """
        days = self._days()
        seen: set[str] = set()
        for day in reversed(days.all):
            yield from _once(self._open_newest(days, day, repository), seen)
            sealed = self._sealed(days, day, repository)
            yield from _once(iter(sorted(sealed, key=_by_time, reverse=True)), seen)

    def records(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Record]:
        """Records whose time is in [since, until), oldest day first, streamed.

        Within a day they come by their own time; a record that was late lies in the day on which
        it was recorded. Each comes once.
        """
        days = self._days()
        seen: set[str] = set()
        wanted = [day for day in days.all if since is None or day >= since.date()]
        found = {day: self._places(days, day) for day in wanted}
        self._store.want(
            [
                *(days.sealed[day] for day in wanted if day in days.sealed),
                *(place.oid for day in wanted for place in found[day]),
            ]
        )
        for day in wanted:
            records = [*self._read_open(day, found[day]), *self._read_sealed(days, day, None)]
            for record in _once(iter(sorted(records, key=_by_time)), seen):
                time_of = record.time
                if (since is None or time_of >= since) and (until is None or time_of < until):
                    yield record

    def append(self, records: Sequence[Record]) -> Appended:
        """Add records, each once, in one commit; recording what is recorded changes nothing.

        Raises `HistoryError` where they could not be made safe; they are then not acknowledged.
        """
        unique = list({record.id: record for record in records}.values())
        if not unique:
            raise HistoryError("there is no record to append")
        appended = self._store.append(unique, self._now)
        self._known = False
        return appended

    def _days(self) -> Days:
        head = self.head()
        if head is None:
            return Days({}, {})
        return days_of(self._store.objects, self._store.objects.tree_of(head))

    def _places(self, days: Days, day: date) -> list[Place]:
        return places(self._store.objects, days.open[day]) if day in days.open else []

    def _open_newest(self, days: Days, day: date, repository: str | None) -> Iterator[Record]:
        found = self._places(days, day)
        if repository is not None:
            folder = repository_folder(repository)
            found = [place for place in found if place.repository == folder]
        found.sort(key=lambda place: place.name, reverse=True)
        ahead = iter(found)
        while batch := list(islice(ahead, _BATCH)):
            self._store.want([place.oid for place in batch])
            yield from sorted(self._read_open(day, batch), key=_by_time, reverse=True)

    def _sealed(self, days: Days, day: date, repository: str | None) -> list[Record]:
        if day not in days.sealed:
            return []
        self._store.want([days.sealed[day]])
        return self._read_sealed(days, day, repository)

    def _read_open(self, day: date, found: Sequence[Place]) -> list[Record]:
        contents = self._store.objects.read_all(place.oid for place in found)
        return [
            self._record(content, open_path(day, place))
            for place, content in zip(found, contents, strict=True)
        ]

    def _read_sealed(self, days: Days, day: date, repository: str | None) -> list[Record]:
        if day not in days.sealed:
            return []
        lines = self._store.objects.read(days.sealed[day]).splitlines()
        if repository is not None:
            named = json.dumps(repository).encode("ascii")
            lines = [line for line in lines if named in line]
        found = [
            self._record(line, f"{sealed_path(day)}:{number}")
            for number, line in enumerate(lines, 1)
        ]
        return [record for record in found if repository in {None, record.repository}]

    def _record(self, content: bytes, path: str) -> Record:
        try:
            return read(content)
        except HistoryError as problem:
            raise HistoryError(
                f"the history cannot be read: {path} at {self._tip}: {problem.message}",
                hint="`vsm-gate history verify` lists every fault",
            ) from None


def _once(records: Iterator[Record], seen: set[str]) -> Iterator[Record]:
    for record in records:
        if record.id not in seen:
            seen.add(record.id)
            yield record


def _by_time(record: Record) -> tuple[datetime, str]:
    return record.time, record.id
