"""The contents of all records, or of those added since an earlier reading, as fast as may be.

Nothing is parsed: an id is the SHA-256 of a content, and the content is canonical JSON. What is new
is found by comparing two trees, so it costs what was added and not what is there. A day that was
sealed in between moved its records into one file: those that the earlier tree had are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from vsm_gate.errors import HistoryError
from vsm_gate.history.layout import Days, days_of, open_path, places, sealed_path
from vsm_gate.history.objects import Objects, object_id
from vsm_gate.history.record import digest
from vsm_gate.history.store import Place

Content = tuple[str, bytes]


class RewrittenError(HistoryError):
    """What was read earlier is no longer part of the history: read all of it anew."""


def contents(place: Place, head: str, since: str | None = None) -> Iterator[Content]:
    """`(id, content)` of each record at `head` that was not there at `since`, in no set order.

    A record that was recorded again on a later day comes again: its id tells.
    Raises `RewrittenError` where `since` is gone, or had what `head` has not.
    """
    if head == since:
        return
    objects = place.objects
    now = days_of(objects, objects.tree_of(head))
    before = Days({}, {}) if since is None else _earlier(place, since)
    _require_kept(objects, before, now)
    loose = _new_files(objects, before, now)
    sealed = {day: oid for day, oid in now.sealed.items() if before.sealed.get(day) != oid}
    place.want([*sealed.values(), *loose])
    for content in objects.stream(loose):
        yield digest(content), content
    for day, text in zip(sealed, objects.stream(sealed.values()), strict=True):
        yield from _lines(day, text, _files(objects, before, day))


def _earlier(place: Place, since: str) -> Days:
    if not place.bring(since):
        raise RewrittenError(f"the history does not have the commit {since} any more")
    return days_of(place.objects, place.objects.tree_of(since))


def _require_kept(objects: Objects, before: Days, now: Days) -> None:
    """A later reading has every day that an earlier one had, and a sealed one unchanged."""
    for day, oid in before.sealed.items():
        if now.sealed.get(day) != oid:
            raise _rewritten(sealed_path(day))
    for day, tree in before.open.items():
        if day in now.sealed or now.open.get(day) == tree:
            continue
        kept = _files(objects, now, day)
        for oid, path in _files(objects, before, day).items():
            if oid not in kept:
                raise _rewritten(path)


def _rewritten(path: str) -> RewrittenError:
    return RewrittenError(f"the history was rewritten since it was last read: {path} is not there")


def _files(objects: Objects, days: Days, day: date) -> dict[str, str]:
    """The blobs of an open day, and the path of each."""
    if day not in days.open:
        return {}
    return {found.oid: open_path(day, found) for found in places(objects, days.open[day])}


def _new_files(objects: Objects, before: Days, now: Days) -> Sequence[str]:
    """The blobs of the open days that were not there before."""
    changed = [day for day, tree in now.open.items() if before.open.get(day) != tree]
    return [
        oid
        for day in changed
        for oid in _files(objects, now, day).keys() - _files(objects, before, day).keys()
    ]


def _lines(day: date, text: bytes, before: Mapping[str, str]) -> Iterator[Content]:
    """The lines of a sealed day without the records that it had when it was open."""
    lines = text.splitlines()
    if not before:
        yield from ((digest(line), line) for line in lines)
        return
    width = len(next(iter(before)))
    named = {object_id("blob", line, width): line for line in lines}
    for oid, path in before.items():
        if oid not in named:
            raise RewrittenError(f"{path} is not in {sealed_path(day)}, where it was sealed")
    yield from ((digest(line), line) for oid, line in named.items() if oid not in before)
