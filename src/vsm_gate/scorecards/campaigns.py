"""Campaigns: how far the teams are with what all of them are to reach by a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.policy import LEVELS, Campaign


@dataclass(frozen=True, slots=True)
class Observation:
    """What the record of a check on the default branch says of a team, and of the components that
    the change touched; `tiers` of those that have one, None where the record does not tell.
    """

    record: str
    team: str
    peer_group: str | None
    level: str | None
    objectives: Mapping[str, Any]
    components: tuple[str, ...] = ()
    tiers: Mapping[str, str] | None = None

    @classmethod
    def of(cls, record: str, document: recorded.Document) -> Observation | None:
        """What a check's record says; None where it is not of the default branch."""
        if not recorded.of_default_branch(document):
            return None
        group, level, team = (document.get(key) for key in ("peer_group", "level", "team"))
        impact = recorded.part(document, "impact")
        components, tiers = impact.get("components"), impact.get("tiers")
        return cls(
            record,
            str(document.get("repository") if team is None else team),
            None if group is None else str(group),
            level if isinstance(level, str) else None,
            recorded.part(document, "objectives"),
            tuple(map(str, components)) if isinstance(components, list) else (),
            {name: str(tier) for name, tier in tiers.items()} if isinstance(tiers, dict) else None,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a team, or one of its components, is. `reached` None: nothing is known of it;
    `detail` is its status or level.
    """

    reached: bool | None
    detail: str
    record: str


@dataclass(frozen=True, slots=True)
class TeamProgress:
    """Where a team is; with `components`, by name, where the campaign is about components."""

    team: str
    standing: Standing
    components: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign's teams, by name. `days_left` is negative once its day is past. `unseen` are the
    components that it names and that no record touches; `untold` counts the records that do not
    say of which tier their components are, where it asks for that.
    """

    campaign: Campaign
    teams: tuple[TeamProgress, ...]
    days_left: int
    unseen: tuple[str, ...] = ()
    untold: int = 0

    @property
    def reached(self) -> int:
        """How many teams are there."""
        return sum(team.standing.reached is True for team in self.teams)


def progress(campaign: Campaign, newest: Iterable[Observation], today: date) -> Progress:
    """Each team, or each of its components in scope, by its newest observation that says
    something: one in which an objective was not applicable says nothing. `newest` is newest first.
    """
    teams: dict[str, dict[str, Standing]] = {}
    untold = 0
    for seen in newest:
        if campaign.peer_groups and seen.peer_group not in campaign.peer_groups:
            continue
        untold += bool(campaign.tiers) and seen.tiers is None
        for part in _parts(campaign, seen):
            known = teams.setdefault(seen.team, {})
            if part not in known or known[part].reached is None:
                found = _standing(campaign, seen)
                if part not in known or found.reached is not None:
                    known[part] = found
    touched = {part for known in teams.values() for part in known}
    return Progress(
        campaign,
        tuple(_of_team(team, teams[team]) for team in sorted(teams)),
        (campaign.by - today).days,
        tuple(name for name in campaign.components if name not in touched),
        untold,
    )


def _parts(campaign: Campaign, seen: Observation) -> Iterable[str]:
    """The components in scope that a change touched; the team as a whole (no name) where the
    campaign is not about components.
    """
    if not campaign.components and not campaign.tiers:
        return [""]
    tiers = seen.tiers or {}
    return [
        name
        for name in seen.components
        if (not campaign.components or name in campaign.components)
        and (not campaign.tiers or tiers.get(name) in campaign.tiers)
    ]


def _of_team(team: str, known: Mapping[str, Standing]) -> TeamProgress:
    """A team is there when all of its components are of which something is known."""
    if "" in known:
        return TeamProgress(team, known[""])
    there = [each.reached for each in known.values()]
    reached = None if set(there) == {None} else False not in there
    detail = f"{there.count(True)} of {len(there)} component{'' if len(there) == 1 else 's'}"
    newest = next(iter(known.values())).record
    return TeamProgress(team, Standing(reached, detail, newest), dict(sorted(known.items())))


def _standing(campaign: Campaign, seen: Observation) -> Standing:
    if campaign.level is not None:
        there = seen.level in LEVELS and LEVELS.index(seen.level) >= LEVELS.index(campaign.level)
        return Standing(there, seen.level or "no level", seen.record)
    found = seen.objectives.get(str(campaign.objective))
    status = found.get("status") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or status is None:
        return Standing(False, "not in its scorecard", seen.record)
    if status == "not_applicable":
        return Standing(None, "not applicable yet", seen.record)
    if found.get("waiver") is not None:
        return Standing(False, f"{status}, waived", seen.record)
    return Standing(status == "pass", str(status), seen.record)
