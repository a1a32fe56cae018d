"""The append protocol against a server in memory, with every interleaving to order.

Writers run the real code of an append; only the server, the objects and the pauses are in memory.
Each writer is a thread that stops before every step it takes against the server, and a schedule
says whose turn it is, and what goes wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vsm_gate.errors import HistoryError
from vsm_gate.history.answers import Answer
from vsm_gate.history.layout import INBOX
from vsm_gate.history.objects import Entry, Objects, object_id
from vsm_gate.history.record import Record
from vsm_gate.history.remote import RemoteStore
from vsm_gate.history.store import Appended

BRANCH = "refs/heads/vsm-history"


class Memory(Objects):
    """Objects in memory, shared by everybody."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.parents: dict[str, str | None] = {}

    def _keep(self, kind: str, content: bytes) -> str:
        oid = object_id(kind, content, 40)
        self.kept[oid] = content
        return oid

    def read_all(self, oids: Iterable[str]) -> Iterator[bytes]:
        """Contents, in order."""
        return (self.kept[oid] for oid in oids)

    def write_blobs(self, contents: Sequence[bytes]) -> list[str]:
        """Keep blobs."""
        return [self._keep("blob", content) for content in contents]

    def write_tree(self, entries: Mapping[str, Entry]) -> str:
        """Keep a tree."""
        lines = (
            f"{entries[name].mode} {name}\0".encode() + bytes.fromhex(entries[name].oid)
            for name in sorted(entries)
        )
        return self._keep("tree", b"".join(lines))

    def commit(self, tree: str, parent: str | None, message: str, when: datetime) -> str:
        """Keep a commit, and whose child it is."""
        lines = f"tree {tree}\nparent {parent}\n{when.isoformat()}\n\n{message}\n"
        oid = self._keep("commit", lines.encode())
        self.parents[oid] = parent
        return oid


@dataclass
class Server:
    """The refs of a server: a push is taken whole or not at all, and only as a fast-forward."""

    objects: Memory
    refs: dict[str, str] = field(default_factory=dict)
    atomic: bool = True
    takes_inbox: bool = True

    def push(self, seen: Mapping[str, str], refspecs: Sequence[str], atomic: bool) -> Answer:
        """What git and a server make of a push."""
        if atomic and not self.atomic:
            return Answer.LACKING
        pairs = [spec.split(":") for spec in refspecs]
        if not self.takes_inbox and any(new and ref != BRANCH for new, ref in pairs):
            return Answer.REFUSED
        for new, ref in pairs:
            old = self.refs.get(ref)
            gone = not new and old is None
            if gone or (ref == BRANCH and old is not None and not self._above(new, old)):
                return Answer.AGAIN
        for new, ref in pairs:
            if new:
                self.refs[ref] = new
            else:
                del self.refs[ref]
        return Answer.DONE

    def _above(self, new: str, old: str) -> bool:
        found: str | None = new
        while found is not None and found != old:
            found = self.objects.parents[found]
        return found == old


class Killed(BaseException):
    """The end of a writer in the middle of its work."""


@dataclass
class Writer:
    """One run: a thread that waits for its turn before each step."""

    number: int
    server: Server
    work: Callable[[Writer], Appended]
    acknowledged: Appended | None = None
    failed: HistoryError | None = None
    steps: int = 0

    def __post_init__(self) -> None:
        self.go, self.stopped = threading.Event(), threading.Event()
        self.fault = "none"
        self.finished = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self.stopped.wait()

    def _run(self) -> None:
        with suppress(Killed):
            try:
                self.wait()
                self.acknowledged = self.work(self)
            except HistoryError as problem:
                self.failed = problem
        self.finished = True
        self.stopped.set()

    def wait(self) -> str:
        """Stop before a step until the schedule says how it goes on."""
        self.stopped.set()
        self.go.wait()
        self.go.clear()
        if self.fault == "kill":
            raise Killed
        return self.fault

    def step(self, fault: str) -> None:
        """Let it take one step, with a fault or with none."""
        self.steps += 1
        self.fault = fault
        self.stopped.clear()
        self.go.set()
        self.stopped.wait()


class Line:
    """The transport of one writer."""

    ref, inbox, partial = BRANCH, INBOX, True

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.objects = writer.server.objects
        self._seen: dict[str, str] = {}

    def tip(self) -> str | None:
        """The branch, as a fetch finds it."""
        return self.fetch()

    def fetch(self, *, inbox: bool = False) -> str | None:
        """The branch and the inbox, of one moment."""
        if self._writer.wait() == "lost":
            raise HistoryError("the line broke for too long")
        self._seen = dict(self._writer.server.refs)
        return self._seen.get(BRANCH)

    def waiting(self) -> dict[str, bytes]:
        """The inbox of that moment."""
        kept = self.objects.kept
        return {ref: kept[oid] for ref, oid in self._seen.items() if ref != BRANCH}

    def want(self, oids: Sequence[str]) -> None:
        """All objects are shared."""

    def push(self, *refspecs: str, atomic: bool = False) -> tuple[Answer, str]:
        """Push; the line may break before it arrives, or after it was taken."""
        fault = self._writer.wait()
        if fault == "lost":
            return Answer.BROKEN, "lost"
        answer = self._writer.server.push(self._seen, refspecs, atomic)
        if fault == "kill after":
            raise Killed
        return (Answer.BROKEN, "unheard") if fault == "unheard" else (answer, answer.value)


class Turns:
    """Pauses that are turns of the others."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def before(self, attempt: int, *, unit: float) -> None:
        """Let others go first."""
        self._writer.wait()


def writer(number: int, server: Server, records: Sequence[Record], now: datetime) -> Writer:
    """A run that appends some records."""

    def work(self: Writer) -> Appended:
        place: Any = Line(self)
        pauses: Any = Turns(self)
        return RemoteStore(place, pauses).append(records, now)

    return Writer(number, server, work)


def finish(found: Writer) -> None:
    """Let a writer go on without a fault until it is done."""
    while not found.finished:
        found.step("none")
    found.thread.join()
