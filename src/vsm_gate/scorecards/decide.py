"""The decision: from objectives to a verdict, and from the verdict to what the pipeline is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from vsm_gate.errors import FAILED, INCONCLUSIVE, OK
from vsm_gate.metrics.metric import show
from vsm_gate.model.results import (
    Baseline,
    Decision,
    Measurement,
    ObjectiveResult,
    Phase,
    Reason,
    Status,
    Verdict,
)
from vsm_gate.scorecards import waivers
from vsm_gate.scorecards.assess import assess
from vsm_gate.scorecards.levels import Member, standing
from vsm_gate.scorecards.policy import Objective, Policy, Thresholds

SEVERITY: Final = {
    Verdict.PASS: 0,
    Verdict.WARN: 1,
    Verdict.INCONCLUSIVE: 2,
    Verdict.FAIL: 3,
}
EXIT_CODES: Final = {
    Verdict.PASS: OK,
    Verdict.WARN: OK,
    Verdict.INCONCLUSIVE: INCONCLUSIVE,
    Verdict.FAIL: FAILED,
}
# The most that an effect comes to in a phase.
_AT_MOST: Final = {
    Phase.OBSERVE: Verdict.PASS,
    Phase.WARN: Verdict.WARN,
    Phase.ENFORCE: Verdict.FAIL,
}
_UNMEASURED: Final = {Status.MISSING, Status.NOT_APPLICABLE, Status.EXCLUDED}
_IF_MISSING: Final = {
    "inconclusive": Verdict.INCONCLUSIVE,
    "fail": Verdict.FAIL,
    "warn": Verdict.WARN,
}


def judge(
    policy: Policy,
    measurements: Mapping[str, Measurement],
    baseline: Baseline,
    *,
    today: date,
    facts: Mapping[str, object] | None = None,
    broken: Iterable[str] = (),
) -> Decision:
    """Hold a change against a policy.

    * The **verdict** is the worst of all reasons: a failed key objective fails the gate, another
      failed objective warns, a missing one does what its `on_missing` says, one without a baseline
      warns; the total score fails below `score.warn` and warns below `score.pass`; too little
      evidence, or none at all, is inconclusive. Order: pass < warn < inconclusive < fail.
    * The **conclusion** is the same after phases and waivers: what is observed passes, what warns
      or is waived at most warns. The total and the evidence block only where the objectives that
      enforce and are not waived would do so by themselves.
    * The **total** is the mean of the objectives' scores by weight, over those that have one. The
      **evidence rate** is, in %, the weight of those ÷ that weight and the weight of what is
      missing. An objective without a baseline is in neither: its value is there, and it is history
      that is lacking, which more evidence would not mend. Nor are those not applicable or excluded.

    `facts` are what conditions and waivers speak of (`facts.CONDITIONS`, `paths`, `pull_request`).
    `broken` are sentences about evidence that was declared and is absent or unreadable: each is
    inconclusive by itself, whatever an objective says about what is merely missing.
    """
    facts = facts or {}
    results = [
        assess(policy, objective, measurements, baseline, today=today, facts=facts)
        for objective in policy.objectives
    ]
    return decide(policy, results, today=today, broken=broken)


def decide(
    policy: Policy,
    results: Sequence[ObjectiveResult],
    *,
    today: date,
    broken: Iterable[str] = (),
) -> Decision:
    """What the results of the policy's objectives, in its order, come to: see `judge`."""
    every, acting = _tally(results), _tally(_acting(results))
    pairs = zip(policy.objectives, results, strict=True)  # pragma: no mutate
    reasons = [
        *(reason for pair in pairs for reason in _objective(*pair)),
        *(_of_broken(policy, text) for text in broken),
        *_evidence(policy, results, every, acting),
        *_total(policy, results, every, acting),
        *_expired(policy, today),
    ]
    reasons.sort(key=lambda each: (-SEVERITY[each.acts_as], -SEVERITY[each.effect]))
    conclusion = worst(reason.acts_as for reason in reasons)
    return Decision(
        objectives=tuple(results),
        score=every.score,
        evidence_rate=every.evidence_rate or Fraction(0),
        level=_level(results),
        verdict=worst(reason.effect for reason in reasons),
        conclusion=conclusion,
        reasons=tuple(reasons),
        exit_code=EXIT_CODES[conclusion],
    )


