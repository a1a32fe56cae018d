"""Readings of service level objectives for the commands that want them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from vsm_gate.history import events
from vsm_gate.impact.operations import remaining
from vsm_gate.impact.slo import Source
from vsm_gate.model.impact import Budget, Impact

TOKEN = "VSM_GATE_SLO_TOKEN"


class Budgets:
    """What is left of the error budgets whose sources are configured, read when it is asked for."""

    def __init__(
        self,
        sources: Sequence[Source],
        root: Path,
        surroundings: Mapping[str, str],
        *,
        edited: Collection[str],
        now: datetime,
    ) -> None:
        self._sources = sources
        self._root = root
        self._token = surroundings.get(TOKEN, "")
        self._edited = frozenset(edited)
        self._now = now

    def __call__(self, impact: Impact) -> tuple[Sequence[Budget], Sequence[str]]:
        """The budgets of what is reached, and why others could not be read."""
        sources = [each for each in self._sources if _wanted(each, impact)]
        if not sources:
            return (), ()
        from vsm_gate.collect.slo import SloReader

        read = SloReader(self._root, self._token, self._edited).read(sources)
        budgets: list[Budget] = []
        problems = list(read.problems)
        for reading in read.found:
            body, mistakes = events.body_of(events.KINDS["slo"], reading.values)
            problems += [f"SLO: {reading.source.shown}: {mistake}" for mistake in mistakes[:1]]
            budgets += [] if mistakes else _budget(body, reading.components, self._now)
        return budgets, problems


def _wanted(source: Source, impact: Impact) -> bool:
    """Whether a source may be about something that is reached; one that names none may."""
    return not source.components or not set(source.components).isdisjoint(impact.reached)


def _budget(body: events.Body, components: tuple[str, ...], now: datetime) -> Iterator[Budget]:
    left = remaining(Fraction(str(body["target"])), body["good"], body["total"])
    at = datetime.fromisoformat(body["at"]) if body["at"] else now
    if left is not None:
        yield Budget(body["name"], left, at, components)
