"""Where a change stands: against the team's own baseline, and on the way to the next level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction, show
from vsm_gate.model.results import ObjectiveResult, Status
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.view import names, value_of
from vsm_gate.scorecards.levels import Member, standing

_BARS: Final = "▁▂▃▄▅▆▇█"
_FEW: Final = 3


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


def spark(values: Sequence[Fraction]) -> str:
    """A line of bars, a value each; a range of less than ten points is drawn as ten."""
    low, high = min(values), max(values)
    low = min(low, high - 10)
    return "".join(_BARS[int((value - low) / (high - low) * (len(_BARS) - 1))] for value in values)


def bars(result: CheckResult) -> str:
    """The scores of the baseline's records and this one; empty where they are too few to draw."""
    before, now = result.baseline.scores, result.decision.score
    return "" if now is None or len(before) < _FEW else spark([*before, now])


def score_text(result: CheckResult) -> str:
    """The same beside what it comes to, in words."""
    before, now, drawn = result.baseline.scores, result.decision.score, bars(result)
    if now is None or not drawn:
        return ""
    return (
        f"{drawn} {show(now, 'score')} now; "
        f"{show(min(before), 'score')} to {show(max(before), 'score')} in {records_text(result)}"
    )


def worth(objectives: Sequence[ObjectiveResult]) -> dict[str, int]:
    """The metrics whose mending would raise the score by a point or more, the most worth first.

    The gain is weight × (100 − score) ÷ the weight of all objectives that have a score.
    """
    scored = [each for each in objectives if each.score is not None]
    whole = sum((each.weight for each in scored), Fraction(0))
    gains = {
        each.metric: each.weight * (100 - (each.score or 0)) / whole
        for each in scored
        if whole and each.status in {Status.FAIL, Status.WARN}
    }
    ordered = sorted(gains, key=lambda metric: -gains[metric])
    return {metric: int(gains[metric]) for metric in ordered if gains[metric] >= 1}


def improvement_text(result: CheckResult) -> str:
    """The one improvement most worth making; empty where there is none."""
    for metric, gain in worth(result.decision.objectives).items():
        return f"{CATALOGUE[metric].title}, worth {gain} of 100 points"
    return ""


def practice_text(result: CheckResult) -> str:
    """What a peer does where it is better, as its records have it; empty where none is."""
    found = result.practice
    if found is None:
        return ""
    metric = CATALOGUE[found.metric]
    text = (
        f"{found.team}: {metric.title} {value_of(metric.id, found.value)} in the median of its "
        f"last {found.count} records"
    )
    if found.criterion is None:
        return f"{text}, without an objective for it"
    acts = {"enforce": "enforces", "warn": "warns below", "observe": "observes"}
    since = f", at least since {found.since.isoformat()}" if found.since else ""
    return f"{text}; it {acts.get(found.phase or '', 'has')} {found.criterion}{since}"


def next_level(result: CheckResult) -> str:
    """What is lacking for the next level; empty where there is none."""
    members = [
        Member(each.id, each.level, each.status.value, each.waiver)
        for each in result.decision.objectives
    ]
    found = standing(members)
    return f"{found.next} lacks {names(found.lacking)}" if found.next else ""
