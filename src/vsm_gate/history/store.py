"""What the ledger asks of the place where a history branch is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final, Protocol

from vsm_gate.errors import GitError, HistoryError, UsageError
from vsm_gate.git import Git
from vsm_gate.history.answers import Answer
from vsm_gate.history.objects import Objects
from vsm_gate.history.record import Record

_DISK: Final = "is there space, and may files be written here and in the temporary folder?"
_OF_THE_DISK: Final = re.compile(
    r"permission|read-only|space|unable to (write|create|add)", re.IGNORECASE
)


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


@dataclass(frozen=True)
class Options:
    """How a ledger is kept.

    `sign`: the file of an SSH key that commits are signed with, True for the key that git itself
    signs with. `signers`: a file of allowed signers, one of whom has to have signed each commit,
    from `signed_from` on. `shards`: how many branches records are spread over, 1 or 16.
    """

    sign: bool | str = False
    signers: Path | None = None
    signed_from: str | None = None
    shards: int = 1
    pauses: Pauses = Pauses(time.sleep)


class Place(Protocol):
    """A ref of the own repository, or of a remote that is seen through a temporary store."""

    ref: str

    @property
    def objects(self) -> Objects:
        """The object store, with what was fetched into it."""

    def tip(self) -> str | None:
        """The commit that the ref stands at; None where there is no such ref (yet)."""

    def tips(self) -> dict[str, str]:
        """The refs of the branch and of its shards, as far as there are any, and their commits."""

    def want(self, oids: Sequence[str]) -> None:
        """Bring these blobs into the object store, all at once."""

    def bring(self, commit: str) -> bool:
        """Bring a commit that was once the tip, and its trees; False where it is gone."""

    def replace(self, new: str, old: str | None) -> tuple[Answer, str]:
        """Let the ref stand at `new`, if it still stands at `old`; what came of it."""


class Store(Protocol):
    """Where a history branch is kept."""

    @property
    def place(self) -> Place:
        """The branch."""

    def whole(self) -> tuple[Git, dict[str, str]]:
        """The tips, with all that they are made of here: every commit, tree and file."""

    def append(self, records: Sequence[Record], now: datetime) -> Appended:
        """Add records to the branch. Raises `HistoryError` where that cannot be done."""


def branch_ref(git: Git, branch: str) -> str:
    """The ref of a branch. Raises `UsageError` where this cannot be the name of one."""
    ref = f"refs/heads/{branch}"
    if branch.startswith("-") or not git.ok("check-ref-format", ref):
        raise UsageError(f"`{branch}` cannot be the name of a branch")
    return ref


@contextmanager
def told_as_history_error(what: str) -> Iterator[None]:
    """Turn a failure of git or of the disk into a `HistoryError`, which says what it was about."""
    try:
        yield
    except GitError as problem:
        hint = _DISK if _OF_THE_DISK.search(problem.message) else problem.hint
        raise HistoryError(f"{what}: {problem.message}", hint=hint) from None
    except OSError as problem:
        raise HistoryError(f"{what}: {problem.strerror or problem}", hint=_DISK) from None
