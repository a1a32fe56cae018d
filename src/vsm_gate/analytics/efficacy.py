"""What quality looks like: whether what the gate measures tells failures in production apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from math import sqrt
from statistics import NormalDist
from typing import Final

from vsm_gate.analytics.warehouse import Row, Warehouse

_STAGES: Final = ("unit", "integration", "system", "acceptance", "production")
_CERTAIN: Final = 0.999
# With fewer on either side an interval says nothing that could be relied on.
_FEWEST: Final = 5
_SHARES: Final = (5, 10, 20, 30, 50, 75, 100)


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

    `auc` is the probability that of one that failed and one that did not, by the same team in the
    same month, the first looks worse by the metric's direction (larger, where it has none): 0.5 is
    chance, 1 perfect. `failed` and `fine` count the deployments that had one to be compared with.
    `low` and `high` are its interval, wide enough to hold for all metrics of the table at once
    (99.9 % together; Hanley and McNeil, Radiology 143(1), 1982; Bonferroni). `tells` is true where
    the interval leaves 0.5 out. `missing` says why there is no figure.
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

    capture: tuple[Captured, ...] = ()
    separations: tuple[Separation, ...] = ()
    found: tuple[FoundAt, ...] = ()


def efficacy(warehouse: Warehouse) -> Mapping[str | None, Efficacy]:
    """Team (None: all) → how well the figures tell failures apart. Needs a picture drawn before."""
    rows = warehouse.query("views", "separation")
    separations = {None: rows, **_by_team(rows)}
    captures = _by_team(warehouse.query("views", "capture"))
    defects = _by_team(
        row for row in warehouse.query("views", "defects") if row["period"] == "period"
    )
    return {
        team: Efficacy(
            capture=_capture(captures.get(team, [])),
            separations=_separations(separations.get(team, [])),
            found=_found(defects.get(team, [])),
        )
        for team in dict.fromkeys([None, *separations, *captures, *defects])
    }


def _by_team(rows: Iterable[Row]) -> dict[str | None, list[Row]]:
    found: dict[str | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row["team"], []).append(row)
    return found


def _capture(rows: list[Row]) -> tuple[Captured, ...]:
    total = sum(int(row["failed"]) for row in rows)
    if not total:
        return ()
    found = []
    for share in _SHARES:
        gated = [row for row in rows if row["gated"] <= share]
        found.append(
            Captured(
                share,
                sum(int(row["deployments"]) for row in gated),
                sum(int(row["failed"]) for row in gated),
                total,
            )
        )
    return tuple(found)


@dataclass(slots=True)
class _Strata:
    """A metric's deployments by team and month."""

    sizes: list[tuple[int, int]] = field(default_factory=list)
    wins: float = 0.0

    def add(self, row: Row) -> None:
        failed, fine = int(row["failed"]), int(row["fine"])
        if failed and fine:
            self.sizes.append((failed, fine))
            self.wins += float(row["ranks"]) - failed * (failed + 1) / 2

    @property
    def failed(self) -> int:
        return sum(failed for failed, _ in self.sizes)

    @property
    def fine(self) -> int:
        return sum(fine for _, fine in self.sizes)

    @property
    def enough(self) -> bool:
        return min(self.failed, self.fine) >= _FEWEST


def _separations(rows: list[Row]) -> tuple[Separation, ...]:
    """The metrics, those that tell most apart first."""
    strata: dict[str, _Strata] = {}
    for row in rows:
        strata.setdefault(row["metric"], _Strata()).add(row)
    compared = sum(each.enough for each in strata.values())
    found = [_separation(metric, each, compared) for metric, each in strata.items()]
    return tuple(
        sorted(found, key=lambda each: (not each.tells, -abs((each.auc or 0.5) - 0.5), each.metric))
    )


def _separation(metric: str, strata: _Strata, compared: int) -> Separation:
    failed, fine = strata.failed, strata.fine
    if not strata.enough:
        missing = (
            f"fewer than {_FEWEST} deployments that failed, or that others can be held against"
        )
        return Separation(metric, failed, fine, None, None, None, tells=False, missing=missing)
    pairs = sum(one * other for one, other in strata.sizes)
    auc = strata.wins / pairs
    error = sqrt(sum(_variance(auc, *size) for size in strata.sizes)) / pairs
    wide = NormalDist().inv_cdf(1 - (1 - _CERTAIN) / (2 * compared)) * error
    low, high = max(0.0, auc - wide), min(1.0, auc + wide)
    return Separation(metric, failed, fine, auc, low, high, tells=not low <= 0.5 <= high)


def _variance(auc: float, failed: int, fine: int) -> float:
    """The variance of the number of pairs in which the failed one looks worse (Hanley, McNeil)."""
    both_failed = auc / (2 - auc)
    both_fine = 2 * auc * auc / (1 + auc)
    spread = (
        auc * (1 - auc)
        + (failed - 1) * (both_failed - auc * auc)
        + (fine - 1) * (both_fine - auc * auc)
    )
    return max(0.0, spread) * failed * fine


def _found(rows: list[Row]) -> tuple[FoundAt, ...]:
    order = {stage: place for place, stage in enumerate(_STAGES)}
    ordered = sorted(rows, key=lambda row: (order.get(row["stage"], len(order)), row["stage"]))
    return tuple(
        FoundAt(stage, sum(row["defects"] for row in group), sum(row["late"] for row in group))
        for stage, same in groupby(ordered, key=lambda row: str(row["stage"]))
        if (group := list(same))
    )
