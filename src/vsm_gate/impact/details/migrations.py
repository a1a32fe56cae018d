"""What all kinds of migrations have in common: how a change of their file is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vsm_gate.impact.details.contract import Finding, Unread, Versions

Effects = Callable[[str], Iterator[Finding | Unread]]


def one_step(file: Versions, effects: Effects) -> Iterator[Finding | Unread]:
    """What a migration does that runs once: one that is edited will not run again everywhere."""
    if file.head is None:
        yield Finding("deletes a migration: databases that ran it keep what it did", "warning")
    elif file.base not in {None, file.head}:
        yield Finding("edits a migration: databases that ran it do not run it again", "warning")
    yield from added(file, effects)


def added(file: Versions, effects: Effects) -> Iterator[Finding | Unread]:
    """What a file does now that it did not do at the base."""
    if file.head is None:
        return
    before = {_text(item) for item in effects(file.base)} if file.base is not None else set()
    for item in effects(file.head):
        if _text(item) not in before:
            yield item


def _text(item: Finding | Unread) -> str | None:
    return item.text if isinstance(item, Finding) else None
