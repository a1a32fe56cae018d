"""What the gate cost those who wait for it, from what it recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from vsm_gate.metrics.metric import show
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.last_words import Change, Judgement


@dataclass(frozen=True, slots=True)
class Cost:
    """What the gate cost.

    `timed` runs say how long the gate took, `gate_minutes` is their sum. `blocked` counts commits
    that were blocked, for each job; `unchanged` those of them that passed later with no code
    change, and `minutes` what they waited for it in all; `waived` those whose change was let pass
    later under a waiver, `broken` those whose change was let through by break-glass.
    """

    runs: int = 0
    timed: int = 0
    gate_minutes: Fraction = Fraction(0)
    blocked: int = 0
    unchanged: int = 0
    minutes: Fraction = Fraction(0)
    waived: int = 0
    broken: int = 0

    @property
    def false_rate(self) -> Fraction | None:
        """Blocks that passed with no code change ÷ blocks, in %; None where there are none."""
        return Fraction(100 * self.unchanged, self.blocked) if self.blocked else None


class Costs:
    """The cost so far; records come in any order."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[Change, str], list[str]] = {}
        self._passes: dict[tuple[Change, str], list[str]] = {}
        self._waived: dict[Change, list[str]] = {}
        self._broken: dict[Change, list[str]] = {}
        self._runs = self._timed = 0
        self._seconds = Fraction(0)

    def add(self, judged: Judgement, document: recorded.Document) -> None:
        """Take in the record of a check."""
        self._runs += 1
        seconds = recorded.number(recorded.part(document, "cost").get("seconds"))
        if seconds is not None:
            self._timed += 1
            self._seconds += seconds
        if judged.commit is None:
            return
        commit, time = (judged.change, judged.commit), judged.when[0]
        if document.get("blocked") is True:
            self._blocks.setdefault(commit, []).append(time)
            return
        self._passes.setdefault(commit, []).append(time)
        if document.get("waivers"):
            self._waived.setdefault(judged.change, []).append(time)
        if document.get("break_glass"):
            self._broken.setdefault(judged.change, []).append(time)

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
        return Cost(
            runs=self._runs,
            timed=self._timed,
            gate_minutes=self._seconds / 60,
            blocked=len(blocks),
            unchanged=len(waits),
            minutes=Fraction(sum(int(wait.total_seconds()) for wait in waits), 60),
            waived=_let_through(blocks, self._waived),
            broken=_let_through(blocks, self._broken),
        )


def _let_through(
    blocks: Mapping[tuple[Change, str], datetime], passes: Mapping[Change, list[str]]
) -> int:
    """Blocks after which their change was let pass so."""
    return sum(
        any(time > since for time in _moments(passes.get(change, ())))
        for (change, _), since in blocks.items()
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


def document(cost: Cost) -> dict[str, Any]:
    """A cost as data; `gate_minutes` null: no run says."""
    return {
        "runs": cost.runs,
        "timed": cost.timed,
        "gate_minutes": float(cost.gate_minutes) if cost.timed else None,
        "blocked": cost.blocked,
        "unchanged": cost.unchanged,
        "false_rate": None if cost.false_rate is None else float(cost.false_rate),
        "minutes": float(cost.minutes),
        "waived": cost.waived,
        "broken": cost.broken,
    }


def lines(cost: Cost) -> Iterator[str]:
    """A cost in words."""
    if cost.timed:
        each = show(60 * cost.gate_minutes / cost.timed, "s")
        yield (
            f"the gate took {show(cost.gate_minutes, 'min')} in {cost.timed} of "
            f"{_many(cost.runs, 'run')}: {each} each"
        )
    else:
        yield f"how long the gate took is not recorded in {_many(cost.runs, 'run')}"
    share = f" ({show(cost.false_rate, '%')})" if cost.false_rate is not None else ""
    yield (
        f"{_many(cost.blocked, 'commit')} blocked; {cost.unchanged}{share} passed later with no "
        f"code change, after {show(cost.minutes, 'min')} in all; {cost.waived} under a waiver; "
        f"{cost.broken} by break-glass"
    )


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
