"""The record of a check: what the history keeps of a run, for ever."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.results import ObjectiveResult, Verdict
from vsm_gate.publish import document
from vsm_gate.publish.result import CheckResult

SCHEMA: Final = "vsm-gate/record/v1"
CURVE: Final = "score/v1"
_BLOCKING: Final = (Verdict.FAIL, Verdict.INCONCLUSIVE)


def record_document(result: CheckResult, history_head: str | None) -> dict[str, Any]:
    """The record's document. `history_head` is the branch's commit that the run read."""
    decision, policy = result.decision, result.policy
    return {
        "schema": SCHEMA,
        "kind": "check",
        "time": document.utc(result.now),
        "repository": result.context.repository,
        "team": policy.team,
        "peer_group": policy.peer_group,
        "methodology": policy.methodology,
        "components": list(result.impact.touched),
        "change": document.change(result.context, result.change),
        "forge": _pull_request(result.forge),
        "runs": _runs(result.forge),
        "impact": document.impact(result.impact),
        "measurements": {
            found.metric: document.measurement(found) for found in result.measurements.values()
        },
        "objectives": {found.id: _objective(found) for found in decision.objectives},
        "score": document.number(decision.score),
        "level": decision.level,
        "evidence_rate": document.number(decision.evidence_rate),
        "verdict": decision.verdict.value,
        "conclusion": decision.conclusion.value,
        "exit_code": decision.exit_code,
        "would_block": decision.verdict in _BLOCKING,
        "blocked": decision.conclusion in _BLOCKING,
        "phase": policy.phase.value,
        "waivers": sorted({found.waiver for found in decision.objectives if found.waiver}),
        "break_glass": document.exemption(decision.break_glass),
        "baseline": {"records": list(result.baseline.records), "problem": result.baseline.problem},
        "facts": {"paths": _paths(result)},
        "evidence": [document.evidence(found) for found in result.evidence],
        "problems": list(result.problems),
        "policy": {"source": policy.source, "sha256": policy.sha256},
        "tool": {"version": result.tool_version},
        "history_head": history_head,
        "curve": CURVE,
        **document.cost(result),
    }


def policy_document(result: CheckResult) -> dict[str, Any] | None:
    """The record of the policy that judged: what is in force, so that a decision can be replayed.

    Its time is the day's beginning: a repository has it once a day, however often it is recorded.
    """
    policy = result.policy
    if policy.document is None:
        return None
    return {
        "schema": SCHEMA,
        "kind": "policy",
        "time": result.now.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z"),
        "repository": result.context.repository,
        "team": None,
        "components": [],
        "policy": {"sha256": policy.sha256, "document": policy.document},
    }


def _paths(result: CheckResult) -> list[str] | None:
    """The changed paths, where the policy speaks of some; else nothing depends on them."""
    policy = result.policy.document or {}
    scopes = [each.get("scope") for each in policy.get("waivers") or ()]
    scopes += [each.get("applies_when") for each in (policy.get("objectives") or {}).values()]
    if not any((scope or {}).get("paths") for scope in scopes):
        return None
    return list(result.change.paths)


def _pull_request(facts: ForgeFacts) -> dict[str, Any] | None:
    """The pull request, and why parts of it are not known; null where there is none."""
    pull = facts.pull_request
    if pull is None:
        return None
    reviews = pull.reviews
    labels = pull.labels.standing
    return {
        "pull_request": pull.number,
        "opened": document.utc(pull.opened),
        "merged": document.utc(pull.merged),
        "author": pull.author,
        "merged_by": pull.merged_by,
        "labels": None if labels is None else sorted(label.name for label in labels),
        "first_review_requested": document.utc(pull.review_requested),
        "first_review": document.utc(reviews.first) if reviews else None,
        "approvals": None
        if reviews is None
        else [
            {"by": each.by, "at": document.utc(each.at), "final": each.final}
            for each in reviews.approvals
        ],
        "changes_requested": reviews.changes_requested if reviews else None,
        "review_comments": pull.review_comments,
        "missing": dict(facts.missing),
    }


def _runs(facts: ForgeFacts) -> list[dict[str, Any]] | None:
    """The jobs of the run so far, by attempt; null where they are not known."""
    if facts.runs is None:
        return None
    return [
        {
            "name": job.name,
            "attempt": job.attempt,
            "queued_s": document.number(job.queued_s),
            "duration_s": document.number(job.duration_s),
            "conclusion": job.conclusion,
        }
        for job in facts.runs
    ]


def _objective(found: ObjectiveResult) -> dict[str, Any]:
    """What analytics and a replay need; the words are in the result and can be made again."""
    shown = document.objective(found)
    return {
        name: shown[name]
        for name in (
            "metric",
            "status",
            "score",
            "value",
            "baseline",
            "pass",
            "warn",
            "phase",
            "key",
            "weight",
            "level",
            "waiver",
            "missing",
        )
    }
