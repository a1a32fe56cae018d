"""Components and what a change reaches among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

Severity = Literal["info", "warning", "breaking"]


@dataclass(frozen=True, slots=True)
class Component:
    """A deployable or owned part of the code base.

    `paths` are glob patterns; `tier` 1 is the most critical, None is unknown; `depends_on` names
    components; `source` says where the fact came from. `root` is the folder of a workspace's
    member, the empty name being the repository itself: of nested members a file belongs to the
    innermost alone, as the workspace's own tool has it.
    """

    name: str
    paths: tuple[str, ...]
    owner: str | None = None
    tier: int | None = None
    depends_on: tuple[str, ...] = ()
    source: str = "configuration"
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """How the change ranks among the repository's own earlier changes.

    `percentile` is 0…100: the share of the `compared` earlier changes that it outranks, half of
    those with the same rank counted. `level` is low, medium or high. `drivers` say in words what
    made the rank, and `model` by what: `rank`, or `logistic/` and the beginning of its digest.
    Where there is no rank, `missing` says why and the first two are None.
    """

    percentile: Fraction | None = None
    level: str | None = None
    compared: int = 0
    drivers: tuple[str, ...] = ()
    missing: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that a sensitive file does.

    `sensitive` is the class that the file is in. `severity`: `breaking` loses data or breaks
    whoever depends on it, `warning` deserves a look, `info` is worth knowing. `line` counts from 1,
    None where the finding is of the whole file. Where `read` is False the file could not be read,
    so that what it does is not known.
    """

    sensitive: str
    path: str
    finding: str
    severity: Severity = "info"
    line: int | None = None
    read: bool = True


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident of a component that the change reaches; `resolved` None: it lasts."""

    id: str
    started: datetime
    resolved: datetime | None = None
    severity: str = ""
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of an error budget, in %: below 0 it is overdrawn."""

    name: str
    remaining: Fraction
    at: datetime
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operations:
    """How the components of a change fared in production over the last `days`.

    `deployments` are those of the touched components to production, `failed` the distinct failed
    ones among them. `incidents` are those of the components reached, the newest first; `budgets`
    theirs too, the least first. `missing` says why nothing could be read, `notes` what else should
    be known.
    """

    days: int
    deployments: int = 0
    failed: int = 0
    incidents: tuple[Incident, ...] = ()
    budgets: tuple[Budget, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change reaches.

    `total` counts all known components. `touched` have a changed file; `reached` are those and all
    that depend on them, however indirectly, sorted by name. `tier` is the most critical tier
    reached (1 first) or None, `tiers` those of touched components that have one. `owners` are the
    owner groups of changed files. `sensitive` lists the changed files by sensitive class. `notes`
    name what a reader should know: an unknown dependency, a cycle, a pattern that matches nothing.
    `details` say what the sensitive files do. `risk` and `operations` are None where they were not
    asked for.
    """

    total: int
    touched: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    tier: int | None = None
    owners: tuple[str, ...] = ()
    sensitive: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    risk: Risk | None = None
    details: tuple[Detail, ...] = ()
    operations: Operations | None = None
    tiers: dict[str, int] = field(default_factory=dict)
