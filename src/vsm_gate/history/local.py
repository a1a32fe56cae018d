"""The history branch of the repository itself: its object store, and compare-and-swap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from vsm_gate.errors import GitError, HistoryError
from vsm_gate.git import Git
from vsm_gate.history.answers import Answer, meaning
from vsm_gate.history.drafts import draft
from vsm_gate.history.environment import plain, said
from vsm_gate.history.objects import Objects
from vsm_gate.history.record import Record
from vsm_gate.history.store import Appended, Pauses, check_branch

_TRIES: Final = 60
_PAUSE: Final = 0.02


class LocalStore:
    """Works in a linked worktree, a shallow clone and a bare repository alike.

    Only objects and the one branch are written: never the index, the work tree or HEAD.
    """

    def __init__(
        self, repository: Path, branch: str, environment: Mapping[str, str], pauses: Pauses
    ) -> None:
        self._git = Git(repository, plain(environment))
        if not self._git.ok("rev-parse", "--git-dir"):
            raise GitError(
                f"{repository} is in no git repository that can be read",
                hint="run it in a checkout, or name the history with --history-remote",
            )
        check_branch(self._git, branch)
        self._ref = f"refs/heads/{branch}"
        self._pauses = pauses
        self.objects = Objects(self._git)

    def tip(self) -> str | None:
        """The commit that the branch stands at. A damaged branch is an error, never None."""
        done = self._git.call(["for-each-ref", "--format=%(objectname) %(objecttype)", self._ref])
        if done.returncode or done.stderr:
            raise HistoryError(
                f"the history branch cannot be read: {said(done.stderr)}",
                hint=f"`git show-ref {self._ref}` and `git fsck` say more",
            )
        if not done.stdout:
            return None
        oid, kind = done.stdout.decode("ascii").split()
        if kind != "commit":
            raise HistoryError(f"the history branch cannot be read: {self._ref} is a {kind}")
        return oid

    def whole(self) -> tuple[Git, str | None]:
        """Everything is here already."""
        return self._git, self.tip()

    def want(self, oids: Sequence[str]) -> None:
        """Everything is here already."""

    def append(self, records: Sequence[Record], now: datetime) -> Appended:
        """Write the commit and move the branch, if it still stands where it stood."""
        ids = tuple(record.id for record in records)
        for attempt in range(1, _TRIES + 1):
            tip = self.tip()
            try:
                new = draft(self.objects, tip, records, now, self.want)
            except GitError as problem:
                raise HistoryError(f"the history cannot be written: {problem.message}") from None
            if new.head == tip:
                return Appended(new.head, ids, "direct", attempt, "recorded before")
            answer, reason = self._move(new.head, tip)
            if answer is Answer.DONE:
                return Appended(new.head, ids, "direct", attempt, "; ".join(new.notes))
            if answer is not Answer.AGAIN:
                raise HistoryError(f"the history branch cannot be moved: {reason}")
            self._pauses.before(attempt, unit=_PAUSE)
        raise HistoryError(
            f"the history branch was moved by others {_TRIES} times in a row",
            hint="the bundle holds the record: `vsm-gate history append BUNDLE` adds it later",
        )

    def _move(self, new: str, old: str | None) -> tuple[Answer, str]:
        done = self._git.call(
            ["update-ref", "-m", "vsm-gate: append", self._ref, new, old or "0" * len(new)]
        )
        return meaning(done.returncode, said(done.stderr)), said(done.stderr)
