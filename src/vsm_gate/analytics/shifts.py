"""When a team's weekly figures moved for good, and what changed in its policy at that time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vsm_gate.analytics.series import Series
from vsm_gate.analytics.warehouse import Warehouse


class Confidence(StrEnum):
    """How sure a shift is, in the words that the report uses."""

    CLEAR = "clear"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """Something in a team's policy that changed: in force from `day` (`2026-06-01`) on.

    `what` is one of `enforced`, `no longer enforced`, `added`, `removed`, `stricter or looser`
    (its criteria changed; `detail` says from what to what) and `policy` (the digest changed and
    none of the above). `objective` is empty for `policy`.
    """

    team: str
    day: str
    what: str
    objective: str
    detail: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly series moved: its mean before and after the week that begins on `monday`.

    `weeks_before` and `weeks_after` are the weeks with data in the stretches on either side.
    `coincides` are changes of the policy within two weeks of it: at the same time, which is no
    proof that they are the cause. `sentence` says all of it and claims no more than it knows.
    """

    team: str
    metric: str
    monday: str
    before: float
    after: float
    weeks_before: int
    weeks_after: int
    better: bool | None
    confidence: Confidence
    coincides: tuple[PolicyChange, ...]
    sentence: str


def policy_changes(warehouse: Warehouse) -> Mapping[str, tuple[PolicyChange, ...]]:
    """Team → changes of its policy, oldest first, as its records of the default branch show."""
    raise NotImplementedError


def shifts(
    series: Series, changes: Mapping[str, tuple[PolicyChange, ...]]
) -> Mapping[str, tuple[Shift, ...]]:
    """Team → shifts of its weekly figures, the newest first. Needs `ruptures` (extra `report`)."""
    raise NotImplementedError
