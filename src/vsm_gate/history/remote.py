"""Appending to a remote: direct first, then inbox and group commit.

A direct push costs one fetch and one push. Where it is rejected, because somebody else was
faster, the records go to a ref of their own in the inbox: nobody contends for it, and from then on
nothing is lost. Whoever wins the branch next folds everybody's records in one commit, and takes
their refs away in the same atomic push. A writer whose ref is gone is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history import limits
from vsm_gate.history.answers import Answer
from vsm_gate.history.drafts import Draft, draft
from vsm_gate.history.layout import days_of, holds
from vsm_gate.history.record import Record, digest, parse
from vsm_gate.history.store import Appended, Pauses
from vsm_gate.history.transport import Transport

_ROUNDS: Final = 8
_DIRECT_ROUNDS: Final = 40
_FOLDED_AT_ONCE: Final = 500
_PAUSE: Final = 0.25
_REPLAY: Final = "the bundle holds the record: `vsm-gate history append BUNDLE` adds it later"


class RemoteStore:
    """A remote's history branch."""

    def __init__(self, transport: Transport, pauses: Pauses) -> None:
        self.place = transport
        self._pauses = pauses

    def whole(self) -> tuple[Git, dict[str, str]]:
        """Fetch every commit, tree and file of the branch."""
        return self.place.git, self.place.fetch_whole()

    def append(self, records: Sequence[Record], now: datetime) -> Appended:
        """Direct; on rejection inbox and fold. Never forced."""
        return _Append(self.place, self._pauses, records, now).run()


@dataclass(frozen=True, slots=True)
class _Fold:
    """A draft, the inbox refs whose records are in it, and what there is to say of it."""

    draft: Draft
    refs: tuple[str, ...]
    notes: tuple[str, ...]


