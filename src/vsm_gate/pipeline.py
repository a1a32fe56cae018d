"""The straight road: collect, normalize, measure, score, decide, publish, record.

Everything that acts on the world comes in with `Request` and `Effects`; the order of the stages,
and that the verdict stands before anything is written, is decided here.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace

from vsm_gate.base_snapshot import keep
from vsm_gate.effects import Effects, Request
from vsm_gate.errors import VsmGateError
from vsm_gate.history.heartbeat import heartbeat
from vsm_gate.history.record import Record
from vsm_gate.judging import judge_change
from vsm_gate.model.results import Receipt
from vsm_gate.publish import plan
from vsm_gate.publish.apply import apply
from vsm_gate.publish.document import change as change_document
from vsm_gate.publish.result import CheckResult


def run(request: Request, effects: Effects) -> CheckResult:
    """The whole road. Raises `VsmGateError` where no verdict can be reached at all.

    A run that ends so leaves a heartbeat in the history: a gate that came to no verdict and a gate
    that was evaded must not look the same.
    """
    try:
        judged = judge_change(request, effects)
    except Exception as problem:
        _leave_heartbeat(request, effects, problem)
        raise

    def recording(result: CheckResult) -> list[Receipt]:
        receipts = _record(result, request.targets, effects)
        if effects.snapshots is not None and request.context.default_branch:
            seen = judged.gathered
            receipts.append(
                keep(effects.snapshots, request.change, seen.found, seen.compared, request.now)
            )
        return receipts

    return finish(judged.result, request, effects, recording)


def finish(
    result: CheckResult,
    request: Request,
    effects: Effects,
    recording: Callable[[CheckResult], list[Receipt]],
) -> CheckResult:
    """Publish and record a result whose verdict stands. Returns it with its receipts."""
    targets = request.targets

    def put(steps: Sequence[plan.Step], so_far: CheckResult) -> CheckResult:
        more = apply(steps, effects.emit, targets.required, effects.forge)
        return replace(so_far, receipts=(*so_far.receipts, *more))

    result = put(plan.safe_first(result, targets), result)
    result = put(plan.then_shown(result, targets), result)
    if targets.forge:
        effects.progress("publishing")
        result = put(plan.then_posted(result, targets), result)
    effects.progress("recording")
    result = replace(result, receipts=(*result.receipts, *recording(result)))
    result = put(plan.then_annotated(result, targets), result)
    result = put(plan.last(result, targets), result)
    return put(plan.closing(result, targets), result)


def _record(result: CheckResult, targets: plan.Targets, effects: Effects) -> list[Receipt]:
    if effects.ledger is None or result.record is None:
        return []
    must = "history" in targets.required
    documents = filter(None, (result.record.document, result.record.policy))
    try:
        done = effects.ledger.append([*map(Record.of, documents)])
    except VsmGateError as problem:
        lost = Receipt("history", ok=False, detail=problem.message, required=must)
        if not replace(result, receipts=(*result.receipts, lost)).needs_bundle:
            return [lost]
        again = ("vsm-gate", "history", "append", str(targets.bundle), *effects.ledger_arguments)
        return [replace(lost, hint=f"replay it with `{shlex.join(again)}`")]
    detail = f"record {result.record.id[:12]} on {effects.ledger_name}"
    if done.detail:
        detail += f", {done.detail}"
    return [Receipt("history", ok=True, detail=detail, required=must)]


def _leave_heartbeat(request: Request, effects: Effects, problem: Exception) -> None:
    """Record that this run came to no verdict, and why. Where that fails too, both are told."""
    if effects.ledger is None:
        return
    document = heartbeat(
        repository=request.context.repository,
        team=request.team,
        change=change_document(request.context, request.change),
        problem=f"{type(problem).__name__}: {problem}",
        now=request.now,
        version=request.tool_version,
    )
    try:
        effects.ledger.append([Record.of(document)])
    except VsmGateError as another:
        problem.add_note(f"that this run came to no verdict was not recorded: {another.message}")
