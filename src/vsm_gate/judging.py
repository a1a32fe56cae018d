"""The verdict on a change: by the policy in force, through broken glass, beside a proposed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from vsm_gate.effects import Effects, Request
from vsm_gate.errors import OK, ConfigurationError, HistoryError, VsmGateError
from vsm_gate.gathering import Gathered, gather, read_baseline
from vsm_gate.history.baseline import MAX_LOOKED_AT
from vsm_gate.history.peers import Wanted, practice
from vsm_gate.history.record import Record
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction
from vsm_gate.model.change import Labels
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.results import Baseline, Decision, Practice
from vsm_gate.proposal import compare_here, compare_past
from vsm_gate.publish.record_document import policy_document, record_document
from vsm_gate.publish.result import CheckResult, PolicyUsed, Proposed, RecordWritten
from vsm_gate.publish.trend import worth
from vsm_gate.scorecards import break_glass
from vsm_gate.scorecards.decide import judge, remarks
from vsm_gate.scorecards.policy import Policy
from vsm_gate.scorecards.policy import document as policy_data


@dataclass(frozen=True, slots=True)
class Judged:
    """A result whose verdict stands, and what it was reached from."""

    result: CheckResult
    gathered: Gathered


def judge_change(request: Request, effects: Effects) -> Judged:
    """From the files to the verdict and its record; nothing is written."""
    policy, source = effects.policy()
    seen = gather(request, effects, policy)

    def judged_by(card: Policy, compared_with: Baseline) -> Decision:
        return judge(
            card,
            seen.measurements,
            compared_with,
            today=request.today,
            facts=seen.facts,
            broken=seen.found.problems,
        )

    decision = _through_glass(
        judged_by(policy, seen.baseline), request, effects, policy, seen.forge
    )
    proposed = _proposed(request, effects, (policy, seen.baseline), seen.team, judged_by)
    result = CheckResult(
        now=request.now,
        tool_version=request.tool_version,
        context=request.context,
        change=seen.change,
        policy=_used(policy, seen.team, source, proposed),
        measurements=seen.measurements,
        baseline=seen.baseline,
        decision=decision,
        impact=seen.impact,
        evidence=seen.found.evidence,
        problems=seen.found.problems,
        notes=tuple(_notes(effects, seen, decision, proposed)),
        tests=seen.found.tests,
        since=seen.compared.tests,
        patch=seen.patch,
        unmapped=seen.found.unmapped,
        components=request.components,
        practice=_practice(effects, policy, decision, seen.team),
        forge=seen.forge,
        seconds=effects.seconds(),
    )
    document = record_document(result, seen.history_head)
    written = RecordWritten(Record.of(document).id, document, policy_document(result))
    return Judged(replace(result, record=written), seen)


def _notes(
    effects: Effects, seen: Gathered, decision: Decision, proposed: Proposed | None
) -> Iterator[str]:
    yield from effects.notes()
    if proposed:
        yield proposed.note
    yield from remarks(decision)
    yield from seen.found.notes
    if seen.compared.problem:
        yield seen.compared.problem


def _through_glass(
    decision: Decision, request: Request, effects: Effects, policy: Policy, forge: ForgeFacts
) -> Decision:
    """The decision, let through where somebody who may has broken the glass.

    The forge is asked only where that could change anything.
    """
    rule = policy.break_glass
    if rule is None or decision.exit_code == OK:
        return decision
    pull = forge.pull_request
    labels = pull.labels if pull else Labels(missing=forge.why("pull_request"))
    label = break_glass.asked(decision, rule, labels)
    members = (
        {}
        if label is None
        else {team: effects.membership(team, label.by) for team in break_glass.teams(rule)}
    )
    return break_glass.apply(decision, rule, labels, members, request.today)


def _proposed(
    request: Request,
    effects: Effects,
    in_force: tuple[Policy, Baseline],
    team: str,
    judged_by: Callable[[Policy, Baseline], Decision],
) -> Proposed | None:
    """What the policy that the change proposes would have said; None where it proposes none."""
    try:
        found = effects.proposed()
    except ConfigurationError as problem:
        every = (f"{each.where}: {each.message}" for each in problem.mistakes)
        return Proposed(mistake="; ".join(every))
    except VsmGateError as problem:
        return Proposed(mistake=problem.message)
    if found is None or found[0].sha256 == in_force[0].sha256:
        return None
    policy, source = found
    baseline, _ = read_baseline(request, effects, policy, team)
    here = compare_here(policy, source, judged_by(policy, baseline), judged_by(*in_force))
    if effects.ledger is None:
        return here
    repository, day = request.context.repository, request.today
    try:
        newest = effects.ledger.newest(repository=repository, kinds=["check"])
        own = (record for record in islice(newest, MAX_LOOKED_AT) if record.team == team)
        changes, blocked, now = compare_past((policy, baseline), in_force, own, day)
    except HistoryError:
        return here
    return replace(here, changes=changes, blocked=blocked, blocked_now=now)


def _practice(effects: Effects, policy: Policy, decision: Decision, team: str) -> Practice | None:
    """What a peer does better where improving is worth it; None where there is no such peer."""
    values = {found.metric: found.value for found in decision.objectives if found.value is not None}
    wanted = [
        Wanted(metric, values[metric], CATALOGUE[metric].direction is Direction.HIGHER)
        for metric in worth(decision.objectives)
        if metric in values and CATALOGUE[metric].direction is not Direction.NONE
    ]
    group = policy.peer_group
    if effects.ledger is None or group is None or not wanted:
        return None
    try:
        newest = effects.ledger.newest(kinds=["check"])
        return practice(newest, team=team, peer_group=group, wanted=wanted)
    except HistoryError:
        # that the history cannot be read is said where the baseline is
        return None


def _used(policy: Policy, team: str, source: str, proposed: Proposed | None) -> PolicyUsed:
    return PolicyUsed(
        team=team,
        source=source,
        sha256=policy.sha256,
        phase=policy.phase,
        peer_group=policy.peer_group,
        methodology=policy.methodology,
        proposed=proposed,
        document=policy_data(policy),
    )
