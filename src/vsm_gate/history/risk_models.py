"""The risk model of a repository, kept beside the history in a ref of its own.

One parentless commit with one file: the newest model takes the place of the one before. A model is
never evidence. What made it is in the history, from which it can be made again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from vsm_gate.change.model import RiskModel
from vsm_gate.errors import HistoryError
from vsm_gate.history.answers import Answer
from vsm_gate.history.local import LocalPlace, local_git
from vsm_gate.history.objects import BLOB_MODE, Entry
from vsm_gate.history.store import Pauses, Place, told_as_history_error
from vsm_gate.history.transport import Transport

FILE: Final = "risk-model.json"
_TRIES: Final = 5
_PAUSE: Final = 0.25
_MESSAGE: Final = "Keep the risk model"


class RiskModels:
    """The model of one repository: `refs/vsm-gate/risk-models/<digest of its name>`.

    A digest, since the name of a repository need not be one that a ref may have.
    """

    def __init__(self, place: Place, pauses: Pauses) -> None:
        self._place = place
        self._pauses = pauses

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        of: str,
        remote: str | None = None,
        environment: Mapping[str, str],
        pauses: Pauses | None = None,
    ) -> RiskModels:
        """That of the repository `of`, kept in the repository at `folder`, or in a remote."""
        waits = pauses or Pauses(time.sleep)
        name = of.encode("utf-8", "surrogateescape")
        ref = f"refs/vsm-gate/risk-models/{sha256(name).hexdigest()[:32]}"
        if remote is None:
            return cls(LocalPlace(local_git(folder, environment), ref), waits)
        with told_as_history_error("the risk model cannot be reached"):
            transport = Transport(folder, ref, remote=remote, environment=environment, pauses=waits)
        return cls(transport, waits)

    def read(self) -> bytes | None:
        """The file of the model; None where there is none."""
        with told_as_history_error("the risk model cannot be read"):
            tip = self._place.tip()
            objects = self._place.objects
            entry = None if tip is None else objects.tree(objects.tree_of(tip)).get(FILE)
            if entry is None or entry.is_tree:
                return None
            self._place.want([entry.oid])
            return objects.read(entry.oid)

    def model(self) -> RiskModel | None:
        """The model; None where there is none. Raises `InputError` where it cannot be read."""
        content = self.read()
        return None if content is None else RiskModel.parse(content)

    def replace(self, content: bytes, now: datetime) -> None:
        """Keep this model in place of the one before. Raises `HistoryError`."""
        with told_as_history_error("the risk model cannot be kept"):
            objects, reason = self._place.objects, ""
            for attempt in range(1, _TRIES + 1):
                tip = self._place.tip()
                blob = objects.write_blobs([content])[0]
                tree = objects.write_tree({FILE: Entry(BLOB_MODE, blob)})
                made = objects.commit(tree, None, _MESSAGE, now)
                answer, reason = self._place.replace(made, tip)
                if answer is Answer.DONE or made == tip:
                    return
                if answer is Answer.REFUSED:
                    break
                self._pauses.before(attempt, unit=_PAUSE)
            raise HistoryError(f"the risk model cannot be kept: {reason}")
