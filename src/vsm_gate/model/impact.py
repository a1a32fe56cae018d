"""Components and what a change reaches among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


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
    made the rank. Where there is no rank, `missing` says why and the first two are None.
    """

    percentile: Fraction | None = None
    level: str | None = None
    compared: int = 0
    drivers: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change reaches.

    `total` counts all known components. `touched` have a changed file; `reached` are those and
    all that depend on them, however indirectly, sorted by name. `tier` is the most critical tier
    reached (1 first) or None. `owners` are the owner groups of changed files. `sensitive` lists
    the changed files by sensitive class. `notes` name what a reader should know: an unknown
    dependency, a cycle, a pattern that matches nothing. `risk` is None where it was not asked for.
    """

    total: int
    touched: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    tier: int | None = None
    owners: tuple[str, ...] = ()
    sensitive: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    risk: Risk | None = None
