"""`vsm-gate scorecard suggest`: thresholds from what a team does already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from vsm_gate.cli.ledgers import ledger_to_read
from vsm_gate.cli.options import history_options, now_option
from vsm_gate.cli.scorecard_backtest import Ago, began
from vsm_gate.cli.scorecard_files import configured, format_option, load_policy, print_json
from vsm_gate.documents import nearest
from vsm_gate.errors import UsageError
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.publish.escape import visible
from vsm_gate.scorecards.policy import Policy
from vsm_gate.scorecards.suggest import Suggestion, lines, values_of
from vsm_gate.scorecards.suggest import suggest as suggested


@click.command("suggest")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="ID",
    help="Repeatable.  [default: those of the scorecard in force]",
)
@click.option(
    "--team", metavar="TEAM", help="Only this team's changes.  [default: the scorecard's]"
)
@click.option(
    "--since", type=Ago(), default="90d", metavar="TIME", help="Begin: a time, or 90d, 12w.  [90d]"
)
@click.option(
    "--step",
    type=click.IntRange(1, 366),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Between two steps.",
)
@history_options
@now_option
@format_option
def suggest(*, since: datetime | timedelta, now: datetime, shape: str, **given: Any) -> None:
    r"""Suggest thresholds from the team's own distribution that tighten step by step, with dates.

    The first step is what nine changes in ten reach already, then three in four, then one in two.
    What is printed can be pasted under `objectives`; try it with `scorecard backtest` first.

    \b
    Examples:
      vsm-gate scorecard suggest
      vsm-gate scorecard suggest --metric coverage.patch --metric change.files --step 14
    """
    policy = load_policy(configured())
    metrics = _metrics(given["metrics"], policy)
    team = given["team"] or policy.team
    ledger = ledger_to_read(given["history_branch"], given["history_remote"], now)
    records = ledger.records(
        since=began(since, now), until=now + timedelta(seconds=1), kinds=["check"]
    )
    values = values_of(
        ((each.id, each.document) for each in records if team is None or each.team == team), metrics
    )
    every = timedelta(days=given["step"])
    found = [suggested(metric, values[metric], now.date(), every) for metric in metrics]
    if shape == "json":
        entries = {each.metric: _entry(each) for each in found}
        print_json({"schema": "vsm-gate/suggest/v1", "team": team, "metrics": entries})
        return
    named = {each.metric: each.id for each in policy.objectives[::-1]}
    click.echo("objectives:")
    for each in found:
        for line in lines(each, named.get(each.metric, each.metric.replace(".", "-"))):
            click.echo(visible(line))


def _metrics(given: tuple[str, ...], policy: Policy) -> list[str]:
    for metric in given:
        if metric not in CATALOGUE:
            hint = nearest(metric, CATALOGUE) or "`vsm-gate metrics` lists them"
            raise UsageError(f"there is no metric `{metric}`", hint=hint)
    return list(dict.fromkeys(given or (each.metric for each in policy.objectives)))


def _entry(found: Suggestion) -> dict[str, Any]:
    return {
        "n": found.n,
        "median": None if found.median is None else float(found.median),
        "warn": found.warn,
        "steps": [
            {"from": step.day.isoformat(), "pass": step.criterion, "reached": step.reached}
            for step in found.steps
        ],
        "missing": found.reason or None,
    }
