"""`vsm-gate scorecard cost`: what the gate cost those who wait for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from vsm_gate.cli.ledgers import ledger_to_read
from vsm_gate.cli.options import history_options, now_option, progress
from vsm_gate.cli.scorecard_backtest import Ago, began
from vsm_gate.cli.scorecard_files import format_option, print_json
from vsm_gate.publish.escape import visible
from vsm_gate.scorecards import cost as costs
from vsm_gate.scorecards.last_words import Judgement


@click.command("cost")
@click.option(
    "--since", type=Ago(), default="90d", metavar="TIME", help="Begin: a time, or 90d, 12w.  [90d]"
)
@click.option("--team", metavar="TEAM", help="Only this team's.  [default: all]")
@history_options
@now_option
@format_option
def cost(
    *,
    since: datetime | timedelta,
    team: str | None,
    history_branch: str | None,
    history_remote: str | None,
    now: datetime,
    shape: str,
) -> None:
    r"""Show what the gate cost: its own minutes, blocks that passed later with no code change,
    blocks that were waived later or let through by break-glass.

    \b
    Examples:
      vsm-gate scorecard cost --since 30d
      vsm-gate scorecard cost --team payments --format json
    """
    start = began(since, now)
    ledger = ledger_to_read(history_branch, history_remote, now)
    progress("reading the history")
    every, teams = costs.Costs(), dict[str, costs.Costs]()
    until = now + timedelta(seconds=1)
    for record in ledger.records(since=start, until=until, kinds=["check"]):
        judged = Judgement.of(record.id, record.document)
        if team is None or judged.team == team:
            every.add(judged, record.document)
            teams.setdefault(judged.team, costs.Costs()).add(judged, record.document)
    progress("")
    found = {name: teams[name].cost() for name in sorted(teams)}
    if shape == "json":
        print_json(
            {
                "schema": "vsm-gate/scorecard-cost/v1",
                "since": start.isoformat(),
                "until": now.isoformat(),
                "team": team,
                "all": costs.document(every.cost()),
                "teams": {name: costs.document(each) for name, each in found.items()},
            }
        )
        return
    click.echo(f"{start:%Y-%m-%d} to {now:%Y-%m-%d}:")
    shown = {"": every.cost()} | (found if len(found) > 1 else {})
    for name, each in shown.items():
        if name:
            click.echo(visible(f"{name}:"))
        for line in costs.lines(each):
            click.echo(f"  {line}")
