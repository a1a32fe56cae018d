"""The straight road: collect, normalize, measure, score, decide, publish, record.

Everything that acts on the world comes in with `Request` and `Effects`; the order of the stages,
and that the verdict stands before anything is written, is decided here.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from vsm_gate.base_snapshot import Comparison, compare, keep
from vsm_gate.change.model import RiskModel
from vsm_gate.change.patch import patch_coverage
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.past import look_back
from vsm_gate.collect.reports import Pattern, collect, go_modules
from vsm_gate.errors import OK, ConfigurationError, HistoryError, VsmGateError
from vsm_gate.git import Git
from vsm_gate.history.approvals import approvers
from vsm_gate.history.baseline import MAX_LOOKED_AT, pinned
from vsm_gate.history.baseline import baseline as baseline_of
from vsm_gate.history.heartbeat import heartbeat
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.peers import Wanted, practice
from vsm_gate.history.record import Record
from vsm_gate.history.snapshots import Snapshots
from vsm_gate.impact.codeowners import Codeowners
from vsm_gate.measure import FROM_FORGE, OF_APPROVALS, measure, measure_forge
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction
from vsm_gate.model.change import Change, Context, Labels, Membership
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.impact import Component, Impact
from vsm_gate.model.results import Baseline, Decision, Practice, Receipt
from vsm_gate.normalize import Normalized, normalize
from vsm_gate.proposal import compare_here, compare_past
from vsm_gate.publish import plan
from vsm_gate.publish.apply import Forge, apply
from vsm_gate.publish.document import change as change_document
from vsm_gate.publish.record_document import policy_document, record_document
from vsm_gate.publish.result import CheckResult, PolicyUsed, Proposed, RecordWritten
from vsm_gate.publish.trend import worth
from vsm_gate.reaching import Budgets, Known, find_impact
from vsm_gate.scorecards import break_glass
from vsm_gate.scorecards.decide import judge, remarks
from vsm_gate.scorecards.policy import Policy
from vsm_gate.scorecards.policy import document as policy_data


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: where to look, who asks, and where results go.

    `sensitive` overrides classes of sensitive files.
    """

    root: Path
    context: Context
    change: Change
    team: str | None
    patterns: tuple[Pattern, ...]
    components: tuple[Component, ...]
    now: datetime
    tool_version: str
    targets: plan.Targets
    sensitive: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of the decision, in UTC: a record says no other, and a replay needs the same."""
        return self.now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Effects:
    """What acts on the world. `ledger` None: no history is kept; `ledger_name` is for messages.

    `policy` reads the policy and says where it came from; `notes` are what was noticed in doing so;
    `progress` tells a waiting person what is being done; `forge` is None where there is no token.
    `facts` (what it knows of the change) and `membership` (in a team, of a person) ask the forge.
    `proposed` reads the policy as the change leaves it, None where it does not edit it.
    `risk_model` reads the model that risk is ranked by, None where there is none. `budgets`
    reads what is left of error budgets. `seconds` tells how long the run took so far, None where
    its clock stands still.
    """

    git: Git
    policy: Callable[[], tuple[Policy, str]]
    codeowners: Callable[[], Codeowners | None]
    notes: Callable[[], tuple[str, ...]]
    ledger: Ledger | None
    ledger_name: str
    snapshots: Snapshots | None
    emit: Callable[[str], None]
    progress: Callable[[str], None]
    forge: Forge | None = None
    facts: Callable[[], ForgeFacts] = ForgeFacts
    membership: Callable[[str, str], Membership] = lambda _team, _login: Membership()
    proposed: Callable[[], tuple[Policy, str] | None] = lambda: None
    risk_model: Callable[[], RiskModel | None] = lambda: None
    budgets: Budgets = lambda _: ((), ())
    seconds: Callable[[], float | None] = lambda: None


@dataclass(frozen=True, slots=True)
class _Judged:
    """A result whose verdict stands, and what a snapshot is made of."""

    result: CheckResult
    found: Normalized
    compared: Comparison


def run(request: Request, effects: Effects) -> CheckResult:
    """The whole road. Raises `VsmGateError` where no verdict can be reached at all.

    A run that ends so leaves a heartbeat in the history: a gate that came to no verdict and a gate
    that was evaded must not look the same.
    """
    try:
        judged = _judge(request, effects)
    except Exception as problem:
        _leave_heartbeat(request, effects, problem)
        raise

    def recording(result: CheckResult) -> list[Receipt]:
        receipts = _record(result, request.targets, effects)
        if effects.snapshots is not None and request.context.default_branch:
            snapshots, change = effects.snapshots, request.change
            receipts.append(keep(snapshots, change, judged.found, judged.compared, request.now))
        return receipts

    return finish(judged.result, request, effects, recording)


def _judge(request: Request, effects: Effects) -> _Judged:
    """From the files to the verdict and its record; nothing is written."""
    change = request.change
    policy, policy_source = effects.policy()
    effects.progress("reading reports")
    tracked = tracked_files(effects.git)
    collected = collect(request.root, request.patterns, tracked)
    found = normalize(collected, tracked, go_modules(request.root, tracked))
    effects.progress("reading the history")
    team = request.team or policy.team or request.context.repository.rpartition("/")[2]
    baseline, history_head = _baseline(request, effects, policy, team)
    patch = patch_coverage(change, found.coverage) if found.coverage else None
    impact = find_impact(effects.git, change, _known(request, effects))
    model, unread = _risk_model(effects)
    past = look_back(effects.git, change, model)
    impact = replace(impact, risk=past.risk, notes=(*impact.notes, *unread, *past.notes))
    change = replace(change, past=past.files)
    compared = compare(effects.snapshots, effects.git, change, found)
    forge = _forge_facts(request, effects, policy)
    forge = _with_recorded_approvals(forge, request, effects, policy)
    change = _dated(change, forge, request.context)
    measured = measure(change, impact, found, patch, baseline, compared)
    measurements = {**measured, **measure_forge(forge)}
    facts = _facts(request.context, change, impact)

    def judged_by(card: Policy, compared_with: Baseline) -> Decision:
        day, broken = request.today, found.problems
        return judge(card, measurements, compared_with, today=day, facts=facts, broken=broken)

    decision = _through_glass(judged_by(policy, baseline), request, effects, policy, forge)
    proposed = _proposed(request, effects, (policy, baseline), team, judged_by)
    notes = (*effects.notes(), *([proposed.note] if proposed else []), *remarks(decision))
    result = CheckResult(
        now=request.now,
        tool_version=request.tool_version,
        context=request.context,
        change=change,
        policy=_used(policy, team, policy_source, proposed),
        measurements=measurements,
        baseline=baseline,
        decision=decision,
        impact=impact,
        evidence=found.evidence,
        problems=found.problems,
        notes=(*notes, *found.notes, *([compared.problem] if compared.problem else [])),
        tests=found.tests,
        since=compared.tests,
        patch=patch,
        unmapped=found.unmapped,
        components=request.components,
        practice=_practice(effects, policy, decision, team),
        forge=forge,
        seconds=effects.seconds(),
    )
    document = record_document(result, history_head)
    written = RecordWritten(Record.of(document).id, document, policy_document(result))
    return _Judged(replace(result, record=written), found, compared)


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
    baseline, _ = _baseline(request, effects, policy, team)
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


def _known(request: Request, effects: Effects) -> Known:
    """What the impact of the change is told from."""
    return Known(
        repository=request.context.repository,
        now=request.now,
        components=request.components,
        codeowners=effects.codeowners(),
        sensitive=request.sensitive,
        ledger=effects.ledger,
        budgets=effects.budgets,
    )


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


def _risk_model(effects: Effects) -> tuple[RiskModel | None, tuple[str, ...]]:
    """The model, if there is one that is good enough; a note where it could not be read."""
    try:
        found = effects.risk_model()
    except VsmGateError as problem:
        return None, (f"{problem.message}: risk is ranked without a model",)
    return found if found is not None and found.usable else None, ()


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
        bundle = shlex.quote(str(targets.bundle))
        return [replace(lost, hint=f"replay it with `vsm-gate history append {bundle}`")]
    detail = f"record {result.record.id[:12]} on {effects.ledger_name}"
    if done.detail:
        detail += f", {done.detail}"
    return [Receipt("history", ok=True, detail=detail, required=must)]


def _facts(context: Context, change: Change, impact: Impact) -> dict[str, object]:
    """What conditions and waivers of a policy may speak of."""
    pull_request = context.pull_request
    return {
        "risk": impact.risk.level if impact.risk else None,
        "tier": None if impact.tier is None else str(impact.tier),
        "component": impact.touched,
        "owner": impact.owners,
        "sensitive": tuple(impact.sensitive),
        "branch": context.branch,
        "event": context.event,
        "paths": change.paths,
        "lines": sum(file.added + file.deleted for file in change.files),
        "files": len(change.files),
        "pull_request": None if pull_request is None else str(pull_request),
    }


def _forge_facts(request: Request, effects: Effects, policy: Policy) -> ForgeFacts:
    """What the forge knows, where it is asked for something anyway or the policy needs it."""
    needed = any(objective.metric in FROM_FORGE for objective in policy.objectives)
    if not (needed or policy.break_glass or request.targets.forge):
        return ForgeFacts()
    effects.progress("asking the forge")
    return effects.facts()


def _with_recorded_approvals(
    forge: ForgeFacts, request: Request, effects: Effects, policy: Policy
) -> ForgeFacts:
    """The facts, and who approved by an event in the history, where the policy asks for approvals.

    Nobody can approve a commit before it is there, so that the history is read no further back.
    """
    asked = any(objective.metric in OF_APPROVALS for objective in policy.objectives)
    if effects.ledger is None or not asked:
        return forge
    change, pull = request.change, forge.pull_request
    commits = frozenset({change.head, change.tested, *([pull.head] if pull else [])})
    author = pull.author if pull else request.context.author or request.context.actor
    made = effects.git.text("show", "-s", "--format=%cI", change.head, "--", check=False)
    try:
        since = datetime.fromisoformat(made) if made else None
        events = effects.ledger.newest(
            since=since, repository=request.context.repository, kinds=["approval"]
        )
        return replace(forge, recorded=approvers(events, commits, author))
    except HistoryError:
        return forge


def _dated(change: Change, forge: ForgeFacts, context: Context) -> Change:
    """The change with its first commit: on the default branch the one of the pull request.

    There a merge may have made one new commit of all, authored when it was merged; elsewhere the
    forge tells what a shallow clone does not.
    """
    pull = forge.pull_request
    known = change.first_commit is not None and not context.default_branch
    if pull is None or pull.first_commit is None or known:
        return change
    return replace(change, first_commit=pull.first_commit, commits=pull.commits)


def _baseline(
    request: Request, effects: Effects, policy: Policy, team: str
) -> tuple[Baseline, str | None]:
    """The baseline, and the head of the history that it was read at."""
    if effects.ledger is None:
        return Baseline(), None
    rule, repository = policy.baseline, request.context.repository
    try:
        head = effects.ledger.head()
        newest = effects.ledger.newest(repository=repository) if head else ()
        if rule.pinned is not None:
            return pinned(newest, rule.pinned), head
        found = baseline_of(
            newest,
            repository=repository,
            team=team,
            window=rule.window,
            aggregate=rule.aggregate,
        )
    except HistoryError as problem:
        return Baseline(problem=f"the history could not be read: {problem.message}"), None
    return found, head
