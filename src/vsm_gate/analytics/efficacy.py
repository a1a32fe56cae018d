"""What quality looks like: whether what the gate measures tells failures in production apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vsm_gate.analytics.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Captured:
    """Of all failed deployments, how many were among the `gated` % with the highest risk.

    A figure that knows nothing captures as much as it gates.
    """

    gated: int
    deployments: int
    captured: int
    failed: int


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a metric tells deployments that failed from those that did not.

    `auc` is the probability that of one that failed and one that did not, the first looks worse by
    the metric's direction: 0.5 is chance, 1 perfect. `low` and `high` are its interval, wide enough
    to hold for all metrics of the table at once (95 % together). `tells` is true where the
    interval leaves 0.5 out, and `missing` says why there is no figure.
    """

    metric: str
    failed: int
    fine: int
    auc: float | None
    low: float | None
    high: float | None
    tells: bool
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class FoundAt:
    """Defects by the stage that found them, and how many of them an earlier stage exists for."""

    stage: str
    defects: int
    late: int


@dataclass(frozen=True, slots=True)
class Efficacy:
    """All of it for one team, or for all teams, over the whole period of the picture."""

    capture: tuple[Captured, ...]
    separations: tuple[Separation, ...]
    found: tuple[FoundAt, ...]


def efficacy(warehouse: Warehouse) -> Mapping[str | None, Efficacy]:
    """Team (None: all) → how well the figures tell failures apart. Needs a picture drawn before."""
    raise NotImplementedError
