"""Since when each objective acted on every change without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vsm_gate.audit.changes import Change

_UNRECORDED: Final = frozenset({"no-record", "gate-crashed", "stale-check", "merged-past-red"})


@dataclass(frozen=True, slots=True)
class Control:
    """An objective of a team. `since` None: the newest change is a gap. `changes` are those since
    then; `gap` is the newest change before that it did not act on, and `why`.
    """

    team: str
    objective: str
    since: datetime | None
    changes: int
    gap: str | None
    why: str


def controls(changes: Sequence[Change]) -> list[Control]:
    """Every objective that a team's newest check enforced, given changes oldest first.

    An objective acts on a change where a check of the team enforced it, and the change was not
    merged past red. A change without a check is a gap in all of them; one that only other teams
    judged is none of theirs.
    """
    newest: dict[str, Change] = {}
    for change in changes:
        newest.update(dict.fromkeys((check.team for check in change.decisive), change))
    enforced = {
        (team, objective)
        for team, change in newest.items()
        for check in change.decisive
        for objective, judged in check.objectives.items()
        if check.team == team and judged.phase == "enforce"
    }
    past = [(change, _unrecorded(change)) for change in reversed(changes)]
    return [_control(team, objective, past) for team, objective in sorted(enforced)]


def _control(team: str, objective: str, past: Sequence[tuple[Change, str]]) -> Control:
    since, count = None, 0
    for change, unrecorded in past:
        own = [check for check in change.decisive if check.team == team]
        if not own and not unrecorded:
            continue
        found = [check.objectives[objective] for check in own if objective in check.objectives]
        why = unrecorded
        if not why and not any(judged.phase == "enforce" for judged in found):
            phase = f"its phase was {found[0].phase or 'not recorded'}" if found else ""
            why = phase or "it was not part of the policy"
        if why:
            return Control(team, objective, since, count, change.commit.sha, why)
        since, count = change.commit.time, count + 1
    return Control(team, objective, since, count, None, "")


def _unrecorded(change: Change) -> str:
    """Why no objective at all acted on a change; empty where they did."""
    return next((each.detail for each in change.findings if each.kind in _UNRECORDED), "")
