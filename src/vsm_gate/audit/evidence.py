"""The records of one repository, reduced to what an audit asks for, and found by commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vsm_gate.model.population import PolicyUse

BLOCKING: Final = frozenset({"fail", "inconclusive"})


@dataclass(frozen=True, slots=True)
class Judged:
    """How one objective stood in a check, how strongly it acted, and the waiver that covered it."""

    phase: str
    status: str
    waiver: str | None


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved and when; `final`: in the revision that was merged."""

    by: str
    at: datetime | None
    final: bool
    record: str
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Forge:
    """What the forge said of the pull request of a change.

    `approvals` None: reviews were not read, for the reason `missing`.
    """

    pull_request: int
    author: str | None
    merged_by: str | None
    merged: datetime | None
    approvals: tuple[Approval, ...] | None
    missing: str


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """A red change that was let through: by whom, when, why, and until when it is reviewed."""

    by: str
    at: datetime | None
    reason: str
    review_by: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check, or, where `conclusion` is None, the heartbeat of a run that came to no verdict.

    `approvals` is the number that the check measured, of the final revision and by others than
    the author.
    """

    id: str
    time: datetime
    team: str
    job: str
    attempt: int
    event: str
    head: str | None
    tested: str | None
    base: str | None
    pull_request: int | None
    landed: bool
    actor: str | None
    verdict: str | None
    conclusion: str | None
    policy: str | None
    policy_source: str | None
    approvals: int | None
    objectives: Mapping[str, Judged]
    break_glass: BreakGlass | None
    forge: Forge | None
    problem: str | None

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Later is the newer word."""
        return self.time, self.attempt, self.id

    @property
    def waivers(self) -> tuple[str, ...]:
        """The waivers that acted."""
        return tuple(sorted({each.waiver for each in self.objectives.values() if each.waiver}))


@dataclass(frozen=True, slots=True)
class Happening:
    """A deployment or a release, as the newest record of it says."""

    id: str
    record: str
    kind: str
    commit: str | None
    environment: str
    status: str
    started: datetime
    finished: datetime
    corrected: bool


@dataclass(slots=True)
class Evidence:
    """All that the history holds of a repository.

    `policies` has the first use of each policy by its digest; `told_of_pushes`: the forge was asked
    where commits of the default branch came from; `unreadable` are ids of what is no record.
    """

    repository: str
    by_commit: dict[str, list[Check]] = field(default_factory=lambda: defaultdict(list))
    by_pull_request: dict[int, list[Check]] = field(default_factory=lambda: defaultdict(list))
    approvals: dict[str, list[Approval]] = field(default_factory=lambda: defaultdict(list))
    happenings: list[Happening] = field(default_factory=list)
    policies: dict[str, PolicyUse] = field(default_factory=dict)
    told_of_pushes: bool = False
    first: datetime | None = None
    records: int = 0
    unreadable: list[str] = field(default_factory=list)
