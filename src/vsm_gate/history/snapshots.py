"""Snapshots: what the newest runs on a branch saw, case by case and file by file.

They let a pull request tell a failure that is its own from one that was there before. They are kept
beside the history, in one parentless commit with the last few: they can be pruned, are replaced
as new ones come, and are never evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from vsm_gate.errors import UsageError
from vsm_gate.git import Git
from vsm_gate.history.environment import plain
from vsm_gate.history.kept import KeptRef
from vsm_gate.history.store import Pauses

KEPT: Final = 20
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


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshots of one branch of the code: `refs/vsm-gate/snapshots/<branch>`."""

    kept: KeptRef

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
        ref = f"refs/vsm-gate/snapshots/{of}"
        if not Git(repository, plain(environment)).ok("check-ref-format", ref):
            raise UsageError(f"`{of}` cannot be the name of a branch")
        kept = KeptRef.open(
            repository,
            ref,
            called=("the snapshots", "the snapshot"),
            remote=remote,
            environment=environment,
            pauses=pauses,
        )
        return cls(kept)

    def newest(self) -> list[Snapshot]:
        """The snapshots that there are, newest first; their contents are not fetched."""
        return _snapshots(self.kept.files())

    def read(self, snapshot: Snapshot) -> bytes:
        """The content of a snapshot."""
        return self.kept.read(snapshot.oid)

    def add(self, commit: str, content: bytes, now: datetime) -> None:
        """Add a snapshot of a commit, in place of the oldest and of an earlier one of the commit.

        Raises `HistoryError` where the ref cannot be written; nothing but convenience is lost.
        """

        def choose(blob: str, there: dict[str, str]) -> dict[str, str]:
            others = (old for old in _snapshots(there) if old.commit != commit)
            found = sorted((Snapshot(commit, now, blob), *others), key=_by_name, reverse=True)
            return {each.name: each.oid for each in found[:KEPT]}

        self.kept.put(content, choose, lambda count: f"Keep {count} snapshots", now)


def _snapshots(files: Mapping[str, str]) -> list[Snapshot]:
    found = []
    for name, oid in files.items():
        match = _NAME.fullmatch(name)
        if match is not None:
            found.append(Snapshot(match[2], datetime.strptime(match[1], "%Y%m%dT%H%M%S%z"), oid))
    return sorted(found, key=_by_name, reverse=True)


def _by_name(snapshot: Snapshot) -> str:
    return snapshot.name
