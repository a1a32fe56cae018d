"""The ledger: an append-only branch of records, of a repository or of a remote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError, UsageError
from vsm_gate.git import Git
from vsm_gate.history.environment import Settings, plain
from vsm_gate.history.federation import sources
from vsm_gate.history.layout import BRANCH, shard_of
from vsm_gate.history.local import LocalPlace, LocalStore, local_git
from vsm_gate.history.reading import Reader
from vsm_gate.history.record import Record
from vsm_gate.history.remote import RemoteStore
from vsm_gate.history.selection import Selection
from vsm_gate.history.shards import ShardedStore
from vsm_gate.history.signatures import signature_faults, signing
from vsm_gate.history.store import Appended, Options, Store, branch_ref, told_as_history_error
from vsm_gate.history.stream import RewrittenError, contents
from vsm_gate.history.transport import Transport
from vsm_gate.history.verification import Fault, Walk
from vsm_gate.history.walking import Verifier

__all__ = ["BRANCH", "Appended", "Ledger", "Options"]

EVERYTHING: Final = "*"
USUAL: Final = Options()


class Ledger:
    """A history branch.

    Reading sees one moment: the tip that `head` found first. An append looks for itself, and what
    is read after it is read from the new tip.
    """

    def __init__(
        self,
        store: Store,
        now: datetime,
        *,
        here: Git,
        others: Callable[[], dict[str, str]] | None = None,
        options: Options = USUAL,
    ) -> None:
        self._store = store
        self._others = others
        self._here = here
        self._options = options
        self._now = now.astimezone(UTC)
        self._read_at: dict[str, str] | None = None

    @classmethod
    def open(
        cls,
        repository: Path,
        *,
        branch: str = BRANCH,
        remote: str | None = None,
        environment: Mapping[str, str],
        now: datetime,
        options: Options = USUAL,
    ) -> Ledger:
        """The branch of the repository itself, or of a remote (its name, a URL or a path).

        The branch `*` is the repository's own together with all that were synchronized into it: it
        can be read, and not written to.

        Raises `GitError` where there is no repository, `UsageError` for an impossible name.
        """
        if branch == EVERYTHING:
            git = local_git(repository, environment)
            own = LocalStore(LocalPlace(git, f"refs/heads/{BRANCH}"), options.pauses)
            return cls(own, now, here=git, others=lambda: sources(git))
        here = Git(repository, plain(environment))
        ref = branch_ref(here, branch)
        if remote is None:
            here = local_git(repository, environment)

        def store(at: str) -> Store:
            if remote is None:
                return LocalStore(LocalPlace(here, at), options.pauses)
            with told_as_history_error("the history cannot be reached"):
                transport = Transport(
                    repository, at, remote=remote, environment=environment, pauses=options.pauses
                )
            return RemoteStore(transport, options.pauses)

        kept = store(ref)
        if options.shards > 1:
            kept = ShardedStore(kept, lambda name: store(shard_of(ref, name)))
        return cls(kept, now, here=here, options=options)

    def head(self) -> str | None:
        """The commit that is read, of several the newest; None: the branch does not exist yet.

        Raises `HistoryError` where the branch could not be read: never the same as None.
        """
        tips = list(self.positions().values())
        if len(tips) < 2:
            return tips[0] if tips else None
        with told_as_history_error("the history cannot be read"):
            return max(tips, key=lambda tip: (self._store.place.objects.time_of(tip), tip))

    def newest(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        repository: str | None = None,
        kinds: Iterable[str] | None = None,
    ) -> Iterator[Record]:
        """Records whose time is in [since, until), newest first, read lazily in batches.

        Days come in the order in which they were recorded, and within a day the records by their
        own time. Each record comes once.
        """
        return self._read(Selection(since, until, repository, _set(kinds)), Reader.newest)

    def records(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        repository: str | None = None,
        kinds: Iterable[str] | None = None,
    ) -> Iterator[Record]:
        """Records whose time is in [since, until), oldest day first, streamed.

        Within a day they come by their own time; a record that was late lies in the day on which
        it was recorded. Each comes once.
        """
        return self._read(Selection(since, until, repository, _set(kinds)), Reader.oldest)

    def positions(self) -> dict[str, str]:
        """Each ref that is read and the commit that it stands at: what the next reading begins at.

        One entry for a branch, none where it does not exist yet, several where it has shards, and
        for `*`. Raises `HistoryError` as `head` does.
        """
        if self._read_at is None:
            with told_as_history_error("the history cannot be read"):
                self._read_at = self._store.place.tips()
                if self._others is not None:
                    self._read_at |= self._others()
        return self._read_at

    def iter_contents(self, since: Mapping[str, str] | None = None) -> Iterator[tuple[str, bytes]]:
        """`(id, content)` of every record, or of those added since `positions` were as given.

        The fastest way to read a ledger: contents are canonical JSON, and nothing is parsed. They
        come in no set order; one that was recorded again on a later day, or that two histories
        have, comes again. Raises `RewrittenError` where what was read earlier is no longer there:
        then it all has to be read anew.
        """
        now, before = self.positions(), since or {}
        if gone := sorted(before.keys() - now.keys()):
            raise RewrittenError(f"the history does not have {gone[0]} any more")
        with told_as_history_error("the history cannot be read"):
            for ref, commit in now.items():
                yield from contents(self._store.place, commit, before.get(ref))

    def append(self, records: Sequence[Record]) -> Appended:
        """Add records, each once, in one commit; recording what is recorded changes nothing.

        Raises `HistoryError` where they could not be made safe; they are then not acknowledged.
        """
        self._require_one("append to")
        unique = list({record.id: record for record in map(_checked, records)}.values())
        if not unique:
            raise HistoryError("there is no record to append")
        with told_as_history_error("the history cannot be written"):
            self._store.place.objects.signing = self._signing()
            appended = self._store.append(unique, self._now)
        self._read_at = None
        return appended

    def verify(
        self,
        *,
        expect: str | None = None,
        signers: Path | None = None,
        signed_from: str | None = None,
        replay: bool = False,
    ) -> Walk:
        """Check every commit of the branch from its root on; what is found is in `faults`.

        `expect` is a commit that the branch has to contain. `signers` and `signed_from` stand
        before the ledger's own options. With `replay` each decision is made again from what was
        recorded. A branch that does not exist is a `HistoryError`, since there is nothing that
        could be said of it.
        """
        self._require_one("verify")
        with told_as_history_error("the history cannot be read"):
            git, self._read_at = self._store.whole()
        head = self.head()
        if head is None:
            raise HistoryError(
                "there is no such history branch",
                hint="name it with --history-branch, and where it is with --history-remote",
            )
        found = Verifier(git, self._store.place.objects, list(self._read_at.values())).walk(replay)
        if expect is not None:
            found.expect(expect, head)
        allowed = signers or self._options.signers
        if allowed is not None:
            since = signed_from or self._options.signed_from
            _check_signatures(found, git, self._read_at, allowed, since)
        return found

    def _signing(self) -> Settings:
        key = self._options.sign
        return signing(self._here, None if key is True else key) if key else ()

    def _read(
        self, selection: Selection, order: Callable[[Reader, Selection], Iterator[Record]]
    ) -> Iterator[Record]:
        commits = list(dict.fromkeys(self.positions().values()))
        with told_as_history_error("the history cannot be read"):
            yield from order(Reader(self._store.place, commits), selection)

    def _require_one(self, verb: str) -> None:
        if self._others is not None:
            raise UsageError(f"name one branch to {verb}: `{EVERYTHING}` is all of them together")


def _check_signatures(
    found: Walk, git: Git, tips: Mapping[str, str], signers: Path, signed_from: str | None
) -> None:
    first = None if signed_from is None else found.known(signed_from)
    if signed_from is not None and first is None:
        what = f"the branch does not contain {signed_from}, from which it signs"
        found.faults.append(Fault(min(tips.values()), None, what))
    with told_as_history_error("the signatures cannot be checked"):
        found.faults += signature_faults(git, list(tips.values()), signers, first)


def _checked(record: Record) -> Record:
    if Record.of(record.document).id != record.id:
        raise HistoryError(f"the record {record.id[:12]} was changed after it was named")
    return record


def _set(kinds: Iterable[str] | None) -> frozenset[str] | None:
    return None if kinds is None else frozenset(kinds)
