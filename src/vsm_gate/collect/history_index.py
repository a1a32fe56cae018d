"""An index of the first-parent line: which changes touched each file, and what was counted of each.

A database in memory, saved and loaded as one image. It holds commits, times, paths and counts, and
nothing that is made from a name or an address: whoever wrote a change is asked of git.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import finalize

from vsm_gate.change.history import NEWEST, HistoryFeatures
from vsm_gate.model.change import FileChange

_TABLES: Final = """
CREATE TABLE changes (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, time INTEGER NOT NULL,
    age INTEGER, prior INTEGER NOT NULL, authors INTEGER NOT NULL, fix INTEGER NOT NULL
);
CREATE TABLE paths (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE touches (
    path INTEGER NOT NULL, number INTEGER NOT NULL, old INTEGER, PRIMARY KEY (path, number)
) WITHOUT ROWID;
CREATE TABLE sizes (name TEXT PRIMARY KEY, files TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of the line, with its features."""

    number: int
    name: str
    time: int
    features: HistoryFeatures


@dataclass(frozen=True, slots=True)
class TouchedPath:
    """A path, by its id, that a change touched; `old` is that of its former path."""

    path: int
    number: int
    old: int | None = None


class HistoryIndex:
    """The changes of one line, numbered from 0. `changed` tells whether it is worth saving."""

    def __init__(self, image: bytes | None = None) -> None:
        """Empty, or from an image. Raises `sqlite3.Error` for what is no image."""
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        finalize(self, self._database.close)
        self.changed = False
        if image is None:
            self._database.executescript(_TABLES)
        else:
            self._database.deserialize(image)
        self._ids: dict[str, int] = {}

    def image(self) -> bytes:
        """All of it, as bytes."""
        return self._database.serialize()

    def newest(self) -> tuple[int, str] | None:
        """Number and name of the newest change."""
        query = "SELECT number, name FROM changes ORDER BY number DESC LIMIT 1"
        found: tuple[int, str] | None = self._database.execute(query).fetchone()
        return found

    def number_of(self, name: str) -> int | None:
        """The number of a change by its commit."""
        query = "SELECT number FROM changes WHERE name = ?"
        found = self._database.execute(query, (name,)).fetchone()
        return None if found is None else int(found[0])

    def path_id(self, path: str) -> int:
        """The id of a path, a new one where it has none."""
        found = self._ids.get(path)
        if found is None:
            blob = path.encode("utf-8", "surrogateescape")
            query = "INSERT INTO paths (path) VALUES (?) ON CONFLICT (path) DO NOTHING"
            self._database.execute(query, (blob,))
            query = "SELECT id FROM paths WHERE path = ?"
            found = int(self._database.execute(query, (blob,)).fetchone()[0])
            self._ids[path] = found
        return found

    def earlier(self, path: int, before: int) -> list[int]:
        """The newest changes to a file before another one, ascending, through its renames."""
        query = (
            "SELECT number, old FROM touches WHERE path = ? AND number < ?"
            " ORDER BY number DESC LIMIT ?"
        )
        found: list[int] = []
        current: int | None = path
        while current is not None and len(found) < NEWEST:
            rows = self._database.execute(query, (current, before, NEWEST - len(found)))
            current = None
            for number, old in rows.fetchall():
                found.append(number)
                if old is not None:
                    current, before = old, number
                    break
        return found[::-1]

    def earlier_to(self, path: str, before: int) -> list[int]:
        """The newest changes to the file of a path; none where no change touched it."""
        blob = path.encode("utf-8", "surrogateescape")
        found = self._database.execute("SELECT id FROM paths WHERE path = ?", (blob,)).fetchone()
        return [] if found is None else self.earlier(int(found[0]), before)

    def entries(self, numbers: Iterable[int]) -> dict[int, Entry]:
        """These changes by number."""
        asked = json.dumps(list(numbers))
        query = (
            "SELECT number, name, time, age, prior, authors, fix FROM changes"
            " WHERE number IN (SELECT value FROM json_each(?))"
        )
        return {row[0]: _entry(row) for row in self._database.execute(query, (asked,))}

    def entries_of(self, names: Sequence[str]) -> dict[str, Entry]:
        """These changes by commit, as far as they are on the line."""
        query = (
            "SELECT number, name, time, age, prior, authors, fix FROM changes"
            " WHERE name IN (SELECT value FROM json_each(?))"
        )
        asked = json.dumps(list(names))
        return {row[1]: _entry(row) for row in self._database.execute(query, (asked,))}

    def add(self, entries: Iterable[Entry], touched: Iterable[TouchedPath]) -> None:
        """Add changes at the end of the line."""
        self.changed = True
        with self._database:
            self._database.execute("BEGIN")
            self._database.executemany(
                "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        each.number,
                        each.name,
                        each.time,
                        each.features.file_age,
                        each.features.prior_changes,
                        each.features.prior_authors,
                        each.features.is_fix,
                    )
                    for each in entries
                ),
            )
            self._database.executemany(
                "INSERT OR REPLACE INTO touches VALUES (?, ?, ?)",
                ((each.path, each.number, each.old) for each in touched),
            )

    def cut_after(self, number: int) -> None:
        """Forget the changes after this one."""
        self.changed = True
        self._database.execute("DELETE FROM touches WHERE number > ?", (number,))
        self._database.execute("DELETE FROM changes WHERE number > ?", (number,))

    def sizes(self, names: Sequence[str]) -> dict[str, list[FileChange]]:
        """The files of these changes with their lines, as far as they are known."""
        query = "SELECT name, files FROM sizes WHERE name IN (SELECT value FROM json_each(?))"
        rows = self._database.execute(query, (json.dumps(list(names)),))
        return {
            name: [
                FileChange(path, "modified", added, deleted, binary=bool(binary))
                for path, added, deleted, binary in json.loads(files)
            ]
            for name, files in rows
        }

    def keep_sizes(self, found: Mapping[str, Sequence[FileChange]]) -> None:
        """Keep what was found of changes' files. A commit never changes, so it stays true."""
        if not found:
            return
        self.changed = True
        rows = (
            (
                name,
                json.dumps([(each.path, each.added, each.deleted, each.binary) for each in files]),
            )
            for name, files in found.items()
        )
        with self._database:
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO sizes VALUES (?, ?)", rows)


def _entry(row: tuple[int, str, int, int | None, int, int, int]) -> Entry:
    number, name, time, age, prior, authors, fix = row
    return Entry(number, name, time, HistoryFeatures(age, prior, authors, bool(fix)))
