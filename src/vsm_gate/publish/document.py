"""`vsm-gate/check/v1`: the result of a run as a public JSON document."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final

from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.model.change import Change, Context
from vsm_gate.model.evidence import Evidence
from vsm_gate.model.impact import Detail, Impact, Operations, Risk
from vsm_gate.model.results import Exemption, Measurement, ObjectiveResult, Practice
from vsm_gate.model.tests import RED, CaseDetail
from vsm_gate.publish.result import CheckResult, Proposed
from vsm_gate.scorecards.recorded import exact

SCHEMA: Final = "vsm-gate/check/v1"
# What one change does beyond this is told by its first things; how many more there are is said.
MAX_DETAILS: Final = 200
MAX_INCIDENTS: Final = 20


def number(value: Fraction | None) -> int | float | None:
    """A JSON number; whole numbers stay whole."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def utc(found: datetime | None) -> str | None:
    """A time in UTC, to the second."""
    return None if found is None else found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(result: CheckResult) -> dict[str, Any]:
    """The whole result. Nothing is put into it that is not part of the public format."""
    decision = result.decision
    return {
        "schema": SCHEMA,
        "tool": {"name": "vsm-gate", "version": result.tool_version},
        "time": result.now.isoformat(),
        "repository": result.context.repository,
        "team": result.policy.team,
        "verdict": decision.verdict.value,
        "conclusion": decision.conclusion.value,
        "exit_code": result.exit_code,
        "score": number(decision.score),
        "level": decision.level,
        "evidence_rate": number(decision.evidence_rate),
        "reasons": [
            {
                "objective": reason.objective,
                "effect": reason.effect.value,
                "acts_as": reason.acts_as.value,
                "text": reason.text,
            }
            for reason in decision.reasons
        ],
        "break_glass": exemption(decision.break_glass),
        "change": change(result.context, result.change),
        "measurements": {m.metric: measurement(m) for m in result.measurements.values()},
        "objectives": {found.id: objective(found) for found in decision.objectives},
        "tests": _tests(result),
        "patch": _patch(result),
        "impact": impact(result.impact),
        "evidence": [evidence(found) for found in result.evidence],
        "problems": list(result.problems),
        "notes": list(result.notes),
        "policy": {
            "source": result.policy.source,
            "sha256": result.policy.sha256,
            "phase": result.policy.phase.value,
            "proposed": _proposed(result.policy.proposed),
        },
        "baseline": {
            "records": list(result.baseline.records),
            "problem": result.baseline.problem,
            "scores": [number(score) for score in result.baseline.scores],
        },
        "practice": _practice(result.practice),
        "receipts": {
            receipt.publisher: {
                "ok": receipt.ok,
                "detail": receipt.detail,
                "required": receipt.required,
                "hint": receipt.hint or None,
            }
            for receipt in result.receipts
        },
        "record": record(result),
        **cost(result),
    }


def cost(result: CheckResult) -> dict[str, Any]:
    """What the gate took until its verdict stood; left out where its clock stands still, so that
    the same run twice is the same document.
    """
    return {} if result.seconds is None else {"cost": {"seconds": round(result.seconds, 3)}}


def _practice(found: Practice | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "team": found.team,
        "metric": found.metric,
        "value": number(found.value),
        "records": found.count,
        "criterion": found.criterion,
        "phase": found.phase,
        "since": found.since.isoformat() if found.since else None,
    }


def change(context: Context, change: Change) -> dict[str, Any]:
    """The change: its commits, its size, and how its base was found."""
    return {
        "head": change.head,
        "base": change.base,
        "tested": change.tested,
        "base_found": change.base_found,
        "branch": context.branch,
        "default_branch": context.default_branch,
        "event": context.event,
        "pull_request": context.pull_request,
        "run": context.run,
        "attempt": context.attempt,
        "job": context.job,
        "actor": context.actor,
        "files": len(change.files),
        "lines_added": sum(file.added for file in change.files),
        "lines_deleted": sum(file.deleted for file in change.files),
        "commits": change.commits,
        "first_commit_time": utc(change.first_commit),
    }


def exemption(found: Exemption | None) -> dict[str, Any] | None:
    """Who broke the glass, when and why, and until when it is to be reviewed; null: nobody did."""
    if found is None:
        return None
    return {
        "label": found.label,
        "by": found.by,
        "at": utc(found.at),
        "reason": found.reason or None,
        "review_by": found.review_by.isoformat(),
    }


def _proposed(found: Proposed | None) -> dict[str, Any] | None:
    """What a change that edits the policy would have made of it; null where it does not."""
    if found is None:
        return None
    if found.verdict is None or found.conclusion is None:
        return {"mistake": found.mistake}
    return {
        "source": found.source,
        "sha256": found.sha256,
        "verdict": found.verdict.value,
        "conclusion": found.conclusion.value,
        "score": number(found.score),
        "otherwise": list(found.otherwise),
        "changes": found.changes,
        "blocked": found.blocked,
        "blocked_now": found.blocked_now,
    }


