"""Which records are asked for; most others are told apart without being parsed. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from vsm_gate.history.layout import Place
from vsm_gate.history.record import Record, repository_folder, safe_name


@dataclass(frozen=True, slots=True)
class Selection:
    """Records with a time in [since, until), of a repository, of some kinds; None: of all."""

    since: datetime | None = None
    until: datetime | None = None
    repository: str | None = None
    kinds: frozenset[str] | None = None

    def day(self, day: date) -> bool:
        """Whether a day may hold such records: a record is never recorded before its own day."""
        return self.since is None or day >= self.since.astimezone(UTC).date()

    def place(self, place: Place) -> bool:
        """Whether a record file may be one, from its path."""
        if self.repository is not None and place.repository != repository_folder(self.repository):
            return False
        kind = place.name.partition("-")[2].rpartition("-")[0]
        return self.kinds is None or kind in {safe_name(name) for name in self.kinds}

    def line(self, line: bytes) -> bool:
        """Whether a sealed line may be one, from the words in it."""
        if self.repository is not None and _field("repository", self.repository) not in line:
            return False
        return self.kinds is None or any(_field("kind", kind) in line for kind in self.kinds)

    def record(self, record: Record) -> bool:
        """Whether it is one."""
        return (
            (self.repository is None or record.repository == self.repository)
            and (self.kinds is None or record.kind in self.kinds)
            and (self.since is None or record.time >= self.since)
            and (self.until is None or record.time < self.until)
        )


def _field(name: str, value: str) -> bytes:
    return f'"{name}":{json.dumps(value)}'.encode("ascii")
