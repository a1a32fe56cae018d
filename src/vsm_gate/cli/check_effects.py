"""What acts on the world for a check: the history, the forge, and what is read when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vsm_gate.api.client import Client
from vsm_gate.change.model import RiskModel
from vsm_gate.cli.check_inputs import Inputs
from vsm_gate.cli.ledgers import HistoryPlace, history_place
from vsm_gate.cli.options import emit, progress
from vsm_gate.cli.slo import Budgets
from vsm_gate.cli.workflow import in_workflow, token_of
from vsm_gate.collect.facts import read_facts
from vsm_gate.collect.memberships import read_membership
from vsm_gate.effects import Effects
from vsm_gate.git import Git
from vsm_gate.history.risk_models import RiskModels
from vsm_gate.history.snapshots import Snapshots
from vsm_gate.model.change import Context, Membership
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.publish.apply import Forge


def effects_of(inputs: Inputs, strange: Sequence[str]) -> Effects:
    """The effects; `strange` is what else a reader should know. Raises `VsmGateError`."""
    flags, git, context, files = inputs.flags, inputs.git, inputs.context, inputs.files
    client = _client(inputs)
    place = history_place(git, flags.history_branch, flags.history_remote, inputs.config)
    kept = not flags.no_history
    return Effects(
        git=git,
        policy=inputs.policy,
        codeowners=files.codeowners,
        notes=lambda: (*files.notes, *strange, *_short_lived(place, inputs)),
        ledger=place.open(git, flags.now) if kept else None,
        ledger_name=place.name,
        ledger_arguments=place.arguments,
        snapshots=_snapshots(place, git, context) if kept else None,
        emit=emit if flags.shape == "text" else lambda _: None,
        progress=progress,
        forge=_forge(inputs, client) if client else None,
        facts=lambda: read_facts(client, context, flags.now) if client else ForgeFacts(),
        membership=lambda team, login: (
            read_membership(client, team, login) if client else Membership()
        ),
        proposed=inputs.proposed_policy,
        risk_model=lambda: _risk_model(place, git, context) if kept else None,
        seconds=flags.clock,
        budgets=Budgets(
            inputs.config.slo_sources(),
            git.folder,
            inputs.surroundings,
            edited=inputs.change.paths,
            now=flags.now,
        ),
    )


def _short_lived(place: HistoryPlace, inputs: Inputs) -> Iterator[str]:
    """Records in a build server's clone end with the job: better said now than found out."""
    on_server = inputs.surroundings.get("CI") == "true"
    if on_server and place.remote is None and not inputs.flags.no_history:
        yield (
            "records are kept in this clone, which ends with the job: name a remote, such as "
            "`history: {repository: origin}` in .vsm-gate.yaml"
        )


def _client(inputs: Inputs) -> Client | None:
    """The forge's API: in a workflow, with a token."""
    token = token_of(inputs.surroundings)
    return Client(inputs.context, token) if token and in_workflow(inputs.surroundings) else None


def _forge(inputs: Inputs, client: Client) -> Forge:
    from vsm_gate.publish.github import GitHub

    named = inputs.flags.publish or frozenset()
    return GitHub(client, fork=inputs.context.from_fork, named=named)


def _snapshots(place: HistoryPlace, git: Git, context: Context) -> Snapshots | None:
    """The snapshots of the default branch, which are kept where the history is."""
    if not context.default_name:
        return None
    return Snapshots.open(
        git.folder, of=context.default_name, remote=place.remote, environment=git.environment
    )


def _risk_model(place: HistoryPlace, git: Git, context: Context) -> RiskModel | None:
    """The model that was trained for this repository, which is kept where the history is."""
    models = RiskModels.open(
        git.folder, of=context.repository, remote=place.remote, environment=git.environment
    )
    return models.model()
