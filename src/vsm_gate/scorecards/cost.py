"""What the gate cost those who wait for it, from what it recorded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.last_words import Judgement


@dataclass(frozen=True, slots=True)
class Cost:
    """`blocked` counts commits that were blocked, for each job; `unchanged` those of them that
    passed later with no code change, and `minutes` what they waited for it in all; `waived` those
    whose change was let pass later under a waiver.
    """

    blocked: int = 0
    unchanged: int = 0
    minutes: Fraction = Fraction(0)
    waived: int = 0


class Costs:
    """The cost so far; records come in any order."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[object, ...], datetime] = {}
        self._passes: dict[tuple[object, ...], list[datetime]] = {}
        self._waived: dict[tuple[object, ...], datetime] = {}
        self._change: dict[tuple[object, ...], tuple[object, ...]] = {}

    def add(self, document: recorded.Document) -> None:
        """Take in the record of a check."""
        judged, time = Judgement.of("", document), _moment(document)
        if time is None or judged.commit is None:
            return
        commit, change = (*judged.change, judged.commit), judged.change
        if document.get("blocked") is True:
            self._blocks[commit] = min(time, self._blocks.get(commit, time))
            self._change[commit] = change
            return
        self._passes.setdefault(commit, []).append(time)
        if document.get("waivers"):
            self._waived[change] = max(time, self._waived.get(change, time))

    def cost(self) -> Cost:
        """What it came to."""
        waits = [
            min(later) - since
            for commit, since in self._blocks.items()
            if (later := [time for time in self._passes.get(commit, ()) if time > since])
        ]
        waived = sum(
            self._waived.get(self._change[commit], since) > since
            for commit, since in self._blocks.items()
        )
        return Cost(
            blocked=len(self._blocks),
            unchanged=len(waits),
            minutes=Fraction(sum(int(wait.total_seconds()) for wait in waits), 60),
            waived=waived,
        )


def _moment(document: recorded.Document) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(document.get("time")))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
