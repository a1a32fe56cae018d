"""How well an order of changes puts those that fail first, and whether predictions hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from vsm_gate.change.model import Bin, Scores

BINS: Final = 5

# A change's figure, and whether it failed.
Outcome = tuple[float, bool]


def scores(outcomes: Sequence[Outcome]) -> Scores:
    """The scores of an order, the largest figure first. There are failed changes and others."""
    return Scores(
        auc=auc(outcomes), capture_10=capture(outcomes, 0.1), capture_20=capture(outcomes, 0.2)
    )


def auc(outcomes: Sequence[Outcome]) -> float:
    """The chance that a failed change has a larger figure than one that did not fail.

    Equal figures count half: the Mann–Whitney U statistic ÷ (failed × others).
    """
    below, twice = 0, 0
    for _, tied in groupby(sorted(outcomes), key=itemgetter(0)):
        fates = [failed for _, failed in tied]
        failed = sum(fates)
        others = len(fates) - failed
        twice += failed * (2 * below + others)
        below += others
    failed = len(outcomes) - below
    return twice / (2 * failed * below)


def auc_error(outcomes: Sequence[Outcome]) -> float:
    """The standard error of the AUC of so many failed changes and others (Hanley and McNeil)."""
    area = auc(outcomes)
    failed = sum(fails for _, fails in outcomes)
    others = len(outcomes) - failed
    both_failed, both_others = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (
        area * (1 - area)
        + (failed - 1) * (both_failed - area**2)
        + (others - 1) * (both_others - area**2)
    )
    return math.sqrt(max(0.0, variance) / (failed * others))


def capture(outcomes: Sequence[Outcome], share: float) -> float:
    """The share of the failed changes among the first `share` of all, those of largest figures.

    Of changes with equal figures at the border as large a part counts as there is room for.
    """
    room, found = share * len(outcomes), 0.0
    for _, tied in groupby(sorted(outcomes, reverse=True), key=itemgetter(0)):
        fates = [failed for _, failed in tied]
        taken = min(float(len(fates)), room)
        found += sum(fates) * taken / len(fates)
        room -= taken
    return found / sum(failed for _, failed in outcomes)


def calibration(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    """What was predicted beside what came: bins of like size, the smallest predictions first."""
    ordered = sorted(outcomes)
    edges = [len(ordered) * step // BINS for step in range(BINS + 1)]
    parts = [ordered[first:last] for first, last in pairwise(edges)]
    return tuple(
        Bin(
            changes=len(part),
            predicted=sum(figure for figure, _ in part) / len(part),
            observed=sum(failed for _, failed in part) / len(part),
        )
        for part in parts
        if part
    )
