"""A ref beside the history for what may be pruned: one parentless commit, replaced as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.history.answers import Answer
from vsm_gate.history.local import LocalPlace, local_git
from vsm_gate.history.objects import BLOB_MODE, Entry
from vsm_gate.history.store import Pauses, Place, told_as_history_error
from vsm_gate.history.transport import Transport

_TRIES: Final = 5
_PAUSE: Final = 0.25


@dataclass(frozen=True, slots=True)
class KeptRef:
    """The files of such a ref. `what` and `one` are what messages call all of it, and one file."""

    place: Place
    pauses: Pauses
    what: str
    one: str

    @classmethod
    def open(
        cls,
        repository: Path,
        ref: str,
        *,
        called: tuple[str, str],
        remote: str | None,
        environment: Mapping[str, str],
        pauses: Pauses | None,
    ) -> KeptRef:
        """That of the repository itself, or of a remote (its name, a URL or a path)."""
        waits = pauses or Pauses(time.sleep)
        if remote is None:
            return cls(LocalPlace(local_git(repository, environment), ref), waits, *called)
        with told_as_history_error(f"{called[0]} cannot be reached"):
            transport = Transport(
                repository, ref, remote=remote, environment=environment, pauses=waits
            )
        return cls(transport, waits, *called)

    def files(self) -> dict[str, str]:
        """The blob of each file by its name; contents are not fetched."""
        with told_as_history_error(f"{self.what} cannot be read"):
            return self._files(self.place.tip())

    def read(self, oid: str) -> bytes:
        """The content of a file."""
        with told_as_history_error(f"{self.what} cannot be read"):
            self.place.want([oid])
            return self.place.objects.read(oid)

    def put(
        self,
        content: bytes,
        choose: Callable[[str, dict[str, str]], dict[str, str]],
        message: Callable[[int], str],
        now: datetime,
    ) -> None:
        """Replace the files by those that `choose` makes of the new blob and of what is there.

        `message` is the commit's, of so many files. Whoever comes between is tried again, a few
        times. Raises `HistoryError` where the ref cannot be written.
        """
        with told_as_history_error(f"{self.one} cannot be kept"):
            self._put(self.place.objects.write_blobs([content])[0], choose, message, now)

    def _put(
        self,
        blob: str,
        choose: Callable[[str, dict[str, str]], dict[str, str]],
        message: Callable[[int], str],
        now: datetime,
    ) -> None:
        objects, reason = self.place.objects, ""
        for attempt in range(1, _TRIES + 1):
            tip = self.place.tip()
            chosen = choose(blob, self._files(tip))
            tree = objects.write_tree({name: Entry(BLOB_MODE, oid) for name, oid in chosen.items()})
            made = objects.commit(tree, None, message(len(chosen)), now)
            answer, reason = self.place.replace(made, tip)
            if answer is Answer.DONE or made == tip:
                return
            if answer is Answer.REFUSED:
                break
            self.pauses.before(attempt, unit=_PAUSE)
        raise HistoryError(f"{self.one} cannot be kept: {reason}")

    def _files(self, tip: str | None) -> dict[str, str]:
        objects = self.place.objects
        tree = {} if tip is None else objects.tree(objects.tree_of(tip))
        return {name: entry.oid for name, entry in tree.items() if not entry.is_tree}
