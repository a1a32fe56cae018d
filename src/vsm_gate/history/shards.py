"""Sixteen branches instead of one, by hash, for a ledger that many write to all the time.

Who appends contends with a sixteenth of the others. Readers need not know: they read the branch
itself and whatever shards there are, together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.record import Record
from vsm_gate.history.store import Appended, Place, Store

_WORST_FIRST: Final = ("inbox", "folded", "direct")


class ShardedStore:
    """A branch with its shards: `shard` opens the one with a hexadecimal digit for a name."""

    def __init__(self, whole: Store, shard: Callable[[str], Store]) -> None:
        self._whole = whole
        self._shard = shard

    @property
    def place(self) -> Place:
        """The branch itself, and the object store that all are read through."""
        return self._whole.place

    def whole(self) -> tuple[Git, dict[str, str]]:
        """The tips of all."""
        return self._whole.whole()

    def append(self, records: Sequence[Record], now: datetime) -> Appended:
        """Add each record to its shard: all of one shard in one commit.

        Raises `HistoryError` where one shard cannot be written to; what others took is there once,
        however often it is repeated.
        """
        done: list[Appended] = []
        groups = _by_shard(records)
        for name, group in groups.items():
            store = self._shard(name)
            store.place.objects.signing = self.place.objects.signing
            try:
                done.append(store.append(group, now))
            except HistoryError as problem:
                told = f" ({len(done)} of {len(groups)} shards took theirs)" if done else ""
                raise HistoryError(f"{problem.message}{told}", hint=problem.hint) from None
        return Appended(
            head=done[-1].head,
            ids=tuple(record.id for record in records),
            how=min((each.how for each in done), key=_WORST_FIRST.index),
            attempts=max(each.attempts for each in done),
            detail="; ".join(dict.fromkeys(each.detail for each in done if each.detail)),
        )


def _by_shard(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by the first digit of their ids; a policy goes with the check before it."""
    groups: dict[str, list[Record]] = {}
    name = ""
    for record in records:
        name = name if name and record.kind == "policy" else record.id[0]
        groups.setdefault(name, []).append(record)
    return groups