def measurement(found: Measurement) -> dict[str, Any]:
    """A value with its unit, or the reason why there is none, and what it was computed from: a
    denominator of 0 tells nothing to measure from a measurement that is missing. `exact` is there
    where the digits of the value are not all of it.
    """
    shown: dict[str, Any] = (
        {"value": number(found.value), "unit": CATALOGUE[found.metric].unit}
        if found.missing is None
        else {"missing": found.missing}
    )
    for name in ("numerator", "denominator", "sample"):
        if getattr(found, name) is not None:
            shown[name] = getattr(found, name)
    if found.value is not None and exact(shown) != found.value:
        shown["exact"] = f"{found.value.numerator}/{found.value.denominator}"
    return shown


def objective(found: ObjectiveResult) -> dict[str, Any]:
    """An objective with its criteria, its status and the arithmetic of its score."""
    return {
        "metric": found.metric,
        "status": found.status.value,
        "score": number(found.score),
        "value": number(found.value),
        "baseline": number(found.baseline),
        "pass": found.pass_criterion,
        "warn": found.warn_criterion,
        "phase": found.phase.value,
        "key": found.key,
        "weight": number(found.weight),
        "level": found.level,
        "waiver": found.waiver,
        "missing": found.missing,
        "explanation": found.explanation,
        "remedy": found.remedy,
        "source": found.source,
        "enforce_from": found.enforce_from.isoformat() if found.enforce_from else None,
        "applies": found.applies,
    }


def impact(found: Impact) -> dict[str, Any]:
    """What the change reaches."""
    return {
        "total": found.total,
        "components": list(found.touched),
        "reached": list(found.reached),
        "tier": found.tier,
        "tiers": found.tiers,
        "owners": list(found.owners),
        "sensitive": {name: list(paths) for name, paths in found.sensitive.items()},
        "risk": _risk(found.risk),
        "details": [_detail(each) for each in found.details[:MAX_DETAILS]],
        "details_left_out": len(found.details[MAX_DETAILS:]),
        "operations": _operations(found.operations),
        "notes": list(found.notes),
    }


def _detail(found: Detail) -> dict[str, Any]:
    return {
        "class": found.sensitive,
        "path": found.path,
        "line": found.line,
        "finding": found.finding,
        "severity": found.severity,
    }


def _operations(found: Operations | None) -> dict[str, Any] | None:
    """What the components lived through; null where nobody asked."""
    if found is None:
        return None
    return {
        "days": found.days,
        "deployments": found.deployments,
        "failed": found.failed,
        "incidents": [
            {
                "id": each.id,
                "started": each.started.isoformat(),
                "resolved": each.resolved.isoformat() if each.resolved else None,
                "severity": each.severity or None,
                "components": list(each.components),
            }
            for each in found.incidents[:MAX_INCIDENTS]
        ],
        "incidents_left_out": len(found.incidents[MAX_INCIDENTS:]),
        "error_budgets": [
            {
                "name": each.name,
                "remaining": number(each.remaining),
                "at": each.at.isoformat(),
                "components": list(each.components),
            }
            for each in found.budgets
        ],
        "missing": found.missing or None,
    }


def _risk(found: Risk | None) -> dict[str, Any] | None:
    """The rank, or the reason why there is none; null where nobody asked."""
    if found is None or found.percentile is None:
        return None if found is None else {"missing": found.missing}
    return {
        "percentile": number(found.percentile),
        "level": found.level,
        "compared": found.compared,
        "drivers": list(found.drivers),
        "model": found.model,
    }


def evidence(found: Evidence) -> dict[str, Any]:
    """An input file with its digest."""
    return asdict(found)


def _tests(result: CheckResult) -> dict[str, Any] | None:
    if result.tests is None:
        return None
    shown = [
        {
            "name": detail.title,
            "outcome": detail.outcome.name.lower(),
            "file": detail.file or None,
            "line": detail.line,
            "message": detail.message,
            "new": _is_new(detail, result.since),
            "since_base": _since_base(detail, result.since),
        }
        for detail in result.tests.details
    ]
    return {"failing_or_flaky": shown, "left_out": result.tests.details_left_out}


def _is_new(detail: CaseDetail, since: TestsSinceBase | None) -> bool | None:
    """Whether a red case is this change's; None where the base does not tell."""
    if since is None or not detail.identity or detail.outcome not in RED:
        return None
    return detail.identity in since.new_failures


def _since_base(detail: CaseDetail, since: TestsSinceBase | None) -> str | None:
    """What the base says of a red case; None where it does not tell."""
    if since is None or not detail.identity or detail.outcome not in RED:
        return None
    if detail.identity in since.known_failures:
        return "known"
    return "flaky" if detail.identity in since.flaky_failures else "new"


def _patch(result: CheckResult) -> dict[str, Any] | None:
    patch = result.patch
    if patch is None:
        return None
    return {
        "covered": patch.covered,
        "coverable": patch.coverable,
        "missed": {
            path: [[part.start, part.stop - 1] for part in ranges]
            for path, ranges in patch.missed.items()
        },
        "files_without_data": list(patch.files_without_data),
        "unmapped": list(result.unmapped),
    }


def record(result: CheckResult) -> dict[str, Any] | None:
    """The record as it stands in the history, so that this document can replay it."""
    if result.record is None:
        return None
    written = result.record
    return {"id": written.id, "document": written.document, "policy": written.policy}
