"""Why an objective scored as it did, from the result of a run (`vsm-gate/check/v1`)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show
from vsm_gate.scorecards.criterion_language import parse
from vsm_gate.scorecards.levels import Member, standing

SHOWN_RECORDS: Final = 5


class _Part(BaseModel):
    """A part of the public format; what it holds besides is not needed here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Measured(_Part):
    """A measurement, with the counts that a rate was made of."""

    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None


class Explained(_Part):
    """An objective's result."""

    metric: str
    status: str
    score: float | None
    value: float | None
    baseline: float | None
    passes: str = Field(alias="pass")
    warns: str | None = Field(alias="warn")
    phase: str
    key: bool
    weight: float
    level: str | None
    waiver: str | None
    explanation: str
    remedy: str | None
    source: str
    enforce_from: str | None


class Cause(_Part):
    """A reason of the verdict."""

    objective: str | None
    effect: str
    acts_as: str
    text: str


class Records(_Part):
    """The records that the baseline was made of."""

    records: tuple[str, ...] = ()


class Exemption(_Part):
    """By whom a red change was let through."""

    label: str
    by: str
    reason: str | None
    review_by: str


class Result(_Part):
    """What is read of a result."""

    schema_: Literal["vsm-gate/check/v1"] = Field(alias="schema")
    verdict: str
    conclusion: str
    score: float | None
    evidence_rate: float
    objectives: dict[str, Explained]
    reasons: tuple[Cause, ...]
    measurements: dict[str, Measured]
    baseline: Records
    break_glass: Exemption | None = None


def text(result: Result, name: str) -> Iterator[str]:
    """Lines that explain one objective. Raises `KeyError` where there is none of that name."""
    found = result.objectives[name]
    score = "no score" if found.score is None else f"score {_show(found.score, 'score')} of 100"
    yield f"{name}: {found.status}, {score}"
    for label, line in _facts(result, name, found):
        yield f"  {label:<9} {line}"


def total(result: Result) -> Iterator[str]:
    """How the total came about."""
    scored = [
        (name, found.weight, found.score)
        for name, found in result.objectives.items()
        if found.score is not None
    ]
    if not scored:
        yield "total: none, since nothing was measured"
        return
    above = " + ".join(f"{_plain(weight)} · {_show(score, 'score')}" for _, weight, score in scored)
    below = _plain(sum(weight for _, weight, _ in scored))
    yield f"total: ({above}) ÷ {below} = {_show(result.score, 'score')}"
    yield f"evidence: {_show(result.evidence_rate, '%')} of the weight was measured"
    yield f"verdict: {result.verdict}, conclusion: {result.conclusion}"
    found = result.break_glass
    if found is not None:
        why = f" ({found.reason})" if found.reason else ""
        yield (
            f"let through by break-glass: {found.by} set `{found.label}`{why}; "
            f"to be reviewed by {found.review_by}"
        )


def level(result: Result) -> Iterator[str]:
    """The level, and what is lacking for the next one."""
    members = [
        Member(name, found.level, found.status, found.waiver)
        for name, found in result.objectives.items()
    ]
    if any(member.level for member in members):
        found = standing(members)
        lacks = f"; {found.next} lacks {', '.join(found.lacking)}" if found.next else ""
        yield f"level: {found.level or 'none yet'}{lacks}"


def entry(result: Result, name: str) -> dict[str, Any]:
    """The same as data."""
    found = result.objectives[name]
    return {
        **found.model_dump(by_alias=True),
        "formula": CATALOGUE[found.metric].formula if found.metric in CATALOGUE else None,
        "baseline_records": list(result.baseline.records) if _compares(found) else [],
        "reasons": [cause.model_dump() for cause in result.reasons if cause.objective == name],
    }


def _facts(result: Result, name: str, found: Explained) -> Iterator[tuple[str, str]]:
    metric = CATALOGUE.get(found.metric)
    unit = metric.unit if metric else ""
    yield "metric", f"{found.metric}: {metric.formula}" if metric else found.metric
    if found.value is not None:
        yield "value", _show(found.value, unit) + _counts(result.measurements.get(found.metric))
    if found.baseline is not None and _compares(found):
        yield "baseline", f"{_show(found.baseline, unit)}{_records(result.baseline.records)}"
    yield "pass", _criterion(found.passes, unit, found.baseline)
    if found.warns is not None:
        yield "warn", _criterion(found.warns, unit, found.baseline)
    yield "why", found.explanation
    yield "weight", f"{_plain(found.weight)}{', key' if found.key else ''}"
    until = f" until {found.enforce_from}" if found.enforce_from and found.phase == "warn" else ""
    yield "phase", f"{found.phase}{until}"
    if found.waiver is not None:
        yield "waiver", found.waiver
    for cause in result.reasons:
        if cause.objective == name:
            yield "asks for", f"{cause.effect}, acts as {cause.acts_as}: {cause.text}"
    yield "rule", found.source
    if found.remedy is not None:
        yield "remedy", found.remedy


def _criterion(text: str, unit: str, baseline: float | None) -> str:
    """A criterion, and what it comes to with the baseline."""
    if "baseline" not in text or baseline is None:
        return text
    base = Fraction(str(baseline))
    limits = " or ".join(
        " and ".join(f"{clause.operator} {show(clause.limit(base), unit)}" for clause in group)
        for group in parse(text, unit).alternatives
    )
    return f"{text}, here {limits}"


def _compares(found: Explained) -> bool:
    return "baseline" in found.passes or "baseline" in (found.warns or "")


def _counts(measured: Measured | None) -> str:
    if measured is None or measured.denominator is None or measured.numerator is None:
        return ""
    return f" ({measured.numerator} of {measured.denominator})"


def _records(ids: tuple[str, ...]) -> str:
    if not ids:
        return ""
    names = ", ".join(each[:12] for each in ids[:SHOWN_RECORDS])
    more = f" and {len(ids) - SHOWN_RECORDS} more" if len(ids) > SHOWN_RECORDS else ""
    return f", from {len(ids)} record{'s' if len(ids) > 1 else ''}: {names}{more}"


def _show(value: float | None, unit: str) -> str:
    return "none" if value is None else show(Fraction(str(value)), unit)


def _plain(value: float) -> str:
    return f"{value:g}"
