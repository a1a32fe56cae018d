"""What analytics finds beyond the figures: shifts, changes of policy, practices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vsm_gate.analytics.discoveries import Discovery, discoveries
from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.policy_changes import PolicyChange, policy_changes
from vsm_gate.analytics.practices import Practice, practices
from vsm_gate.analytics.series import weekly
from vsm_gate.analytics.shifts import Shift, shifts
from vsm_gate.analytics.warehouse import Warehouse


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """What happened to a team's figures or to its policy on a day (`2026-06-22`)."""

    day: str
    team: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Findings:
    """By team."""

    policy: Mapping[str, tuple[PolicyChange, ...]]
    shifts: Mapping[str, tuple[Shift, ...]]
    practices: Mapping[str, tuple[Practice, ...]]
    discoveries: tuple[Discovery, ...]

    def events(self, team: str) -> tuple[Event, ...]:
        """What moved in a team's figures, and what changed in its policy; the newest first."""
        ruled = (
            Event(change.day, team, policy_sentence(change)) for change in self.policy.get(team, ())
        )
        return tuple(sorted((*self._moved(team), *ruled), reverse=True))

    def outstanding(self, team: str | None = None) -> tuple[Event, ...]:
        """What stands out in a team, or in any."""
        return tuple(
            Event(found.day, found.team, found.sentence.removeprefix(f"{found.team}: "))
            for found in self.discoveries
            if team in (None, found.team)
        )

    def moved(self) -> tuple[Event, ...]:
        """What moved in the figures of any team; the newest first."""
        return tuple(
            sorted((event for team in self.shifts for event in self._moved(team)), reverse=True)
        )

    def _moved(self, team: str) -> tuple[Event, ...]:
        return tuple(
            Event(shift.monday, team, shift.sentence) for shift in self.shifts.get(team, ())
        )


def find(warehouse: Warehouse, picture: Picture) -> Findings:
    """All of it, over the periods of a picture that was drawn before."""
    policy = policy_changes(warehouse)
    moved = shifts(weekly(picture), policy)
    return Findings(
        policy=policy,
        shifts=moved,
        practices=practices(warehouse, picture, moved),
        discoveries=discoveries(picture, moved),
    )


def policy_sentence(change: PolicyChange) -> str:
    """A change of policy in words."""
    if not change.objective:
        return "The policy changed."
    said = f"Policy: {change.objective} {change.what}"
    return f"{said} ({change.detail})." if change.detail else f"{said}."
