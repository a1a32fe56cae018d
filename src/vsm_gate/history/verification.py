"""Verification: every commit from the root on may only add records, or seal whole days.

What is proved: each record is the one that its name says and was never changed, taken away or put
into a day that was closed; each sealed day holds exactly the records that it had; the history that
each record saw is part of this one, so a rewritten past is found by the records that came later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.history import limits
from vsm_gate.history.drafts import OPEN_DAYS
from vsm_gate.history.layout import FORMAT, FORMAT_FILE
from vsm_gate.history.objects import BLOB_MODE, object_id
from vsm_gate.history.record import Record, digest, parse, path_of

_RECORD: Final = re.compile(
    r"records/(\d{4})/(\d\d)/(\d\d)/[A-Za-z0-9._~-]+/"
    r"\d{8}T\d{6}Z-[A-Za-z0-9._~-]+-[0-9a-f]{12}\.json"
)
_SEALED: Final = re.compile(r"sealed/(\d{4})/(\d\d)/(\d\d)\.jsonl")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something that no honest append does. `path` is None where the commit itself is at fault."""

    commit: str
    path: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Change:
    """One path that a commit changes: `status` A, M, D or T, its new mode and its new blob."""

    path: str
    status: str
    mode: str
    new: str


@dataclass(frozen=True, slots=True)
class Step:
    """A commit with its changes against its first parent."""

    commit: str
    parents: tuple[str, ...]
    when: datetime
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Replayed:
    """How many decisions were made again, and of those that could not be how many for what."""

    made: int = 0
    unable: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Walk:
    """What is known of the branch up to a commit, and the faults so far. `warnings` are none: they
    say what nears a forge's limits.

    `open` maps a day that is not sealed to its files and the ids of their records. `elsewhere` are
    commits of other shards. `observe` sees each valid record with its place; `replayed` is what
    came of making decisions again, None where that was not asked for.
    """

    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    commits: dict[str, int] = field(default_factory=dict)
    open: dict[date, dict[str, str]] = field(default_factory=dict)
    sealed: set[date] = field(default_factory=set)
    records: int = 0
    elsewhere: frozenset[str] = frozenset()
    observe: Callable[[Record, str, Change], None] = lambda _record, _commit, _change: None
    replayed: Replayed | None = None

    def take(self, step: Step, contents: Mapping[str, bytes | None]) -> None:
        """Check one commit; `contents` has the blobs that it adds, None for one that is missing."""
        self._check_place(step)
        added = [change for change in step.changes if change.path.startswith("records/")]
        sealing = [change for change in step.changes if change.path.startswith("sealed/")]
        rest = [x for x in step.changes if not x.path.startswith(("records/", "sealed/"))]
        if sealing:
            self._seal(step, sealing, contents)
        else:
            for change in added:
                self._add(step, change, contents)
        for change in rest:
            self._check_format(step, change)
        self.commits[step.commit] = len(self.commits)

    def expect(self, commit: str, head: str) -> None:
        """A commit that a published check named has to be on the branch."""
        if self.known(commit) is None:
            self._fault(head, None, f"the branch does not contain {commit}, which was expected")

    def known(self, commit: str) -> str | None:
        """The whole id of a commit of the branch that begins so; None where there is none."""
        return next((known for known in self.commits if known.startswith(commit)), None)

    def _check_place(self, step: Step) -> None:
        if len(step.parents) > 1:
            self._fault(step.commit, None, "a merge: a history has one line")
        elif not step.parents and self.commits:
            self._fault(step.commit, None, "a second root: the history was begun anew")
        elif not step.parents and not any(x.path == FORMAT_FILE for x in step.changes):
            self._fault(step.commit, FORMAT_FILE, "the root lacks the file FORMAT")
        if not step.changes:
            self._fault(step.commit, None, "a commit that records nothing")

    def _add(self, step: Step, change: Change, contents: Mapping[str, bytes | None]) -> None:
        """One record file: its place, its name, its content, the history that it saw."""
        where = _RECORD.fullmatch(change.path)
        day = None if where is None else _date(where.groups())
        if change.status != "A":
            gone = "taken away" if change.status == "D" else "changed"
            self._fault(step.commit, change.path, f"a record was {gone}")
        if where is None or day is None or change.mode not in {BLOB_MODE, "000000"}:
            self._fault(step.commit, change.path, "not the place or mode of a record")
            return
        if change.status == "D":
            self.open.get(day, {}).pop(change.path, None)
            return
        content = contents.get(change.new)
        if content is None:
            self._fault(step.commit, change.path, "its content is missing or damaged")
            return
        self.records += 1
        self.open.setdefault(day, {})[change.path] = digest(content)
        faults = self._record_faults(step.commit, change, content)
        for what in (*_day_faults(day, step, self.sealed), *faults):
            self._fault(step.commit, change.path, what)

    def _record_faults(self, commit: str, change: Change, content: bytes) -> Iterator[str]:
        name = digest(content)
        if change.path[-17:-5] != name[:12]:
            yield f"its name is not the digest of its content, {name[:12]}"
        try:
            record = parse(content)
        except HistoryError as problem:
            yield problem.message
            return
        yield from self._seen_faults(record)
        self.observe(record, commit, change)
        day = _date(change.path.split("/")[1:4])
        if day is not None and change.path != path_of(record, day=day):
            yield f"its path does not say what it says, {path_of(record, day=day)}"
        if day is not None and record.time.date() > day:
            yield f"it lies before its own time, {record.document['time']}"

    def _seen_faults(self, record: Record) -> Iterator[str]:
        head = record.document.get("history_head")
        if head is not None and head not in self.commits and head not in self.elsewhere:
            yield f"it saw the history at {head}, which is no ancestor"

    def _seal(
        self, step: Step, sealing: list[Change], contents: Mapping[str, bytes | None]
    ) -> None:
        """Days that are sealed: all of their files go, and their lines are exactly these."""
        taken = {change.path for change in step.changes if change.status == "D"}
        for change in sealing:
            where = _SEALED.fullmatch(change.path)
            day = None if where is None else _date(where.groups())
            if change.status != "A" or day is None or change.mode != BLOB_MODE:
                gone = {"D": "taken away", "A": "put in a wrong place"}.get(
                    change.status, "changed"
                )
                self._fault(step.commit, change.path, f"a sealed day was {gone}")
                continue
            content = contents.get(change.new)
            self.warnings += limits.of_day(day, len(content or b""))
            files = self.open.pop(day, {})
            for what in _seal_faults(day, step, files, content):
                self._fault(step.commit, change.path, what)
            for path in sorted(files.keys() - taken):
                self._fault(step.commit, path, "it stayed when its day was sealed")
            taken -= files.keys()
            self.sealed.add(day)
        for path in sorted(taken - {change.path for change in sealing}):
            self._fault(step.commit, path, "a record was taken away")
        for change in step.changes:
            if change.path.startswith("records/") and change.status != "D":
                self._fault(step.commit, change.path, "a commit that seals does nothing else")

    def _check_format(self, step: Step, change: Change) -> None:
        good = change.path == FORMAT_FILE and change.status == "A" and not step.parents
        if not good:
            self._fault(step.commit, change.path, "neither a record nor a sealed day")
        elif change.new != object_id("blob", FORMAT, len(change.new)):
            self._fault(step.commit, change.path, "another format than that of this version")

    def _fault(self, commit: str, path: str | None, what: str) -> None:
        self.faults.append(Fault(commit, path, what))


