"""The record of a check: what the history keeps of a run, for ever."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

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
        "time": result.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "repository": result.context.repository,
        "team": policy.team,
        "peer_group": policy.peer_group,
        "methodology": policy.methodology,
        "components": list(result.impact.touched),
        "change": document.change(result.context, result.change),
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
        "break_glass": None,
        "baseline": {"records": list(result.baseline.records)},
        "evidence": [document.evidence(found) for found in result.evidence],
        "problems": list(result.problems),
        "policy": {"source": policy.source, "sha256": policy.sha256},
        "tool": {"version": result.tool_version},
        "history_head": history_head,
        "curve": CURVE,
    }


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
