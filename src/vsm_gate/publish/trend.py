"""Where a change stands: against the team's own baseline, and on the way to the next level."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction
from vsm_gate.model.results import Status
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.view import names, value_of
from vsm_gate.scorecards.levels import Member, standing


@dataclass(frozen=True, slots=True)
class Trend:
    """A value beside the team's own baseline; `better` is None where it is neither."""

    title: str
    now: str
    then: str
    better: bool | None


def trends(result: CheckResult) -> list[Trend]:
    """Where the change stands against the baseline, each metric of the scorecard once."""
    found: dict[str, Trend] = {}
    for objective in result.decision.objectives:
        metric = CATALOGUE[objective.metric]
        then = result.baseline.values.get(metric.id)
        if objective.value is None or then is None:
            continue
        sign = {Direction.HIGHER: 1, Direction.LOWER: -1}.get(metric.direction, 0)
        moved = (objective.value - then) * sign
        found[metric.id] = Trend(
            metric.title,
            value_of(metric.id, objective.value),
            value_of(metric.id, then),
            moved > 0 if moved else None,
        )
    return list(found.values())


def trend_text(result: CheckResult) -> str:
    """How many figures are better and worse than the baseline; empty without a baseline."""
    found = trends(result)
    if not found:
        return ""
    counts = {
        "better": sum(each.better is True for each in found),
        "worse": sum(each.better is False for each in found),
        "the same": sum(each.better is None for each in found),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{said}, against {records_text(result)}"


def records_text(result: CheckResult) -> str:
    """What the baseline is of."""
    count = len(result.baseline.records)
    return f"the baseline of {count} record{'' if count == 1 else 's'}"


def most_worth(result: CheckResult) -> str:
    """The objective whose mending would raise the score most; empty where none would by a point.

    Its gain is weight × (100 − score) ÷ the weight of all objectives that have a score.
    """
    scored = [each for each in result.decision.objectives if each.score is not None]
    whole = sum((each.weight for each in scored), Fraction(0))
    gains = {
        each.metric: each.weight * (100 - (each.score or 0)) / whole
        for each in scored
        if whole and each.status in {Status.FAIL, Status.WARN}
    }
    best = max(gains, key=lambda metric: gains[metric], default=None)
    if best is None or gains[best] < 1:
        return ""
    return f"{CATALOGUE[best].title}, worth {int(gains[best])} of 100 points"


def next_level(result: CheckResult) -> str:
    """What is lacking for the next level; empty where there is none."""
    members = [
        Member(each.id, each.level, each.status.value, each.waiver)
        for each in result.decision.objectives
    ]
    found = standing(members)
    return f"for {found.next}: {names(found.lacking)}" if found.next else ""
