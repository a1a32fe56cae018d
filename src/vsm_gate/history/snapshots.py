"""Snapshots: what the newest runs on a branch saw, case by case and file by file.

They let a pull request tell a failure that is its own from one that was there before. They are kept
beside the history, in one parentless commit with the last few: they can be pruned, are replaced
as new ones come, and are never evidence.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError, UsageError
from vsm_gate.git import Git
from vsm_gate.history.answers import Answer
from vsm_gate.history.environment import plain
from vsm_gate.history.local import LocalPlace, local_git
from vsm_gate.history.objects import BLOB_MODE, Entry
from vsm_gate.history.store import Pauses, Place, told_as_history_error
from vsm_gate.history.transport import Transport

KEPT: Final = 20
_TRIES: Final = 5
_PAUSE: Final = 0.25
_NAME: Final = re.compile(r"(\d{8}T\d{6}Z)-([0-9a-f]{40}|[0-9a-f]{64})\.snapshot")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a snapshot is: the commit that was tested, when, and the blob with its content."""

    commit: str
    time: datetime
    oid: str

    @property
    def name(self) -> str:
        """Its file's name, which says all that there is to know without reading it."""
        return f"{self.time.astimezone(UTC):%Y%m%dT%H%M%SZ}-{self.commit}.snapshot"


class Snapshots:
    """The snapshots of one branch of the code: `refs/vsm-gate/snapshots/<branch>`."""

    def __init__(self, place: Place, pauses: Pauses) -> None:
        self._place = place
        self._pauses = pauses

    @classmethod
    def open(
        cls,
        repository: Path,
        *,
        of: str,
        remote: str | None = None,
        environment: Mapping[str, str],
        pauses: Pauses | None = None,
    ) -> Snapshots:
        """Those of the repository itself, or of a remote (its name, a URL or a path)."""
        waits = pauses or Pauses(time.sleep)
        ref = f"refs/vsm-gate/snapshots/{of}"
        if not Git(repository, plain(environment)).ok("check-ref-format", ref):
            raise UsageError(f"`{of}` cannot be the name of a branch")
        if remote is None:
            return cls(LocalPlace(local_git(repository, environment), ref), waits)
        with told_as_history_error("the snapshots cannot be reached"):
            transport = Transport(
                repository, ref, remote=remote, environment=environment, pauses=waits
            )
        return cls(transport, waits)

    def newest(self) -> list[Snapshot]:
        """The snapshots that there are, newest first; their contents are not fetched."""
        with told_as_history_error("the snapshots cannot be read"):
            tip = self._place.tip()
            return [] if tip is None else self._entries(tip)

    def read(self, snapshot: Snapshot) -> bytes:
        """The content of a snapshot."""
        with told_as_history_error("the snapshots cannot be read"):
            self._place.want([snapshot.oid])
            return self._place.objects.read(snapshot.oid)

    def add(self, commit: str, content: bytes, now: datetime) -> None:
        """Add a snapshot of a commit, in place of the oldest and of an earlier one of the commit.

        Raises `HistoryError` where the ref cannot be written; nothing but convenience is lost.
        """
        with told_as_history_error("the snapshot cannot be kept"):
            self._add(commit, content, now)

    def _add(self, commit: str, content: bytes, now: datetime) -> None:
        objects = self._place.objects
        new = Snapshot(commit, now, objects.write_blobs([content])[0])
        reason = ""
        for attempt in range(1, _TRIES + 1):
            tip = self._place.tip()
            others = [] if tip is None else self._entries(tip)
            kept = sorted(
                (new, *(old for old in others if old.commit != commit)),
                key=lambda snapshot: snapshot.name,
                reverse=True,
            )[:KEPT]
            tree = objects.write_tree({x.name: Entry(BLOB_MODE, x.oid) for x in kept})
            made = objects.commit(tree, None, f"Keep {len(kept)} snapshots", now)
            answer, reason = self._place.replace(made, tip)
            if answer is Answer.DONE or made == tip:
                return
            if answer is Answer.REFUSED:
                break
            self._pauses.before(attempt, unit=_PAUSE)
        raise HistoryError(f"the snapshot cannot be kept: {reason}")

    def _entries(self, tip: str) -> list[Snapshot]:
        objects = self._place.objects
        found = []
        for name, entry in objects.tree(objects.tree_of(tip)).items():
            match = _NAME.fullmatch(name)
            if match is not None and not entry.is_tree:
                when = datetime.strptime(match[1], "%Y%m%dT%H%M%S%z")
                found.append(Snapshot(match[2], when, entry.oid))
        return sorted(found, key=lambda snapshot: snapshot.name, reverse=True)
