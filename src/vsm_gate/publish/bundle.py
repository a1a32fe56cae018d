"""A result read back from its JSON, as far as surfaces show it. Pure, and trusting nothing.

The file may come from anyone: it is data of a known shape. No path in it is opened, and every text
in it is escaped where it is shown, as all texts of a result are.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, Final

from pydantic import ValidationError

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.errors import InputError
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.model.change import Change, Context, FileChange
from vsm_gate.model.evidence import Evidence
from vsm_gate.model.impact import Budget, Detail, Impact, Incident, Operations, Risk
from vsm_gate.model.results import (
    Baseline,
    Decision,
    Exemption,
    ObjectiveResult,
    Practice,
    Reason,
)
from vsm_gate.model.tests import CaseDetail, Outcome, TestReport
from vsm_gate.publish import bundle_schema as shape
from vsm_gate.publish.document import SCHEMA
from vsm_gate.publish.result import CheckResult, PolicyUsed

MAX_BYTES: Final = 50 * 1024 * 1024


def read(name: str, content: bytes) -> CheckResult:
    """The result that a bundle tells of. Raises `InputError` where it is none."""
    hint = "a bundle is what `vsm-gate check --bundle FILE` leaves"
    if len(content) > MAX_BYTES:
        raise InputError(f"{name} is no bundle: it has more than {MAX_BYTES:,} bytes", hint=hint)
    try:
        found = shape.Bundle.model_validate(json.loads(content))
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


def _result(found: shape.Bundle) -> CheckResult:
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


def _practice(found: shape.Practice | None) -> Practice | None:
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


def _context(found: shape.Bundle) -> Context:
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


def _change(found: shape.Bundle) -> Change:
    """The files are those that lines are shown of: links go to these."""
    said = found.change
    paths = dict.fromkeys(found.patch.missed if found.patch else ())
    files = tuple(FileChange(path, "modified") for path in paths)
    return Change(said.base, said.head, said.tested, said.base_found, files)


def _decision(found: shape.Bundle) -> Decision:
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


def _exemption(found: shape.Exemption | None) -> Exemption | None:
    if found is None:
        return None
    return Exemption(found.label, found.by, found.at, found.reason or "", found.review_by)


def _objective(name: str, each: shape.Objective) -> ObjectiveResult:
    told: dict[str, Any] = each.model_dump(exclude={"passes", "warn"})
    exact = {key: _exact(told[key]) for key in ("score", "value", "baseline", "weight")}
    criteria = {"pass_criterion": each.passes, "warn_criterion": each.warn}
    return ObjectiveResult(id=name, **{**told, **exact, **criteria})


def _exact(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _impact(found: shape.Impact) -> Impact:
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


def _operations(found: shape.Operations) -> Operations:
    incidents = (each.model_dump() for each in found.incidents)
    budgets = (each.model_dump() for each in found.error_budgets)
    return Operations(
        found.days,
        found.deployments,
        found.failed,
        tuple(Incident(**{**each, "severity": each["severity"] or ""}) for each in incidents),
        tuple(Budget(**{**each, "remaining": Fraction(each["remaining"])}) for each in budgets),
    )


def _risk(risk: shape.Risk) -> Risk:
    given = risk.model_dump(exclude={"percentile"})
    return Risk(percentile=_exact(risk.percentile), **given)


def _tests(found: shape.Tests | None, base: str) -> tuple[TestReport | None, TestsSinceBase | None]:
    if found is None:
        return None, None
    report = TestReport("bundle")
    told: dict[str | None, set[int]] = {"new": set(), "known": set(), "flaky": set()}
    for number, each in enumerate(found.failing_or_flaky, 1):
        outcome = Outcome[each.outcome.upper()]
        index = report.cases.add(number, outcome, None)
        report.describe(
            CaseDetail(
                index=index,
                identity=number,
                outcome=outcome,
                name=each.name,
                file=each.file or "",
                line=each.line,
                message=each.message,
            )
        )
        if each.since_base is not None:
            told[each.since_base].add(number)
    for _ in range(found.left_out):
        report.cases.add(0, Outcome.FAILED, None)
    new, known, flaky = (frozenset(told[name]) for name in ("new", "known", "flaky"))
    return report, TestsSinceBase(base, new, known, flaky) if new | known | flaky else None


def _patch(found: shape.Patch | None) -> PatchCoverage | None:
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
