"""Campaigns: how far the teams are with what all of them are to reach by a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vsm_gate.scorecards.policy import LEVELS, Campaign


@dataclass(frozen=True, slots=True)
class Observation:
    """What the record of a check on the default branch says of a team."""

    record: str
    team: str
    peer_group: str | None
    level: str | None
    objectives: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TeamProgress:
    """Where a team is. `reached` None: nothing is known of it; `detail` is its status or level."""

    team: str
    reached: bool | None
    detail: str
    record: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign's teams, by name. `days_left` is negative once its day is past."""

    campaign: Campaign
    teams: tuple[TeamProgress, ...]
    days_left: int

    @property
    def reached(self) -> int:
        """How many teams are there."""
        return sum(team.reached is True for team in self.teams)


def progress(campaign: Campaign, newest: Iterable[Observation], today: date) -> Progress:
    """Each team by its newest observation that says something: one in which an objective was not
    applicable says nothing. `newest` is newest first.
    """
    teams: dict[str, TeamProgress] = {}
    for seen in newest:
        if campaign.peer_groups and seen.peer_group not in campaign.peer_groups:
            continue
        known = teams.get(seen.team)
        if known is None or known.reached is None:
            found = _of_team(campaign, seen)
            if known is None or found.reached is not None:
                teams[seen.team] = found
    ordered = tuple(teams[team] for team in sorted(teams))
    return Progress(campaign, ordered, (campaign.by - today).days)


def _of_team(campaign: Campaign, seen: Observation) -> TeamProgress:
    if campaign.level is not None:
        there = seen.level in LEVELS and LEVELS.index(seen.level) >= LEVELS.index(campaign.level)
        return TeamProgress(seen.team, there, seen.level or "no level", seen.record)
    found = seen.objectives.get(str(campaign.objective))
    status = found.get("status") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or status is None:
        return TeamProgress(seen.team, False, "not in its scorecard", seen.record)
    if status == "not_applicable":
        return TeamProgress(seen.team, None, "not applicable yet", seen.record)
    if found.get("waiver") is not None:
        return TeamProgress(seen.team, False, f"{status}, waived", seen.record)
    return TeamProgress(seen.team, status == "pass", str(status), seen.record)
