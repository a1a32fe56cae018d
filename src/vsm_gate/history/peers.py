"""What another team of the same peer group does where it does better. Pure.

It says what the records say and no more: a better figure beside an objective, not that the one
made the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any, Final

from vsm_gate.history.record import Record
from vsm_gate.model.results import Practice
from vsm_gate.scorecards.recorded import AGGREGATES, exact, of_default_branch, part

# How far back to look: the newest records of all the teams that share the history.
MAX_LOOKED_AT: Final = 1_000
NEEDED: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A metric worth improving: its value here, and whether more of it is better."""

    metric: str
    value: Fraction
    higher: bool


@dataclass(slots=True)
class _Seen:
    """One team: its values newest first, and since when its objective has been as it is now."""

    values: list[Fraction] = field(default_factory=list)
    asks: tuple[Any, ...] | None = None
    since: date | None = None
    unchanged: bool = True


def practice(
    newest: Iterable[Record], *, team: str, peer_group: str, wanted: Sequence[Wanted]
) -> Practice | None:
    """What the best of the peer group does at the first of the `wanted` at which a peer is better.

    Best is the best median over records of the default branch, of teams with `NEEDED` of them or
    more. `newest` gives records newest first, and is read as far as `MAX_LOOKED_AT`. None where no
    peer is better at anything that is wanted.
    """
    peers = [
        record
        for record in islice(newest, MAX_LOOKED_AT)
        if record.team not in {None, team}
        and record.document.get("peer_group") == peer_group
        and of_default_branch(record.document)
    ]
    found = (_best(peers, each) for each in wanted)
    return next((each for each in found if each is not None), None)


def _best(peers: Iterable[Record], wanted: Wanted) -> Practice | None:
    teams: dict[str, _Seen] = {}
    for record in peers:
        value = exact(part(record.document, "measurements").get(wanted.metric))
        if value is not None:
            seen = teams.setdefault(str(record.team), _Seen())
            seen.values.append(value)
            _follow(seen, _asked(record.document, wanted.metric), record.time.date())
    reduce, sign = AGGREGATES["median"], 1 if wanted.higher else -1
    medians = {
        name: reduce(seen.values) for name, seen in teams.items() if len(seen.values) >= NEEDED
    }
    # of equals the first by name, so that the same history says the same
    best = max(sorted(medians), key=lambda name: sign * medians[name], default=None)
    if best is None or sign * (medians[best] - wanted.value) <= 0:
        return None
    seen, (criterion, phase) = teams[best], teams[best].asks or (None, None)
    count = len(seen.values)
    return Practice(best, wanted.metric, medians[best], count, criterion, phase, seen.since)


def _asked(document: Mapping[str, Any], metric: str) -> tuple[Any, ...] | None:
    """The pass criterion and the phase of the objective on this metric; None without one."""
    for found in part(document, "objectives").values():
        if isinstance(found, dict) and found.get("metric") == metric:
            criterion, phase = found.get("pass"), found.get("phase")
            if isinstance(criterion, str) and isinstance(phase, str):
                return criterion, phase
    return None


def _follow(seen: _Seen, asks: tuple[Any, ...] | None, day: date) -> None:
    """Take in a record that is older than all before it."""
    if len(seen.values) == 1:
        seen.asks = asks
    seen.unchanged = seen.unchanged and asks is not None and asks == seen.asks
    if seen.unchanged:
        seen.since = day
