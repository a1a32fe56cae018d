"""A simulated organisation: eight teams, a year of changes, and truths planted in the data.

Everything follows from the seed. What is true is listed in `teams.TRUTHS`, so that who reads the
report can hold it against them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log
from statistics import NormalDist
from typing import Any

from vsm_gate.demo import forge
from vsm_gate.demo.checks import facts
from vsm_gate.demo.teams import PRACTICE_WEEK, TEAMS, Team

Document = dict[str, Any]
Deployed = tuple[str, str, str, datetime, datetime, str | None]


@dataclass(slots=True)
class Simulation:
    """What happened: `documents` of records in order of time; `deployed` says which changes each
    deployment carried first (repository, deployed commit, change, first authored, merged).
    """

    documents: list[Document] = field(default_factory=list)
    deployed: list[Deployed] = field(default_factory=list)


def simulate(
    seed: int, end: datetime, weeks: int = 52, teams: Sequence[Team] = TEAMS
) -> Simulation:
    """The organisation's last `weeks` weeks before `end` (without zone, in UTC)."""
    made = Simulation()
    start = (end - timedelta(weeks=weeks)).replace(hour=0, minute=0, second=0, microsecond=0)
    for team in teams:
        dice = random.Random(f"{seed}/{team.name}")  # noqa: S311 (repeatable, not secret)
        _Worker(team, dice, made).work(start, (end - start).days)
    last = iso(end)
    made.documents = sorted(
        (document for document in made.documents if document["time"] < last),
        key=lambda document: str(document["time"]),
    )
    return made


def _rank(lines: int) -> float:
    """Where a change stands by its size among all changes, in %."""
    return 100 * NormalDist(3.6, 1.0).cdf(log(lines))


