"""The risk model of a repository, kept beside the history in a ref of its own.

One parentless commit with one file: the newest model takes the place of the one before. A model is
never evidence. What made it is in the history, from which it can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from vsm_gate.change.model import RiskModel
from vsm_gate.history.kept import KeptRef
from vsm_gate.history.store import Pauses

FILE: Final = "risk-model.json"
_MESSAGE: Final = "Keep the risk model"


@dataclass(frozen=True, slots=True)
class RiskModels:
    """The model of one repository: `refs/vsm-gate/risk-models/<digest of its name>`.

    A digest, since the name of a repository need not be one that a ref may have.
    """

    kept: KeptRef

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
        name = of.encode("utf-8", "surrogateescape")
        kept = KeptRef.open(
            folder,
            f"refs/vsm-gate/risk-models/{sha256(name).hexdigest()[:32]}",
            called=("the risk model", "the risk model"),
            remote=remote,
            environment=environment,
            pauses=pauses,
        )
        return cls(kept)

    def read(self) -> bytes | None:
        """The file of the model; None where there is none."""
        oid = self.kept.files().get(FILE)
        return None if oid is None else self.kept.read(oid)

    def model(self) -> RiskModel | None:
        """The model; None where there is none. Raises `InputError` where it cannot be read."""
        content = self.read()
        return None if content is None else RiskModel.parse(content)

    def replace(self, content: bytes, now: datetime) -> None:
        """Keep this model in place of the one before. Raises `HistoryError`."""
        self.kept.put(content, lambda blob, _: {FILE: blob}, lambda _: _MESSAGE, now)