def remarks(decision: Decision) -> tuple[str, ...]:
    """What is said of a decision and asks for nothing: waivers and labels that do not act."""
    return tuple(each.text for each in decision.reasons if each.effect is Verdict.PASS)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The most severe verdict; of none, pass."""
    return max(verdicts, key=SEVERITY.__getitem__, default=Verdict.PASS)


def _milder(*verdicts: Verdict) -> Verdict:
    return min(verdicts, key=SEVERITY.__getitem__)


def _objective(objective: Objective, result: ObjectiveResult) -> Iterator[Reason]:
    """What one objective asks for."""
    asked = _effect(objective, result)
    if asked is None:
        return
    effect, text = asked
    acts_as = _milder(effect, _AT_MOST[result.phase])
    if result.waiver is not None:
        acts_as = _milder(acts_as, Verdict.WARN)
        text += f" (waived by {result.waiver})"
    yield Reason(objective.id, effect, acts_as, text)


def _effect(objective: Objective, result: ObjectiveResult) -> tuple[Verdict, str] | None:
    """The verdict that it asks for and why; None where it is content."""
    name, status = objective.id, result.status
    if status is Status.FAIL and objective.key:
        return Verdict.FAIL, f"{name} failed and is key, a veto: {result.explanation}"
    if status is Status.FAIL:
        return Verdict.WARN, f"{name} failed: {result.explanation}"
    if status is Status.WARN:
        return Verdict.WARN, f"{name} warns: {result.explanation}"
    if status is Status.MISSING:
        return _IF_MISSING[objective.on_missing], f"{name} is {result.explanation}"
    if status is Status.NO_BASELINE:
        return Verdict.WARN, f"{name} cannot be judged yet: {result.explanation}"
    return None


def _of_broken(policy: Policy, text: str) -> Reason:
    """Evidence that should be there and cannot be believed might have held anything."""
    effect = Verdict.INCONCLUSIVE
    return Reason(None, effect, _milder(effect, _AT_MOST[policy.phase]), text)


@dataclass(frozen=True, slots=True)
class _Tally:
    """The mean score and the evidence rate in %, None where there is nothing to divide by."""

    score: Fraction | None
    evidence_rate: Fraction | None


def _tally(results: Iterable[ObjectiveResult]) -> _Tally:
    points, measured, missing = _Sum(), _Sum(), _Sum()
    for result in results:
        weight, score = result.weight, result.score
        above, below = weight.numerator, weight.denominator
        if score is not None:
            points.add(above * score.numerator, below * score.denominator)
            measured.add(above, below)
        elif result.status is Status.MISSING:
            missing.add(above, below)
    there = measured.total()
    every = there + missing.total()
    return _Tally(
        points.total() / there if there else None,
        100 * there / every if every else None,
    )


class _Sum:
    """A sum by denominator: most are 1, and whole numbers add up quickly."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def add(self, above: int, below: int) -> None:
        self._above[below] = self._above.get(below, 0) + above  # pragma: no mutate (ratios only)

    def total(self) -> Fraction:
        parts = (Fraction(above, below) for below, above in self._above.items())
        return sum(parts, Fraction(0))  # pragma: no mutate


def _evidence(
    policy: Policy, results: Sequence[ObjectiveResult], every: _Tally, acting: _Tally
) -> Iterator[Reason]:
    """Too little was measured, or nothing."""
    if all(result.status in _UNMEASURED for result in results):
        idle = all(result.status is Status.NOT_APPLICABLE for result in _acting(results))
        acts_as = Verdict.WARN if idle else Verdict.INCONCLUSIVE
        text = "no objective was measured"
        yield _of_the_whole(policy, results, Verdict.INCONCLUSIVE, acts_as, text)
        return
    least = policy.score.min_evidence
    rate, enforced = every.evidence_rate, acting.evidence_rate
    if rate is None or rate >= least:
        return
    blocks = enforced is not None and enforced < least
    acts_as = Verdict.INCONCLUSIVE if blocks else Verdict.WARN
    text = (
        f"{show(rate, '%')} of the evidence is there, and at least {show(least, '%')} is asked for"
    )
    yield _of_the_whole(policy, results, Verdict.INCONCLUSIVE, acts_as, text)


def _total(
    policy: Policy, results: Sequence[ObjectiveResult], every: _Tally, acting: _Tally
) -> Iterator[Reason]:
    """The total score against its thresholds."""
    total = every.score
    effect = reached(total, policy.score)
    if total is None or effect is Verdict.PASS:
        return
    enforced = reached(acting.score, policy.score)
    visible = [result for result in results if result.phase is not Phase.OBSERVE]
    shown = _milder(reached(_tally(visible).score, policy.score), Verdict.WARN)
    acts_as = _milder(effect, worst((enforced, shown)))
    asked = policy.score.passes if effect is Verdict.WARN else policy.score.warns
    text = f"the score is {show(total, 'score')}, and at least {show(asked, 'score')} is asked for"
    yield _of_the_whole(policy, results, effect, acts_as, text)


def reached(total: Fraction | None, thresholds: Thresholds) -> Verdict:
    """What a total score (None: nothing was scored) comes to against its thresholds."""
    if total is None or total >= thresholds.passes:
        return Verdict.PASS
    return Verdict.WARN if total >= thresholds.warns else Verdict.FAIL


def _acting(results: Iterable[ObjectiveResult]) -> list[ObjectiveResult]:
    """Those that may block."""
    return [each for each in results if each.phase is Phase.ENFORCE and each.waiver is None]


def _of_the_whole(
    policy: Policy,
    results: Iterable[ObjectiveResult],
    effect: Verdict,
    acts_as: Verdict,
    text: str,
) -> Reason:
    """A reason of the scorecard as a whole acts no stronger than the scorecard's phase, nor than
    the strongest of its objectives.
    """
    at_most = worst(_AT_MOST[result.phase] for result in results)
    return Reason(None, effect, _milder(acts_as, at_most, _AT_MOST[policy.phase]), text)


def _expired(policy: Policy, today: date) -> Iterator[Reason]:
    """Waivers that have run out are reported and change nothing."""
    for waiver in waivers.expired(policy, today):
        text = (
            f"waiver {waiver.id} of {waiver.objective} expired on {waiver.expires}: "
            f"it acts no more (owner {waiver.owner})"
        )
        yield Reason(waiver.objective, Verdict.PASS, Verdict.PASS, text)


def _level(results: Iterable[ObjectiveResult]) -> str | None:
    return standing(
        [
            Member(
                result.id,  # pragma: no mutate - what is lacking is named by `explain`
                result.level,
                result.status,
                result.waiver,
            )
            for result in results
        ]
    ).level
