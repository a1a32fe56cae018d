"""`vsm-gate risk`: learn from the history which changes fail, and say how well that works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from vsm_gate import __version__
from vsm_gate.cli.ledgers import history_place
from vsm_gate.cli.options import environment, history_options, now_option, progress, repository
from vsm_gate.cli.warehouse import Source, open_warehouse, warehouse_options
from vsm_gate.collect.forge import find_context
from vsm_gate.errors import UsageError
from vsm_gate.history.risk_models import RiskModels

if TYPE_CHECKING:
    from vsm_gate.analytics.learning import Fit
    from vsm_gate.change.model import Evaluation, RiskEvaluation, RiskModel
    from vsm_gate.collect.examples import Lessons, Outcome

_SHAPE: Final = click.Choice(["text", "json"])


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of a command of `risk`, as it was given."""

    history_branch: str | None
    history_remote: str | None
    cache: Path | None
    engine: str | None
    now: datetime

    def source(self) -> Source:
        """The history that is learnt from: every team's deployments."""
        return Source(
            self.history_branch, self.history_remote, self.cache, self.engine, (), self.now
        )

    def models(self, name: str) -> RiskModels:
        """Where the model of this repository is kept: beside the history."""
        git = repository()
        place = history_place(git, self.history_branch, self.history_remote)
        return RiskModels.open(
            git.folder, of=name, remote=place.remote, environment=git.environment
        )


@click.group("risk")
def command() -> None:
    """Learn from failed deployments which changes fail, and evaluate what was learnt."""


def _with_request(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a history, as one argument `request`."""

    @click.option("--format", "shape", type=_SHAPE, default="text", show_default=True)
    @history_options
    @warehouse_options
    @now_option
    @wraps(function)
    def command_with_request(shape: str, **given: Any) -> None:
        function(request=Request(**given), shape=shape)

    return command_with_request


@command.command("train")
@_with_request
def train(request: Request, shape: str) -> None:
    r"""Fit a model to the deployments of this repository and keep it beside the history.

    A model that is not better than churn alone and than the rank without a model is kept, with its
    figures, and `check` does not use it. Nothing is kept where too few deployments failed.

    \b
    Examples:
      vsm-gate risk train
      vsm-gate risk train --history-remote origin --format json
    """
    name, found, evaluation = _learn(request)
    models = request.models(name)
    if evaluation.evaluation is not None:
        progress("Fitting")
        from vsm_gate.analytics.learning import fit

        model = _model(evaluation, evaluation.evaluation, fit(found.examples), request.now)
        models.replace(model.text().encode(), request.now)
        evaluation = evaluation.model_copy(update={"stored": model.name})
        progress("")
    _show(evaluation, shape)


@command.command("evaluate")
@_with_request
def evaluate(request: Request, shape: str) -> None:
    r"""Fit a model to the older deployments, try it on the newer ones, and keep nothing.

    \b
    Examples:
      vsm-gate risk evaluate
      vsm-gate risk evaluate --format json | jq .evaluation.model.auc
    """
    name, _, evaluation = _learn(request)
    stored = request.models(name).model()
    kept = None if stored is None else stored.name
    _show(evaluation.model_copy(update={"stored": kept}), shape)


def _learn(request: Request) -> tuple[str, Lessons, RiskEvaluation]:
    """The repository's name, what its deployments carried, and what that teaches."""
    from vsm_gate.analytics.learning import NEEDED, evaluate, require_library

    require_library()
    _require_warehouse()
    from vsm_gate.change.model import RiskEvaluation
    from vsm_gate.collect.examples import lessons

    git = repository()
    name = find_context(git, environment()).repository
    with open_warehouse(request.source()) as warehouse:
        outcomes = list(_outcomes(warehouse.query("views", "deployment_outcomes"), name))
    progress("Reading the changes")
    found = lessons(git, outcomes)
    progress("")
    tried: Evaluation | str = (
        evaluate(found.examples)
        if found.failures >= NEEDED
        else f"{found.failures} failed deployments are recorded, and {NEEDED} are needed"
    )
    evaluation = RiskEvaluation(
        repository=name,
        changes=len(found.examples),
        deployments=found.deployments,
        failures=found.failures,
        elsewhere=found.elsewhere,
        evaluation=None if isinstance(tried, str) else tried,
        missing=tried if isinstance(tried, str) else "",
        shortcoming="" if isinstance(tried, str) else tried.shortcoming,
        stored=None,
    )
    return name, found, evaluation


def _require_warehouse() -> None:
    try:
        import duckdb  # noqa: F401
    except ModuleNotFoundError:
        raise UsageError(
            "the deployments are read with DuckDB, which is not installed",
            hint='install the risk extra: pip install "vsm-gate[risk]"',
        ) from None


def _outcomes(rows: list[dict[str, Any]], name: str) -> Iterator[Outcome]:
    from vsm_gate.collect.examples import Outcome

    for row in rows:
        if row["repository"] == name:
            finished = int(row["finished"].replace(tzinfo=UTC).timestamp())
            yield Outcome(row["commit_id"], finished, row["failed"])


def _model(found: RiskEvaluation, tried: Evaluation, fitted: Fit, now: datetime) -> RiskModel:
    from vsm_gate.change.model import RiskModel

    return RiskModel(
        repository=found.repository,
        trained=now.astimezone(UTC).replace(microsecond=0),
        tool=__version__,
        changes=found.changes,
        deployments=found.deployments,
        failures=found.failures,
        intercept=fitted.intercept,
        terms=fitted.terms,
        evaluation=tried,
        shortcoming=found.shortcoming,
    )


def _show(found: RiskEvaluation, shape: str) -> None:
    if shape == "json":
        click.echo(found.model_dump_json(indent=2))
        return
    for text in _lines(found):
        click.echo(text)


def _lines(found: RiskEvaluation) -> Iterator[str]:
    yield (
        f"{found.failures} of {found.deployments} deployments failed; they carried "
        f"{found.changes} changes"
    )
    if found.elsewhere:
        yield f"{found.elsewhere} deployments are left out: their commits are not on this line"
    tried = found.evaluation
    if tried is None:
        yield f"no model: {found.missing}"
        return
    yield (
        f"fitted on the {tried.trained_changes} changes until {tried.trained_until:%Y-%m-%d}, "
        f"tried on the {tried.tested_changes} after ({tried.tested_failed} of them failed)"
    )
    yield ""
    yield f"{'':<24}{'AUC':>7}{'first 10 %':>12}{'first 20 %':>12}"
    orders = {"model": tried.model, "rank without a model": tried.rank, "churn alone": tried.churn}
    for name, each in orders.items():
        shares = "".join(f"{100 * x:>10.1f} %" for x in (each.capture_10, each.capture_20))
        yield f"{name:<24}{each.auc:>7.3f}{shares}"
    yield f"{'random':<24}{0.5:>7.3f}{10:>10.1f} %{20:>10.1f} %"
    yield f"standard error of the model's AUC: {tried.model_error:.3f}"
    yield ""
    yield "calibration: predicted and observed share of failed changes"
    for part in tried.calibration:
        yield f"  {100 * part.predicted:>5.1f} %  {100 * part.observed:>5.1f} %  of {part.changes}"
    yield ""
    if found.shortcoming:
        yield f"such a model is not used by `check`: {found.shortcoming}"
    else:
        yield "such a model is used by `check`: it did better than churn and than the rank"
    if found.stored:
        yield f"kept: {found.stored}"
