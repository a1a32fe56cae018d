"""One objective held against one change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

from vsm_gate.metrics.metric import show
from vsm_gate.model.results import Baseline, Measurement, ObjectiveResult, Status
from vsm_gate.scorecards import waivers
from vsm_gate.scorecards.facts import SIZES, holds
from vsm_gate.scorecards.policy import Objective, Policy
from vsm_gate.scorecards.score import AT_WARN, FULL, NONE, Scored, score


@dataclass(frozen=True, slots=True)
class Finding:
    """A status, the score where there is one, and the reason where it is missing. `says` puts the
    arithmetic into a sentence: most findings of a replay are never read.
    """

    status: Status
    says: Callable[[], str]
    points: Fraction | None = None
    missing: str | None = None


def assess(
    policy: Policy,
    objective: Objective,
    measurements: Mapping[str, Measurement],
    baseline: Baseline,
    *,
    today: date,
    facts: Mapping[str, object],
) -> ObjectiveResult:
    """The status and the score of an objective, its phase on the day and the waiver covering it."""
    measurement = measurements.get(objective.metric)
    value = measurement.value if measurement else None
    base = baseline.values.get(objective.metric)
    finding = condition(objective, facts) or hold(objective, measurement, base, baseline.problem)
    waiver = waivers.covering(policy, objective, value, base, today=today, facts=facts)
    return result(objective, finding, value, base, waiver.id if waiver else None, today)


def result(
    objective: Objective,
    finding: Finding,
    value: Fraction | None,
    base: Fraction | None,
    waiver: str | None,
    today: date,
) -> ObjectiveResult:
    """What a finding comes to on a day."""
    return ObjectiveResult(
        id=objective.id,
        metric=objective.metric,
        status=finding.status,
        score=finding.points,
        value=value,
        baseline=base,
        pass_criterion=objective.passes.text,
        warn_criterion=objective.warns.text if objective.warns else None,
        phase=objective.phase_on(today),
        key=objective.key,
        weight=objective.weight,
        level=objective.level,
        waiver=waiver,
        missing=finding.missing,
        explanation=finding.says(),
        remedy=objective.remedy,
        source=str(objective.origins["pass"]),
        enforce_from=objective.enforce_from,
        applies=_applies(objective, finding.status),
    )


def hold(
    objective: Objective,
    measurement: Measurement | None,
    base: Fraction | None,
    unreadable: str | None,
) -> Finding:
    """A measurement (None: nothing measured it) held against an objective that applies.

    `base` is the baseline's value; where there is none, `unreadable` may say why.
    """
    if measurement is None:
        return _missing(objective, f"nothing measured {objective.metric}")
    sample = measurement.denominator if measurement.sample is None else measurement.sample
    if measurement.value is None and sample == 0:
        return _not_applicable(str(measurement.missing))
    if objective.min_sample is not None and sample is not None and sample < objective.min_sample:
        return _not_applicable(f"a sample of {sample}, and {objective.min_sample} are asked for")
    if measurement.value is None:
        return _missing(objective, str(measurement.missing))
    return _held(objective, measurement.value, base, unreadable)


def condition(objective: Objective, facts: Mapping[str, object]) -> Finding | None:
    """What `applies_when` comes to, None where the objective applies.

    A fact that is not known may have been the one that matters: that is missing evidence.
    """
    unknown = []
    for fact, words in objective.applies_when.items():
        found = holds(facts, fact, words)
        if found is None:
            unknown.append(fact)
        elif not found:
            return _not_applicable(f"it applies where {_said(fact, words)}, which it is not here")
    if unknown:
        reason = f"whether it applies cannot be told without knowing {' and '.join(unknown)}"
        return _missing(objective, reason)
    return None


def _applies(objective: Objective, status: Status) -> str | None:
    """Why an objective applies that does not always."""
    conditions = objective.applies_when.items()
    if not conditions or status in {Status.NOT_APPLICABLE, Status.MISSING}:
        return None
    return " and ".join(_said(fact, words) for fact, words in conditions)


def _said(fact: str, words: Sequence[str]) -> str:
    """A condition in words."""
    if fact in SIZES:
        return f"{fact} {' and '.join(words)}"
    return f"{fact} {'are in' if fact == 'paths' else 'is'} {' or '.join(words)}"


def _not_applicable(reason: str) -> Finding:
    return Finding(Status.NOT_APPLICABLE, lambda: f"not applicable: {reason}")


def _missing(objective: Objective, reason: str) -> Finding:
    if objective.on_missing == "exclude":
        text = f"left out, as it is missing: {reason}"
        return Finding(Status.EXCLUDED, lambda: text, missing=reason)
    return Finding(Status.MISSING, lambda: f"missing: {reason}", missing=reason)


def _held(
    objective: Objective, value: Fraction, base: Fraction | None, unreadable: str | None
) -> Finding:
    """A value against the criteria, with a baseline or without."""
    if base is not None or not objective.needs_baseline:
        return _judged(objective, value, base)
    if unreadable is not None:
        return _missing(objective, unreadable)
    return _without_baseline(objective, value)


def _without_baseline(objective: Objective, value: Fraction) -> Finding:
    """What can be said all the same: `<= baseline or <= 1m` holds for 10 s at any baseline."""
    passes = objective.passes.satisfied_by(value, None)
    warns = objective.warns.satisfied_by(value, None) if objective.warns else False
    if passes:
        status, scored = Status.PASS, Scored(FULL)
    elif passes is False and warns:
        status, scored = Status.WARN, Scored(AT_WARN)
    elif passes is False and warns is False:
        status, scored = Status.FAIL, Scored(NONE)
    else:
        text = "{}, and no baseline to compare with yet"
        return Finding(Status.NO_BASELINE, lambda: text.format(show(value, objective.unit)))
    return _found(objective, status, value, None, scored)


def _judged(objective: Objective, value: Fraction, base: Fraction | None) -> Finding:
    passes = objective.passes.values(base)
    warns = objective.warns.values(base) if objective.warns else None
    scored = score(value, passes, warns)
    if value in passes:
        status = Status.PASS
    elif warns is not None and value in warns:
        status = Status.WARN
    else:
        status = Status.FAIL
    return _found(objective, status, value, base, scored)


def _found(
    objective: Objective, status: Status, value: Fraction, base: Fraction | None, scored: Scored
) -> Finding:
    says = partial(_explain, objective, status, value, base, scored)
    return Finding(status, says, scored.points)


def _explain(
    objective: Objective, status: Status, value: Fraction, base: Fraction | None, scored: Scored
) -> str:
    """The arithmetic in one sentence."""
    unit = objective.unit
    text = show(value, unit)
    if objective.needs_baseline:
        text += " (no baseline yet)" if base is None else f" (baseline {show(base, unit)})"
    if status is Status.PASS:
        return f"{text} satisfies `{objective.passes.text}`"
    text += f" does not satisfy `{objective.passes.text}`"
    if objective.warns is not None:
        text += " but satisfies " if status is Status.WARN else " nor "
        text += f"`{objective.warns.text}`"
    p, w = scored.pass_edge, scored.warn_edge
    if p is None or w is None or p == w:
        return f"{text}: score {show(scored.points, 'score')}"
    far, band = show(abs(value - p), unit), show(abs(w - p), unit)
    rest = show(scored.points, "score") if scored.points else "0 at the least"
    return f"{text}: score 100 − 50 · {far} ÷ {band} = {rest}"