def together(walks: Sequence[Walk]) -> Walk:
    """What was found on several branches."""
    found = Walk()
    for walk in walks:
        found.faults += walk.faults
        found.warnings += walk.warnings
        for day, files in walk.open.items():
            folders = (path.split("/")[4] for path in files)
            found.warnings += (f"{day}: {each}" for each in limits.of_folders(folders))
            found.open.setdefault(day, {}).update(files)
        found.commits |= walk.commits
        found.sealed |= walk.sealed
        found.records += walk.records
    return found


def _day_faults(day: date, step: Step, sealed: set[date]) -> Iterator[str]:
    if day in sealed:
        yield "it was put into a day that is sealed"
    if step.when.astimezone(UTC).date() - day >= OPEN_DAYS:
        yield f"it was put into {day} on {step.when:%Y-%m-%d}, when that day was closed"


def _seal_faults(
    day: date, step: Step, files: Mapping[str, str], content: bytes | None
) -> Iterator[str]:
    if step.when.astimezone(UTC).date() - day < OPEN_DAYS:
        yield f"it was sealed on {step.when:%Y-%m-%d}, before it was closed"
    if content is None:
        yield "its content is missing or damaged"
        return
    lines = content.split(b"\n")
    ids = [digest(line) for line in lines[:-1]]
    expected = sorted(set(files.values()))
    if lines[-1] or ids != expected:
        lost, foreign = set(expected) - set(ids), set(ids) - set(expected)
        said = [f"{len(lost)} records of the day are missing"] if lost else []
        said += [f"{len(foreign)} lines are no records of the day"] if foreign else []
        yield ", ".join(said) or "its lines are not sorted, or not each once"


def _date(parts: Iterable[str]) -> date | None:
    try:
        return date(*(int(part) for part in parts))
    except (ValueError, TypeError):
        return None
