"""Practices worth borrowing: who in a peer group does best at an objective, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.shifts import PolicyChange, Shift
from vsm_gate.analytics.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that two teams do differently: a figure, or how an objective is enforced.

    `what` is a title (`Change size`, `Review wait`, `Enforced`), the rest is ready to be shown.
    """

    what: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Practice:
    """An objective at which another team of the peer group does better.

    `lost_here` and `lost_there` are the mean points that it takes off the score, over `n_here` and
    `n_there` changes. `since` is the day from which the other team has enforced it, or its figure
    has been so good; empty where the records do not say. `lines` are the lines of its scorecard,
    YAML that can be copied. `sentence` says it in words, and that it is no proof of a cause.
    """

    objective: str
    metric: str
    team: str
    since: str
    lost_here: float
    lost_there: float
    n_here: int
    n_there: int
    differences: tuple[Difference, ...]
    lines: str
    sentence: str


def practices(
    warehouse: Warehouse,
    picture: Picture,
    changes: Mapping[str, tuple[PolicyChange, ...]],
    shifts: Mapping[str, tuple[Shift, ...]],
) -> Mapping[str, tuple[Practice, ...]]:
    """Team → what it could borrow in its peer group, the most worthwhile first."""
    raise NotImplementedError
