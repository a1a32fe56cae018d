"""Bring an index of the line up to a commit: read what is new, and count at each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from vsm_gate.change.history import NEWEST, history_features
from vsm_gate.collect.base import shallow_ends
from vsm_gate.collect.history_index import Entry, HistoryIndex, TouchedPath
from vsm_gate.collect.line import (
    Landed,
    Touch,
    authors,
    commits,
    landed,
    line_names,
    touches,
)
from vsm_gate.git import Git

_BATCH: Final = 5_000
_NEAR: Final = 1_000


def follow(git: Git, index: HistoryIndex, tip: str) -> tuple[str | None, str]:
    """Bring the index up to `tip`. Returns where a shallow history is cut, if it is, and a note.

    Where the line does not run through the newest change that is known, what is not on it is
    forgotten and read anew. The note says so where the history was rewritten; where it is merely
    the line of another branch there is nothing to say.
    """
    if index.number_of(tip) is not None:
        return None, ""
    newest = index.newest()
    meeting = None if newest is None else _meeting(git, index, tip)
    line = landed(commits(git, [tip], [meeting] if meeting else []), tip)
    if meeting is None and line[0].commit in shallow_ends(git):
        return line[0].commit, ""
    last = None if meeting is None else index.number_of(meeting)
    start = 0 if last is None else last + 1
    note = ""
    if newest and start <= newest[0]:
        index.cut_after(start - 1)
        if _is_gone(git, newest[1]):
            gone = newest[0] + 1 - start
            note = (
                f"the history was rewritten{f' after {meeting[:12]}' if meeting else ''}: "
                f"{gone:,} cached change{'' if gone == 1 else 's'} left out, and read anew"
            )
    _ingest(git, index, line, meeting, start)
    return None, note


def _is_gone(git: Git, name: str) -> bool:
    """Whether no branch and no tag has a commit any more."""
    holders = git.call(("for-each-ref", "--count=1", f"--contains={name}"))
    return holders.returncode != 0 or not holders.stdout


def _meeting(git: Git, index: HistoryIndex, tip: str) -> str | None:
    """The newest commit of the first-parent line up to `tip` that the index has."""
    for count in (_NEAR, -1):
        for name in line_names(git, tip, count):
            if index.number_of(name) is not None:
                return name
    return None


def _ingest(
    git: Git, index: HistoryIndex, line: Sequence[Landed], below: str | None, start: int
) -> None:
    """Count at every change of `line`, the first of them being number `start`."""
    files = touches(git, line[-1].commit, below)
    counting = _Counting(git, index, line, start)
    number = start
    while batch := list(islice(files, _BATCH)):
        counting.add(number, [touched for _, touched in batch])
        number += len(batch)


class _Counting:
    """What is known of files and changes while counting: authors are here and nowhere else."""

    def __init__(self, git: Git, index: HistoryIndex, line: Sequence[Landed], start: int) -> None:
        self._git = git
        self._index = index
        self._line = line
        self._start = start
        self._earlier: dict[int, list[int]] = {}
        self._times: dict[int, int] = {}
        self._authors: dict[int, str] = {}

    def add(self, first: int, changes: Sequence[Sequence[Touch]]) -> None:
        """Count at these changes, the first of them being number `first`, and index them."""
        touched = [
            [self._touched(first + place, each) for each in files]
            for place, files in enumerate(changes)
        ]
        if self._start:
            self._look_up(each for files in touched for each in files)
        entries = [self._count(first + place, files) for place, files in enumerate(touched)]
        self._index.add(entries, (each for files in touched for each in files))

    def _touched(self, number: int, touch: Touch) -> TouchedPath:
        old = None if touch.old is None else self._index.path_id(touch.old)
        return TouchedPath(self._index.path_id(touch.path), number, old)

    def _look_up(self, touched: Iterator[TouchedPath]) -> None:
        """Load what the index knows of files that were not met yet, and who changed them."""
        asked: set[int] = set()
        for each in touched:
            path = each.path if each.old is None else each.old
            if path not in self._earlier:
                self._earlier[path] = self._index.earlier(path, self._start)
                asked.update(self._earlier[path])
        entries = self._index.entries(asked - self._authors.keys())
        wrote = authors(self._git, [entry.name for entry in entries.values()])
        for number, entry in entries.items():
            self._times[number] = entry.time
            self._authors[number] = wrote[entry.name]

    def _count(self, number: int, files: Sequence[TouchedPath]) -> Entry:
        change = self._line[number - self._start]
        earlier = [self._of(each.path if each.old is None else each.old) for each in files]
        features = history_features(
            change.time,
            earlier,
            self._times.__getitem__,
            self._authors.__getitem__,
            is_fix=change.is_fix,
        )
        self._times[number] = change.time
        self._authors[number] = change.author
        for each, known in zip(files, earlier, strict=True):
            own = known if each.old is None else known[-NEWEST:]
            own.append(number)
            self._earlier[each.path] = own if len(own) < 2 * NEWEST else own[-NEWEST:]
        return Entry(number, change.commit, change.time, features)

    def _of(self, path: int) -> list[int]:
        return self._earlier.setdefault(path, [])
