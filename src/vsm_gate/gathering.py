"""What a verdict is reached from: reports, the change and its reach, the history, the forge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from vsm_gate.base_snapshot import Comparison, compare
from vsm_gate.change.model import RiskModel
from vsm_gate.change.patch import PatchCoverage, patch_coverage
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.past import look_back
from vsm_gate.collect.reports import collect, go_modules
from vsm_gate.effects import Effects, Request
from vsm_gate.errors import HistoryError, VsmGateError
from vsm_gate.history.approvals import approvers
from vsm_gate.history.baseline import baseline as baseline_of
from vsm_gate.history.baseline import pinned
from vsm_gate.measure import FROM_FORGE, OF_APPROVALS, measure, measure_forge
from vsm_gate.model.change import Change, Context
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.impact import Impact
from vsm_gate.model.results import Baseline, Measurement
from vsm_gate.normalize import Normalized, normalize
from vsm_gate.reaching import Known, find_impact
from vsm_gate.scorecards.policy import Policy


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a policy is held against.

    `history_head` is the commit of the history that was read; `facts` are what conditions and
    waivers may speak of.
    """

    team: str
    change: Change
    found: Normalized
    baseline: Baseline
    history_head: str | None
    patch: PatchCoverage | None
    impact: Impact
    compared: Comparison
    forge: ForgeFacts
    measurements: dict[str, Measurement]
    facts: dict[str, object]


def gather(request: Request, effects: Effects, policy: Policy) -> Gathered:
    """From reports, git, the history and the forge to measurements; nothing is judged."""
    effects.progress("reading reports")
    tracked = tracked_files(effects.git)
    collected = collect(request.root, request.patterns, tracked)
    found = normalize(collected, tracked, go_modules(request.root, tracked))
    effects.progress("reading the history")
    team = request.team or policy.team or request.context.repository.rpartition("/")[2]
    baseline, history_head = read_baseline(request, effects, policy, team)
    patch = patch_coverage(request.change, found.coverage) if found.coverage else None
    change, impact = _looked_back(request, effects)
    compared = compare(effects.snapshots, effects.git, change, found)
    forge = _forge_facts(request, effects, policy)
    forge = _with_recorded_approvals(forge, request, effects, policy)
    change = _dated(change, forge, request.context)
    measured = measure(change, impact, found, patch, baseline, compared)
    return Gathered(
        team=team,
        change=change,
        found=found,
        baseline=baseline,
        history_head=history_head,
        patch=patch,
        impact=impact,
        compared=compared,
        forge=forge,
        measurements={**measured, **measure_forge(forge)},
        facts=_facts(request.context, change, impact),
    )


def _looked_back(request: Request, effects: Effects) -> tuple[Change, Impact]:
    """What the change reaches and how it ranks, and the change with the past of its files."""
    change = request.change
    impact = find_impact(effects.git, change, _known(request, effects))
    model, unread = _risk_model(effects)
    past = look_back(effects.git, change, model)
    impact = replace(impact, risk=past.risk, notes=(*impact.notes, *unread, *past.notes))
    return replace(change, past=past.files), impact


def read_baseline(
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


def _risk_model(effects: Effects) -> tuple[RiskModel | None, tuple[str, ...]]:
    """The model, if there is one that is good enough; a note where it could not be read."""
    try:
        found = effects.risk_model()
    except VsmGateError as problem:
        return None, (f"{problem.message}: risk is ranked without a model",)
    return found if found is not None and found.usable else None, ()


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
