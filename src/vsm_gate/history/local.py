"""A ref of the repository itself: its object store, and compare-and-swap."""

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
from vsm_gate.history.layout import shard_of
from vsm_gate.history.objects import Objects
from vsm_gate.history.record import Record
from vsm_gate.history.store import Appended, Pauses

_TRIES: Final = 60
_PAUSE: Final = 0.02


def local_git(repository: Path, environment: Mapping[str, str]) -> Git:
    """Give git in the repository. Raises `GitError` where there is none."""
    git = Git(repository, plain(environment))
    if not git.ok("rev-parse", "--git-dir"):
        raise GitError(
            f"{repository} is in no git repository that can be read",
            hint="run it in a checkout, or name the history with --history-remote",
        )
    return git


class LocalPlace:
    """Works in a linked worktree, a shallow clone and a bare repository alike.

    Only objects and the one ref are written: never the index, the work tree or HEAD.
    """

    def __init__(self, git: Git, ref: str) -> None:
        self.git = git
        self.ref = ref
        self.objects = Objects(git)

    def tip(self) -> str | None:
        """The commit that the ref stands at. A damaged ref is an error, never None."""
        done = self.git.call(["for-each-ref", "--format=%(objectname) %(objecttype)", self.ref])
        if done.returncode or done.stderr:
            raise HistoryError(
                f"{self.ref} cannot be read: {said(done.stderr)}",
                hint=f"`git show-ref {self.ref}` and `git fsck` say more",
            )
        if not done.stdout:
            return None
        oid, kind = done.stdout.decode("ascii").split()
        if kind != "commit":
            raise HistoryError(f"{self.ref} cannot be read: it stands at a {kind}")
        return oid

    def tips(self) -> dict[str, str]:
        """The branch and its shards."""
        tip = self.tip()
        own = {} if tip is None else {self.ref: tip}
        shards = self.git.text(
            "for-each-ref", "--format=%(refname) %(objectname)", shard_of(self.ref)
        )
        return {**own, **dict(line.split() for line in shards.splitlines())}

    def want(self, oids: Sequence[str]) -> None:
        """Everything is here already."""

    def bring(self, commit: str) -> bool:
        """Everything that there is is here already."""
        return self.git.ok("cat-file", "-e", f"{commit}^{{commit}}")

    def replace(self, new: str, old: str | None) -> tuple[Answer, str]:
        """Move the ref, if it still stands where it stood."""
        done = self.git.call(
            ["update-ref", "-m", "vsm-gate: append", self.ref, new, old or "0" * len(new)]
        )
        reason = said(done.stderr)
        return meaning(done.returncode, reason), reason


class LocalStore:
    """The history branch of the repository itself."""

    def __init__(self, place: LocalPlace, pauses: Pauses) -> None:
        self.place = place
        self._pauses = pauses

    def whole(self) -> tuple[Git, dict[str, str]]:
        """Everything is here already."""
        return self.place.git, self.place.tips()

    def append(self, records: Sequence[Record], now: datetime) -> Appended:
        """Write the commit and move the branch, again where somebody else moved it meanwhile."""
        ids = tuple(record.id for record in records)
        for attempt in range(1, _TRIES + 1):
            tip = self.place.tip()
            new = draft(self.place.objects, tip, records, now, self.place.want)
            if new.head == tip:
                return Appended(new.head, ids, "direct", attempt, "recorded before")
            answer, reason = self.place.replace(new.head, tip)
            if answer is Answer.DONE:
                return Appended(new.head, ids, "direct", attempt, "; ".join(new.notes))
            if answer is not Answer.AGAIN:
                raise HistoryError(f"the history branch cannot be moved: {reason}")
            self._pauses.before(attempt, unit=_PAUSE)
        raise HistoryError(
            f"the history branch was moved by others {_TRIES} times in a row",
            hint="the bundle holds the record: `vsm-gate history append BUNDLE` adds it later",
        )
