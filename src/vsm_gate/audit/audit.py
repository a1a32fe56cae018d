"""An audit: the population first, then what is asked for of it, with its evidence."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from vsm_gate.audit import sampling
from vsm_gate.audit.changes import Change, join
from vsm_gate.audit.continuity import Control, controls
from vsm_gate.audit.dates import in_order
from vsm_gate.audit.deliveries import Delivered, Delivery, beginning, delivered, deliveries
from vsm_gate.audit.evidence import Evidence
from vsm_gate.audit.findings import Finding, exceptions
from vsm_gate.audit.judging import judge
from vsm_gate.audit.waivers import Waived, waived
from vsm_gate.model.population import LandedCommit, PolicyFacts

_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a period, and of it one commit, one deployment, or a sample.

    `since` None: from the first change on that has a check, or from the first check.
    `environments` are those that count as production.
    """

    since: datetime | None
    until: datetime
    now: datetime
    commit: str | None = None
    deployment: str | None = None
    sample: int | None = None
    seed: str = ""
    environments: frozenset[str] = frozenset({"production"})


@dataclass(frozen=True, slots=True)
class Clone:
    """The default branch of the local clone: its line, oldest commit first, where it stands, and
    which of the deployed commits the clone has.
    """

    branch: str
    commits: Sequence[LandedCommit]
    known: frozenset[str]

    @property
    def name(self) -> str:
        """The branch, as people call it."""
        return self.branch.removeprefix("refs/remotes/").removeprefix("refs/heads/")

    @property
    def tip(self) -> str:
        """The newest commit of the line."""
        return self.commits[-1].sha


@dataclass(frozen=True, slots=True)
class Verified:
    """The ledger's own proof. `done` False: it was not asked for or not possible, for `why`;
    `replayed`: so many decisions were made again, None where that was not asked for.
    """

    head: str | None
    done: bool
    why: str = ""
    commits: int = 0
    records: int = 0
    replayed: int | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """All that an audit found.

    `changes` and `deliveries` are the population, oldest first; `chosen` and `shown` are those of
    them that were asked for, the same where the whole population was.
    """

    repository: str
    clone: Clone
    asked: Asked
    since: datetime
    onboarded: datetime | None
    changes: list[Delivered]
    deliveries: list[Delivery]
    chosen: list[Delivered]
    shown: list[Delivery]
    controls: list[Control]
    waivers: list[Waived]
    verified: Verified
    records: int
    unreadable: tuple[str, ...]

    @property
    def last_day(self) -> datetime:
        """The last moment of the period."""
        return self.asked.until - _MOMENT

    @property
    def whole(self) -> bool:
        """Whether the whole population was asked for."""
        asked = self.asked
        return asked.commit is None and asked.deployment is None and asked.sample is None

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong with what was asked for, nor with the ledger."""
        faults = bool(self.verified.faults or self.unreadable)
        return not faults and not any(exceptions(found) for found in self._findings())

    @cached_property
    def with_record(self) -> int:
        """How many changes of the population have a check of what was merged."""
        return _checked(self.changes)

    @cached_property
    def chosen_with_record(self) -> int:
        """The same of those that were asked for."""
        return _checked(self.chosen)

    @cached_property
    def exceptional(self) -> int:
        """How many changes of the population have exceptions."""
        return sum(bool(exceptions(item.change.findings)) for item in self.changes)

    @cached_property
    def tally(self) -> Counter[str]:
        """How many changes and deliveries that were asked for have findings of each kind."""
        return Counter(kind for found in self._findings() for kind in {x.kind for x in found})

    @cached_property
    def population_tally(self) -> Counter[str]:
        """The same of the whole population."""
        every = [x.change.findings for x in self.changes] + [x.findings for x in self.deliveries]
        return Counter(kind for found in every for kind in {x.kind for x in found})

    @cached_property
    def evidence(self) -> tuple[str, ...]:
        """The ids of all records that speak of what was asked for, sorted."""
        names = {record for item in self.chosen for record in item.change.records}
        names.update(each.happening.record for each in self.shown)
        names.update(each.deployment.record for each in self.chosen if each.deployment)
        return tuple(sorted(names))

    def _findings(self) -> list[tuple[Finding, ...]]:
        return [x.change.findings for x in self.chosen] + [x.findings for x in self.shown]


def audit(
    clone: Clone, evidence: Evidence, policy: PolicyFacts, asked: Asked, verified: Verified
) -> Audit:
    """Join the population with its evidence. Every look-up is by key: linear in what there is."""
    clone = replace(clone, commits=in_order(clone.commits))
    changes = list(judge(join(clone.commits, evidence), evidence, policy, asked.now))
    begun = _begun(changes, evidence)
    since = asked.since or begun
    places = {commit.sha: place for place, commit in enumerate(clone.commits)}
    first = bisect_left(clone.commits, min(since, begun), key=lambda commit: commit.time)
    first = min(first, places[asked.commit]) if asked.commit else first
    first = beginning(evidence, places, asked.environments, begun, first)
    made = list(deliveries(evidence, places, changes, clone.known, asked.environments, first))
    joined = delivered(changes, made)
    population = [x for x in joined if since <= x.change.commit.time < asked.until]
    shipped = [x for x in made if since <= x.happening.finished < asked.until]
    chosen, shown = _chosen(asked, joined, population, made, shipped, places)
    return Audit(
        repository=evidence.repository,
        clone=clone,
        asked=asked,
        since=since,
        onboarded=evidence.first,
        changes=population,
        deliveries=shipped,
        chosen=chosen,
        shown=shown,
        controls=controls([x.change for x in joined if x.change.commit.time < asked.until]),
        waivers=waived([x.change for x in population], policy, (asked.until - _MOMENT).date()),
        verified=verified,
        records=evidence.records,
        unreadable=tuple(evidence.unreadable),
    )


def _checked(items: Iterable[Delivered]) -> int:
    return sum(bool(item.change.decisive) for item in items)


def _begun(changes: Sequence[Change], evidence: Evidence) -> datetime:
    """When the gate began to be there: at the first change with a check of it, which is older than
    its check, or at the first check of any; where there is neither, at the first commit.
    """
    told = (x.commit.time for x in changes if x.decisive or x.crashed)
    known = (x for x in (next(told, None), evidence.first) if x is not None)
    return min(known, default=changes[0].commit.time)


def _chosen(
    asked: Asked,
    joined: Sequence[Delivered],
    population: list[Delivered],
    made: Iterable[Delivery],
    shipped: list[Delivery],
    places: Mapping[str, int],
) -> tuple[list[Delivered], list[Delivery]]:
    """The changes and deliveries that are asked for; a change brings the one that carried it."""
    if asked.deployment is not None:
        shown = [x for x in made if x.happening.id == asked.deployment]
        return [joined[place] for x in shown for place in x.carried], shown
    if asked.commit is not None:
        chosen = [joined[places[asked.commit]]]
    elif asked.sample is not None:
        by_sha = {x.change.commit.sha: x for x in population}
        chosen = [by_sha[sha] for sha in sampling.draw(by_sha, asked.sample, asked.seed)]
    else:
        return population, shipped
    carried = {x.deployment.record for x in chosen if x.deployment is not None}
    return chosen, [x for x in made if x.happening.record in carried]
