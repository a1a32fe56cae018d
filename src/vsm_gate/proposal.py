"""What a change that edits the policy would make of it: here, and over the team's last checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Final

from vsm_gate.history.record import Record
from vsm_gate.model.results import Baseline, Decision
from vsm_gate.publish.result import Proposed
from vsm_gate.scorecards.backtest import CANDIDATE, CURRENT, backtest
from vsm_gate.scorecards.policy import Policy
from vsm_gate.scorecards.replay import BLOCKING, Replay

# How far back a change of the policy is tried: enough to judge by, and cheap in every run.
RUNS: Final = 200
_EARLIER: Final = 40


def compare_here(policy: Policy, source: str, decision: Decision, in_force: Decision) -> Proposed:
    """What the proposed policy says of the change itself, against the one in force."""
    now = {each.id: each.status for each in in_force.objectives}
    then = {each.id: each.status for each in decision.objectives}
    return Proposed(
        source=source,
        sha256=policy.sha256,
        verdict=decision.verdict,
        conclusion=decision.conclusion,
        score=decision.score,
        otherwise=tuple(name for name in {**now, **then} if now.get(name) != then.get(name)),
    )


def compare_past(
    proposed: tuple[Policy, Baseline],
    in_force: tuple[Policy, Baseline],
    newest: Iterable[Record],
    today: date,
) -> tuple[int, int, int]:
    """Over the last checks, newest first: how many changes there were, and how many of them each
    of the policies blocks. A baseline counts only where its policy pins it.
    """
    records = [(record.id, record.document) for record in islice(newest, RUNS + _EARLIER)][::-1]
    earlier, replayed = records[:-RUNS], records[-RUNS:]
    found = backtest(
        replayed,
        candidate=_replay(*proposed, today),
        current=_replay(*in_force, today),
        earlier=earlier,
    )
    then, now = (
        sum(found.opinions[name].changes[verdict] for verdict in BLOCKING)
        for name in (CANDIDATE, CURRENT)
    )
    return found.changes, then, now


def _replay(policy: Policy, baseline: Baseline, today: date) -> Replay:
    return Replay(policy, today, baseline if policy.baseline.pinned else None)