class _Append:
    """One append, from the first push to its receipt."""

    def __init__(
        self, transport: Transport, pauses: Pauses, records: Sequence[Record], now: datetime
    ) -> None:
        self._transport = transport
        self._objects = transport.objects
        self._pauses = pauses
        self._records = records
        self._now = now
        self._content = b"".join(record.content + b"\n" for record in records)
        self._own = f"{transport.inbox}/{digest(self._content)[:12]}"
        self._attempts = 0
        self._atomic = True
        self._said: list[str] = []

    def run(self) -> Appended:
        """Once directly, with whatever waits in the inbox; then by way of the inbox."""
        tip = self._transport.fetch(inbox=True)
        fold = self._prepare(tip)
        if fold.draft.head == tip and not fold.refs:
            return self._done(fold.draft.head, "direct", "recorded before")
        answer, reason = self._publish(fold, tip)
        if answer is Answer.DONE:
            return self._done(fold.draft.head, "direct", *fold.notes)
        if answer is Answer.REFUSED:
            raise HistoryError(f"the history branch cannot be pushed: {reason}", hint=_REPLAY)
        return self._fold() if self._leave() else self._insist()

    def _leave(self) -> bool:
        """Put the records into the inbox; False where the server will have no such ref."""
        blob = self._objects.write_blobs([self._content])[0]
        for attempt in range(1, _ROUNDS + 1):
            answer, reason = self._push(f"{blob}:{self._own}")
            if answer is Answer.DONE:
                return True
            if answer is not Answer.BROKEN:
                return False
            self._pauses.before(attempt, unit=_PAUSE)
        raise HistoryError(f"the history branch cannot be pushed: {reason}", hint=_REPLAY)

    def _fold(self) -> Appended:
        """Fold the inbox, ours and everybody's, until our ref is gone.

        Where the remote cannot be reached any more, what is in the inbox is safe all the same.
        """
        reason, tip = "", None
        for attempt in range(1, _ROUNDS + 1):
            self._pauses.before(attempt, unit=_PAUSE)
            try:
                tip = self._transport.fetch(inbox=True)
            except HistoryError as problem:
                reason = problem.message
                break
            if self._own not in self._transport.waiting():
                if tip is not None and self._has(tip):
                    return self._done(tip, "folded", "by another run")
                if not self._leave():
                    return self._insist()
                continue
            if not self._is_our_turn(attempt):
                continue
            fold = self._prepare(tip)
            answer, reason = self._publish(fold, tip)
            if answer is Answer.DONE:
                return self._done(fold.draft.head, "folded", *fold.notes)
            if answer is Answer.REFUSED:
                break
        detail = f"left at {self._own} for the next run to fold: {reason}"
        return self._done(tip or "", "inbox", detail)

    def _is_our_turn(self, attempt: int) -> bool:
        """Whether to fold now, or to let those in front do it: a few first, soon everybody."""
        in_front = sum(ref < self._own for ref in self._transport.waiting())
        return 2 * in_front < int(4**attempt)

    def _insist(self) -> Appended:
        """Direct pushes only, again and again: for a server that refuses refs of our own."""
        for attempt in range(1, _DIRECT_ROUNDS + 1):
            self._pauses.before(attempt, unit=_PAUSE)
            tip = self._transport.fetch(inbox=True)
            fold = self._prepare(tip)
            answer, reason = self._publish(fold, tip)
            if answer is Answer.DONE:
                note = "the server takes no inbox refs"
                return self._done(fold.draft.head, "direct", note, *fold.notes)
            if answer is Answer.REFUSED:
                break
        raise HistoryError(f"the history branch cannot be pushed: {reason}", hint=_REPLAY)

    def _prepare(self, tip: str | None) -> _Fold:
        """A commit with our records and everybody's who waits in the inbox that was fetched."""
        refs, records, unreadable = _readable(self._transport.waiting(), self._own)
        together = list({record.id: record for record in (*self._records, *records)}.values())
        new = draft(self._objects, tip, together, self._now, self._transport.want)
        notes = list(new.notes)
        if refs:
            notes.insert(0, f"{len(refs)} inbox refs in one commit")
        notes += limits.of_refs(len(self._transport.waiting()), "records wait in the inbox")
        if unreadable:
            notes.append(f"{unreadable} inbox refs hold no valid record")
        return _Fold(new, tuple(refs), tuple(notes))

    def _publish(self, fold: _Fold, tip: str | None) -> tuple[Answer, str]:
        """Push the branch and take the folded refs away, in one atomic step where there is one.

        A server that cannot do that, or that lets nobody take refs away, gets the branch first:
        then the records are safe, and a ref that stays costs the next fold a little time.
        """
        new = fold.draft.head
        branch = [] if new == tip else [f"{new}:{self._transport.ref}"]
        deletions = [f":{ref}" for ref in fold.refs]
        if branch and not deletions:
            return self._push(*branch)
        if self._atomic:
            answer, reason = self._push(*branch, *deletions, atomic=True)
            if answer not in {Answer.LACKING, Answer.REFUSED}:
                return answer, reason
            self._atomic = False
            if answer is Answer.LACKING:
                self._said.append("the server makes no atomic pushes")
        answer, reason = self._push(*branch) if branch else (Answer.DONE, "")
        if answer is Answer.DONE and deletions:
            self._push(*deletions)
        return answer, reason

    def _push(self, *refspecs: str, atomic: bool = False) -> tuple[Answer, str]:
        self._attempts += 1
        return self._transport.push(*refspecs, atomic=atomic)

    def _has(self, tip: str) -> bool:
        days = days_of(self._objects, self._objects.tree_of(tip))
        return all(holds(self._objects, days, record) for record in self._records)

    def _done(self, head: str, how: str, *notes: str) -> Appended:
        ids = tuple(record.id for record in self._records)
        whole = () if self._transport.partial else ("the server makes no partial clones",)
        told = "; ".join((*notes, *self._said, *whole))
        return Appended(head, ids, how, self._attempts, told)


def _readable(waiting: Mapping[str, bytes], own: str) -> tuple[list[str], list[Record], int]:
    """Refs to fold, ours first, their records, and how many refs hold no valid ones."""
    refs: list[str] = []
    records: list[Record] = []
    unreadable = 0
    for ref in sorted(waiting, key=lambda ref: (ref != own, ref))[:_FOLDED_AT_ONCE]:
        try:
            records += [parse(line) for line in waiting[ref].splitlines()]
        except HistoryError:
            unreadable += 1
        else:
            refs.append(ref)
    return refs, records, unreadable
