"""Readings of service level objectives for the commands that want them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Final

from vsm_gate.cli.ledgers import checkout_configuration, root_of
from vsm_gate.cli.options import environment
from vsm_gate.errors import UsageError
from vsm_gate.git import Git
from vsm_gate.history import events
from vsm_gate.impact.operations import remaining
from vsm_gate.impact.slo import Source
from vsm_gate.model.impact import Budget, Impact

TOKEN: Final = "VSM_GATE_SLO_TOKEN"


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings as the texts of an event, and what could not be read."""

    rows: tuple[dict[str, str], ...]
    problems: tuple[str, ...]


def remote(place: str) -> bool:
    """Whether a place is an address."""
    return Source(place).remote


def _source_of(place: str, flags: Mapping[str, str]) -> Source:
    """A source from the command line. Raises `UsageError` where a part of it is missing."""
    asked = flags.keys() & {"good", "total"}
    lacking = sorted({"name", "target", "good", "total"} - flags.keys()) if asked else []
    if lacking:
        raise UsageError(f"--{lacking[0]} is missing beside --from, --good and --total")
    if "at" in flags:
        raise UsageError("--at cannot be given with --from: what is asked for is read now")
    if not asked and flags:
        raise UsageError("events come from flags or from an address, not from both")
    return Source(
        place,
        name=flags.get("name", ""),
        target=flags.get("target", ""),
        window=flags.get("window", ""),
        good=flags.get("good", ""),
        total=flags.get("total", ""),
    )


def _configured_sources() -> list[Source]:
    """What the configuration of this checkout names. Raises `UsageError` where it names none."""
    config = checkout_configuration(Git(Path.cwd(), environment()))
    sources = config.slo_sources() if config else ()
    if not sources:
        raise UsageError(
            "the configuration names no source of SLO readings",
            hint="list them under `slo` in .vsm-gate.yaml, as docs/impact.md shows",
        )
    return list(sources)


def read_configured() -> Rows:
    """Read what the configuration names; its files are seen from the root of the checkout."""
    return _read(_configured_sources(), root_of(Git(Path.cwd(), environment())))


def read_given(place: str, flags: Mapping[str, str]) -> Rows:
    """Read what the command line names: an address, or a file wherever it is."""
    source = _source_of(place, flags)
    file = Path(place).absolute()
    return _read([source if source.remote else replace(source, place=file.name)], file.parent)


def _read(sources: Sequence[Source], root: Path) -> Rows:
    from vsm_gate.collect.slo import SloReader

    found = SloReader(root, environment().get(TOKEN, "")).read(sources)
    rows = ({**each.values, "components": " ".join(each.components)} for each in found.found)
    return Rows(tuple(rows), found.problems)


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
