"""What the ledger asks of the place where a history branch is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Protocol

from vsm_gate.errors import UsageError
from vsm_gate.git import Git
from vsm_gate.history.objects import Objects
from vsm_gate.history.record import Record


@dataclass(frozen=True)
class Appended:
    """What came of an append.

    `how`: `direct`, `folded` (by this run or by another) or `inbox` (safe on the remote, and left
    for the next run to fold). `attempts` counts the pushes, or the tries to move the branch.
    """

    head: str
    ids: tuple[str, ...]
    how: str
    attempts: int
    detail: str


@dataclass(frozen=True)
class Pauses:
    """Jittered pauses between tries; `sleep` and `random` are given so that tests need not wait."""

    sleep: Callable[[float], None]
    random: Random = field(default_factory=Random)

    def before(self, attempt: int, *, unit: float) -> None:
        """Wait between half and one and a half times `unit`, doubled with every attempt to 8×."""
        longest = unit * float(min(2**attempt, 8))
        self.sleep(longest * (0.5 + self.random.random()))


class Store(Protocol):
    """The own repository, or a remote seen through a temporary store."""

    objects: Objects

    def tip(self) -> str | None:
        """The commit that the branch stands at; None where there is no such branch (yet)."""

    def whole(self) -> tuple[Git, str | None]:
        """The tip, with all that it is made of here: every commit, tree and file."""

    def want(self, oids: Sequence[str]) -> None:
        """Bring these blobs into the object store, all at once."""

    def append(self, records: Sequence[Record], now: datetime) -> Appended:
        """Add records to the branch. Raises `HistoryError` where that cannot be done."""


def check_branch(git: Git, branch: str) -> None:
    """Raise `UsageError` where this cannot be the name of a branch."""
    if branch.startswith("-") or not git.ok("check-ref-format", f"refs/heads/{branch}"):
        raise UsageError(f"`{branch}` cannot be the name of a branch")