def iso(time: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(slots=True)
class _Change:
    number: int
    began: datetime
    merged: datetime
    component: str
    lines: int
    covered: float
    enforced: bool
    pull: forge.PullRequest
    commit: str = ""
    flagged: bool = False


class _Worker:
    """One team at work."""

    def __init__(self, team: Team, dice: random.Random, made: Simulation) -> None:
        self._team = team
        self._dice = dice
        self._made = made
        self._repository = f"acme/{team.name}"
        self._numbers = 0
        self._deployments = 0
        self._waiting: list[_Change] = []

    def work(self, start: datetime, days: int) -> None:
        """All days of a team, deployments and readings of its service level included."""
        for day in range(days):
            morning = start + timedelta(days=day, hours=8)
            practised = self._team.practice and day >= 7 * PRACTICE_WEEK
            if morning.weekday() < 5:
                for _ in range(max(0, round(self._dice.gauss(self._team.changes, 3)))):
                    self._develop(self._later(morning, hours=9), practised=practised)
            if self._team.cadence and day % self._team.cadence == self._team.cadence - 1:
                self._train(morning + timedelta(hours=10))
            if morning.weekday() == 0:
                self._slo(morning)

    def _later(self, time: datetime, *, hours: float) -> datetime:
        return time + timedelta(hours=hours * self._dice.random())

    def _develop(self, time: datetime, *, practised: bool) -> None:
        """A pull request until it is green, its merge, and for some teams its deployment."""
        team, dice = self._team, self._dice
        self._numbers += 1
        change = _Change(
            number=self._numbers,
            began=time - timedelta(hours=dice.lognormvariate(2.5, 0.9)),
            merged=time,
            component=dice.choice(team.components),
            lines=max(3, round(dice.lognormvariate(3.6, 1.0))),
            covered=min(1.0, max(0.05, dice.gauss(team.care + 0.2 * practised, 0.13))),
            enforced=practised,
            pull=forge.pull_request(self._numbers, time, team.review, dice),
        )
        failing = dice.random() < team.broken * (0.5 if practised else 1)
        for revision in range(4):
            change.commit = self._commit("change", change.number, revision)
            time = self._until_told(change, time, failing=failing)
            if not failing and not (change.enforced and change.covered < 0.6):
                break
            failing = failing and dice.random() < 0.2
            change.covered = min(1.0, change.covered + 0.25 * change.enforced)
            time += timedelta(hours=dice.lognormvariate(0.7, 0.6))
        else:
            return
        pull = change.pull
        pull.approved = max(time, pull.reviewed) + timedelta(minutes=dice.lognormvariate(3.5, 0.8))
        change.merged = pull.approved + timedelta(hours=dice.lognormvariate(-0.5, 0.9))
        pull.merged = change.merged
        change.commit = self._commit("merge", change.number)
        self._check(change, change.merged + timedelta(minutes=10), [forge.run(dice, green=True)])
        self._waiting.append(change)
        if not team.cadence:
            self._deploy(change.merged + timedelta(minutes=12))

    def _until_told(self, change: _Change, time: datetime, *, failing: bool) -> datetime:
        """Run the suite again until its answer is about the code."""
        runs: list[forge.Run] = []
        for _ in range(4):
            flaky = self._dice.random() < self._team.flaky
            runs.append(forge.run(self._dice, green=not (failing or flaky)))
            self._check(change, time, runs)
            time += timedelta(minutes=self._dice.lognormvariate(3.2, 0.5))
            if failing or not flaky:
                break
        return time

    def _check(self, change: _Change, time: datetime, runs: Sequence[forge.Run]) -> None:
        """Judge the newest of the runs of a commit; after the merge, on the default branch."""
        landed = change.pull.merged is not None
        found = facts(
            lines=change.lines,
            covered=change.covered,
            enforced=change.enforced,
            failing=not runs[-1].green,
            flaky=self._team.flaky > 0,
            dice=self._dice,
        )
        found["measurements"] |= forge.wasted(change.pull, runs, time)
        found["measurements"]["change.lines_added"] = {"value": change.lines, "unit": "lines"}
        change.flagged = found["verdict"] != "pass"
        self._made.documents.append(
            {
                **self._common("check", time),
                "components": [change.component],
                "peer_group": self._team.peer_group,
                "methodology": self._team.methodology,
                "change": {
                    "head": change.commit,
                    "tested": change.commit,
                    "branch": "main" if landed else f"change-{change.number}",
                    "default_branch": landed,
                    "event": "push" if landed else "pull_request",
                    "pull_request": None if landed else change.number,
                    "attempt": len(runs),
                    "job": "gate",
                    "files": 1 + change.lines // 30,
                    "lines_added": change.lines,
                    "lines_deleted": change.lines // 3,
                    "first_commit_time": iso(change.began),
                },
                "forge": forge.told(change.pull, time),
                "runs": forge.jobs(runs),
                "impact": {"risk": {"percentile": round(_rank(change.lines), 1)}},
                **found,
            }
        )

    def _train(self, time: datetime) -> None:
        """What was merged since the last train, in one deployment, and as a release."""
        if not self._waiting:
            return
        late = timedelta(hours=self._dice.choice((0, 0, 0, 1, 3, 30)))
        if self._team.cadence > 1:
            event = {
                "id": f"{time:%Y.%m.%d}",
                "planned": iso(time),
                "finished": iso(time + late),
                "status": "success",
            }
            self._event("release", time + late, event, ())
        self._deploy(time + late)

    def _deploy(self, time: datetime) -> None:
        changes, self._waiting = self._waiting, []
        components = sorted({change.component for change in changes})
        identity = self._deployment(time, changes[-1].commit, components)
        self._made.deployed.extend(
            (
                self._repository,
                changes[-1].commit,
                change.commit,
                change.began,
                change.merged,
                None,
            )
            for change in changes
            if change.number > 1
        )
        if self._dice.random() < self._chance(changes):
            self._fail(time, identity, changes[-1].commit, components)

    def _chance(self, changes: list[_Change]) -> float:
        """How likely a deployment is to fail."""
        team = self._team
        chance = team.fails * (0.4 if changes[-1].enforced else 1)
        if any(change.flagged for change in changes):
            chance *= team.foresight
        if any(change.component == team.risky for change in changes):
            chance *= 5
        return min(0.8, chance)

    def _fail(self, time: datetime, deployment: str, commit: str, components: list[str]) -> None:
        """An incident, and in half of the cases a deployment that mends it."""
        began = time + timedelta(minutes=self._dice.lognormvariate(3.0, 0.8))
        over = began + timedelta(minutes=self._dice.lognormvariate(4.2, 0.8))
        incident = f"INC-{self._team.name}-{self._deployments}"
        event = {
            "id": incident,
            "started": iso(began),
            "resolved": iso(over),
            "deployment": deployment,
            "severity": self._dice.choice(("high", "medium", "low")),
        }
        self._event("incident", began, event, components)
        if self._dice.random() < 0.5:
            self._deployment(over, commit, components, caused_by=incident)

    def _deployment(
        self, time: datetime, commit: str, components: list[str], caused_by: str | None = None
    ) -> str:
        self._deployments += 1
        identity = f"{self._team.name}-{self._deployments}"
        event = {
            "id": identity,
            "commit": commit,
            "status": "success",
            "environment": "production",
            "started": iso(time - timedelta(minutes=6)),
            "finished": iso(time),
            "caused_by": caused_by,
        }
        self._event("deployment", time, event, components)
        return identity

    def _slo(self, time: datetime) -> None:
        total = 1_000_000
        bad = round(total * 0.001 * self._dice.lognormvariate(-0.7, 0.5) * self._team.fails * 12)
        event = {
            "name": f"{self._team.name} availability",
            "target": 99.9,
            "good": total - bad,
            "total": total,
            "window": "28d",
            "at": iso(time),
        }
        self._event("slo", time, event, self._team.components)

    def _event(
        self, kind: str, time: datetime, event: Document, components: tuple[str, ...] | list[str]
    ) -> None:
        document = {**self._common(kind, time), "components": list(components), "event": event}
        self._made.documents.append(document)

    def _common(self, kind: str, time: datetime) -> Document:
        return {
            "schema": "vsm-gate/record/v1",
            "kind": kind,
            "time": iso(time),
            "repository": self._repository,
            "team": self._team.name,
            "tool": {"version": "simulated"},
        }

    def _commit(self, *parts: object) -> str:
        text = f"{self._repository} {parts}".encode()
        return hashlib.sha1(text, usedforsecurity=False).hexdigest()
