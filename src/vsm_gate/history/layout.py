"""The tree of the history branch: its format, its open days and its sealed days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.history.objects import Entry, Objects, object_id
from vsm_gate.history.record import Record, day_folder, file_name

FORMAT: Final = b"vsm-gate/history/v1\n"
FORMAT_FILE: Final = "FORMAT"
BRANCH: Final = "vsm-history"
INBOX: Final = "refs/vsm-gate/inbox"


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one tree. Open: the day's tree. Sealed: the blob with the day's lines."""

    open: dict[date, str]
    sealed: dict[date, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A record file of an open day: `repository/name`, and its blob."""

    repository: str
    name: str
    oid: str


def days_of(objects: Objects, tree: str) -> Days:
    """The days of a history. Raises `HistoryError` where the tree is no history of ours."""
    root = objects.tree(tree)
    check_format(objects, root)
    days = Days({}, {})
    for where, entry in _entries(objects, root, "records", 3):
        day = _day(where)
        if day is not None and entry.is_tree:
            days.open[day] = entry.oid
    for where, entry in _entries(objects, root, "sealed", 3):
        day = _day((*where[:2], where[2].removesuffix(".jsonl")))
        if day is not None and not entry.is_tree and where[2].endswith(".jsonl"):
            days.sealed[day] = entry.oid
    return days


def places(objects: Objects, day_tree: str) -> list[Place]:
    """The record files of an open day."""
    found = []
    for repository, folder in objects.tree(day_tree).items():
        if folder.is_tree:
            for name, entry in objects.tree(folder.oid).items():
                if not entry.is_tree:
                    found.append(Place(repository, name, entry.oid))
    return found


def holds(objects: Objects, days: Days, record: Record) -> bool:
    """Whether an open day has the record."""
    width = len(next(iter(days.open.values()), ""))
    name, oid = file_name(record), object_id("blob", record.content, width)
    return any(
        place.oid == oid and place.name == name
        for day in days.open
        if day >= record.time.date()
        for place in places(objects, days.open[day])
    )


def check_format(objects: Objects, root: dict[str, Entry]) -> None:
    """Raise `HistoryError` where a branch is no history of ours, or one of a later version."""
    entry = root.get(FORMAT_FILE)
    if entry is None:
        raise HistoryError(
            "the branch is no history branch: it has no file FORMAT",
            hint="name another one with --history-branch",
        )
    if entry.oid != object_id("blob", FORMAT, len(entry.oid)):
        raise HistoryError(
            f"the history branch has the format {objects.read(entry.oid)[:80]!r}, "
            f"and this version of vsm-gate reads {FORMAT!r}"
        )


def inbox_of(ref: str) -> str:
    """Where records for a branch wait: each branch has an inbox of its own."""
    branch = ref.removeprefix("refs/heads/")
    return INBOX if branch == BRANCH else f"{INBOX}-of/{branch}"


def shard_of(ref: str, name: str = "") -> str:
    """A shard of a branch, by a hexadecimal digit; without one, what all of them begin with."""
    return f"{ref}-shards/{name}"


def sealed_path(day: date) -> str:
    """The file of a sealed day."""
    return f"sealed/{day.year:04}/{day:%m/%d}.jsonl"


def open_path(day: date, place: Place) -> str:
    """The path of a record of an open day."""
    return f"{day_folder(day)}/{place.repository}/{place.name}"


def _entries(
    objects: Objects, root: dict[str, Entry], name: str, depth: int
) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Entries `depth` steps below a folder, with their paths below it."""
    level: list[tuple[tuple[str, ...], Entry]] = [((), root[name])] if name in root else []
    for _ in range(depth):
        level = [
            ((*path, below), entry)
            for path, folder in level
            if folder.is_tree
            for below, entry in objects.tree(folder.oid).items()
        ]
    yield from level


def _day(parts: tuple[str, ...]) -> date | None:
    year, month, day = parts
    if (len(year), len(month), len(day)) != (4, 2, 2):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
