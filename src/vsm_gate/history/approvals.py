"""Approvals that the history has: given where the forge does not know of them."""

from __future__ import annotations

from collections.abc import Iterable

from vsm_gate.history.record import Record


def approvers(events: Iterable[Record], commits: frozenset[str], author: str) -> frozenset[str]:
    """Who approved one of the commits, by approval events; an author's own approval is none."""
    own = _name(author)
    found = set()
    for record in events:
        event = record.document.get("event")
        if record.kind == "approval" and isinstance(event, dict) and event.get("commit") in commits:
            by = _name(str(event.get("by") or ""))
            if by and by != own:
                found.add(by)
    return frozenset(found)


def _name(text: str) -> str:
    """A person as they are compared: neither case nor a leading @ makes another one of them."""
    return text.strip().removeprefix("@").casefold()
