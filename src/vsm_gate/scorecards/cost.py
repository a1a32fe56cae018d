"""What the gate cost those who wait for it, from what it recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.last_words import Change, Judgement


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
        self._blocks: dict[tuple[Change, str], list[str]] = {}
        self._passes: dict[tuple[Change, str], list[str]] = {}
        self._waived: dict[Change, list[str]] = {}

    def add(self, judged: Judgement, document: recorded.Document) -> None:
        """Take in the record of a check."""
        if judged.commit is None:
            return
        commit, time = (judged.change, judged.commit), judged.when[0]
        if document.get("blocked") is True:
            self._blocks.setdefault(commit, []).append(time)
            return
        self._passes.setdefault(commit, []).append(time)
        if document.get("waivers"):
            self._waived.setdefault(judged.change, []).append(time)

    def cost(self) -> Cost:
        """What it came to."""
        blocks = {
            commit: min(known)
            for commit, times in self._blocks.items()
            if (known := _moments(times))
        }
        waits = [
            min(later) - since
            for commit, since in blocks.items()
            if (later := [time for time in _moments(self._passes.get(commit, ())) if time > since])
        ]
        waived = sum(
            any(time > since for time in _moments(self._waived.get(change, ())))
            for (change, _), since in blocks.items()
        )
        return Cost(
            blocked=len(blocks),
            unchanged=len(waits),
            minutes=Fraction(sum(int(wait.total_seconds()) for wait in waits), 60),
            waived=waived,
        )


def _moments(texts: Iterable[str]) -> list[datetime]:
    """The times among them, each with a zone."""
    found = []
    for text in texts:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            continue
        if time.tzinfo is not None:
            found.append(time)
    return found
