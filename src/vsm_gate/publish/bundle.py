"""A result read back from its JSON, as far as surfaces show it. Pure, and trusting nothing.

The file may come from anyone: it is data of a known shape. No path in it is opened, and every text
in it is escaped where it is shown, as all texts of a result are.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.errors import InputError
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.model.change import Change, Context, FileChange
from vsm_gate.model.evidence import Evidence
from vsm_gate.model.impact import (
    Budget,
    Detail,
    Impact,
    Incident,
    Operations,
    Risk,
    Severity,
)
from vsm_gate.model.results import (
    Baseline,
    Decision,
    Exemption,
    ObjectiveResult,
    Phase,
    Practice,
    Reason,
    Status,
    Verdict,
)
from vsm_gate.model.tests import MAX_DETAILS, CaseDetail, Outcome, TestReport
from vsm_gate.publish.document import MAX_DETAILS as MAX_SHOWN
from vsm_gate.publish.document import MAX_INCIDENTS, SCHEMA
from vsm_gate.publish.result import CheckResult, PolicyUsed

MAX_BYTES: Final = 50 * 1024 * 1024
_LINE: Final = 10_000_000

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)] | None
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Line = Annotated[int, Field(ge=1, le=_LINE)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=False, frozen=True, extra="ignore")


class _Reason(_Part):
    objective: str | None
    effect: Verdict
    acts_as: Verdict
    text: str


class _Exemption(_Part):
    label: str
    by: str
    at: datetime | None
    reason: str | None
    review_by: date


class _Objective(_Part):
    metric: str
    status: Status
    score: Number
    value: Number
    baseline: Number
    passes: str = Field(alias="pass")
    warn: str | None
    phase: Phase
    key: bool
    weight: Annotated[float, Field(ge=0, le=1e9)]
    level: str | None
    waiver: str | None
    missing: str | None
    explanation: str
    remedy: str | None
    source: str
    enforce_from: date | None
    applies: str | None = None


class _Case(_Part):
    name: str
    outcome: Literal["failed", "errored", "flaky"]
    file: str | None
    line: Line | None
    message: str
    since_base: Literal["new", "known", "flaky"] | None = None


class _Tests(_Part):
    failing_or_flaky: Annotated[list[_Case], Field(max_length=MAX_DETAILS)]
    left_out: Count


class _Patch(_Part):
    covered: Count
    coverable: Count
    missed: dict[str, list[tuple[Line, Line]]]
    files_without_data: list[str]
    unmapped: list[str]


class _Risk(_Part):
    percentile: Number = None
    level: str | None = None
    compared: Count = 0
    drivers: tuple[str, ...] = ()
    missing: str = ""
    model: str = ""


class _Detail(_Part):
    sensitive: str = Field(alias="class")
    path: str
    finding: str
    severity: Severity
    line: Line | None = None


class _Incident(_Part):
    id: str
    started: datetime
    resolved: datetime | None = None
    severity: str | None = None
    components: tuple[str, ...] = ()


class _Budget(_Part):
    name: str
    remaining: Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
    at: datetime
    components: tuple[str, ...] = ()


class _Operations(_Part):
    days: Count
    deployments: Count
    failed: Count
    incidents: Annotated[tuple[_Incident, ...], Field(max_length=MAX_INCIDENTS)]
    error_budgets: tuple[_Budget, ...]


class _Impact(_Part):
    total: Count
    components: tuple[str, ...]
    reached: tuple[str, ...]
    tier: int | None
    owners: tuple[str, ...]
    sensitive: dict[str, tuple[str, ...]]
    risk: _Risk | None
    notes: tuple[str, ...]
    details: Annotated[tuple[_Detail, ...], Field(max_length=MAX_SHOWN)] = ()
    operations: _Operations | None = None


class _Evidence(_Part):
    path: str
    kind: str
    format: str | None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{0,64}$")]
    size: int
    problem: str | None = None


class _Policy(_Part):
    source: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    phase: Phase


class _Change(_Part):
    head: Annotated[str, Field(pattern="^[0-9a-f]{40,64}$")]
    base: Annotated[str, Field(pattern="^[0-9a-f]{40,64}$")]
    tested: Annotated[str, Field(pattern="^[0-9a-f]{40,64}$")]
    base_found: str
    branch: str
    event: str
    pull_request: int | None
    run: str
    attempt: int
    job: str


class _Tool(_Part):
    version: str


class _Baseline(_Part):
    records: tuple[str, ...]
    scores: tuple[Annotated[float, Field(ge=0, le=100)], ...] = ()


class _Practice(_Part):
    team: str
    metric: str
    value: Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
    records: Count
    criterion: str | None
    phase: str | None
    since: date | None


class _Bundle(_Part):
    schema_: Literal["vsm-gate/check/v1"] = Field(alias="schema")
    tool: _Tool
    time: datetime
    repository: str
    team: str
    verdict: Verdict
    conclusion: Verdict
    exit_code: int
    score: Number
    level: str | None
    evidence_rate: Annotated[float, Field(ge=0, le=100)]
    reasons: list[_Reason]
    break_glass: _Exemption | None = None
    change: _Change
    objectives: dict[str, _Objective]
    tests: _Tests | None
    patch: _Patch | None
    impact: _Impact
    evidence: list[_Evidence]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    policy: _Policy
    baseline: _Baseline
    practice: _Practice | None = None


def read(name: str, content: bytes) -> CheckResult:
    """The result that a bundle tells of. Raises `InputError` where it is none."""
    hint = "a bundle is what `vsm-gate check --bundle FILE` leaves"
    if len(content) > MAX_BYTES:
        raise InputError(f"{name} is no bundle: it has more than {MAX_BYTES:,} bytes", hint=hint)
    try:
        found = _Bundle.model_validate(json.loads(content))
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{name} is no bundle of {SCHEMA}: {_first(problem)}", hint=hint) from None
    named = {each.metric for each in found.objectives.values()}
    named |= {found.practice.metric} if found.practice else set()
    unknown = sorted(named - set(CATALOGUE))
    if unknown:
        raise InputError(f"{name} has a metric that is not known here: {unknown[0][:100]!r}")
    return _result(found)


def _first(problem: Exception) -> str:
    """The first of what is wrong, without what the file says there."""
    if isinstance(problem, ValidationError):
        error = problem.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, error['loc']))[:200]!r}: {error['msg']}"
    return "it is not valid JSON"


def _result(found: _Bundle) -> CheckResult:
    tests, since = _tests(found.tests, found.change.base)
    values = {
        each.metric: Fraction(each.baseline)
        for each in found.objectives.values()
        if each.baseline is not None
    }
    return CheckResult(
        now=found.time,
        tool_version=found.tool.version,
        context=_context(found),
        change=_change(found),
        policy=PolicyUsed(found.team, found.policy.source, found.policy.sha256, found.policy.phase),
        measurements={},
        baseline=Baseline(
            values, found.baseline.records, scores=tuple(map(Fraction, found.baseline.scores))
        ),
        practice=_practice(found.practice),
        decision=_decision(found),
        impact=_impact(found.impact),
        evidence=tuple(
            Evidence(each.path, each.kind, each.format, each.sha256, each.size, None, each.problem)
            for each in found.evidence
        ),
        problems=found.problems,
        notes=found.notes,
        tests=tests,
        since=since,
        patch=_patch(found.patch),
        unmapped=tuple(found.patch.unmapped) if found.patch else (),
    )


def _practice(found: _Practice | None) -> Practice | None:
    if found is None:
        return None
    return Practice(
        found.team,
        found.metric,
        Fraction(found.value),
        found.records,
        found.criterion,
        found.phase,
        found.since,
    )


def _context(found: _Bundle) -> Context:
    said = found.change
    return Context(
        found.repository,
        event=said.event,
        branch=said.branch,
        head=said.head,
        tested=said.tested,
        pull_request=said.pull_request,
        run=said.run,
        attempt=said.attempt,
        job=said.job,
    )


def _change(found: _Bundle) -> Change:
    """The files are those that lines are shown of: links go to these."""
    said = found.change
    paths = dict.fromkeys(found.patch.missed if found.patch else ())
    files = tuple(FileChange(path, "modified") for path in paths)
    return Change(said.base, said.head, said.tested, said.base_found, files)


def _decision(found: _Bundle) -> Decision:
    return Decision(
        objectives=tuple(_objective(name, each) for name, each in found.objectives.items()),
        score=_exact(found.score),
        evidence_rate=Fraction(found.evidence_rate),
        level=found.level,
        verdict=found.verdict,
        conclusion=found.conclusion,
        reasons=tuple(Reason(r.objective, r.effect, r.acts_as, r.text) for r in found.reasons),
        exit_code=found.exit_code,
        break_glass=_exemption(found.break_glass),
    )


def _exemption(found: _Exemption | None) -> Exemption | None:
    if found is None:
        return None
    return Exemption(found.label, found.by, found.at, found.reason or "", found.review_by)


def _objective(name: str, each: _Objective) -> ObjectiveResult:
    told: dict[str, Any] = each.model_dump(exclude={"passes", "warn"})
    exact = {key: _exact(told[key]) for key in ("score", "value", "baseline", "weight")}
    criteria = {"pass_criterion": each.passes, "warn_criterion": each.warn}
    return ObjectiveResult(id=name, **{**told, **exact, **criteria})


def _exact(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _impact(found: _Impact) -> Impact:
    risk = found.risk
    return Impact(
        total=found.total,
        touched=found.components,
        reached=found.reached,
        tier=found.tier,
        owners=found.owners,
        sensitive=found.sensitive,
        notes=found.notes,
        risk=None if risk is None else _risk(risk),
        details=tuple(Detail(**each.model_dump()) for each in found.details),
        operations=_operations(found.operations) if found.operations else None,
    )


def _operations(found: _Operations) -> Operations:
    incidents = (each.model_dump() for each in found.incidents)
    budgets = (each.model_dump() for each in found.error_budgets)
    return Operations(
        found.days,
        found.deployments,
        found.failed,
        tuple(Incident(**{**each, "severity": each["severity"] or ""}) for each in incidents),
        tuple(Budget(**{**each, "remaining": Fraction(each["remaining"])}) for each in budgets),
    )


def _risk(risk: _Risk) -> Risk:
    given = risk.model_dump(exclude={"percentile"})
    return Risk(percentile=_exact(risk.percentile), **given)


def _tests(found: _Tests | None, base: str) -> tuple[TestReport | None, TestsSinceBase | None]:
    if found is None:
        return None, None
    report = TestReport("bundle")
    told: dict[str | None, set[int]] = {"new": set(), "known": set(), "flaky": set()}
    for number, each in enumerate(found.failing_or_flaky, 1):
        outcome = Outcome[each.outcome.upper()]
        index = report.cases.add(number, outcome, None)
        place = {"file": each.file or "", "line": each.line, "message": each.message}
        report.describe(CaseDetail(index, number, outcome, each.name, **place))  # type: ignore[arg-type]
        if each.since_base is not None:
            told[each.since_base].add(number)
    for _ in range(found.left_out):
        report.cases.add(0, Outcome.FAILED, None)
    new, known, flaky = (frozenset(told[name]) for name in ("new", "known", "flaky"))
    return report, TestsSinceBase(base, new, known, flaky) if new | known | flaky else None


def _patch(found: _Patch | None) -> PatchCoverage | None:
    if found is None:
        return None
    missed = {
        path: tuple(range(first, last + 1) for first, last in ranges if first <= last)
        for path, ranges in found.missed.items()
    }
    return PatchCoverage(
        covered=found.covered,
        coverable=found.coverable,
        missed={path: ranges for path, ranges in missed.items() if ranges},
        files_without_data=tuple(found.files_without_data),
    )
