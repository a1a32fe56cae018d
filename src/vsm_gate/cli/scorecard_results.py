"""`vsm-gate scorecard explain | campaigns`: what policies come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from pydantic import ValidationError

from vsm_gate.cli.ledgers import ledger_to_read
from vsm_gate.cli.options import Time, history_options, now_option
from vsm_gate.cli.scorecard_files import configured, format_option, load_policy, print_json
from vsm_gate.documents import nearest
from vsm_gate.errors import InputError, UsageError
from vsm_gate.publish.escape import visible
from vsm_gate.scorecards import explain as explained
from vsm_gate.scorecards.campaigns import Observation, Progress, TeamProgress, progress

_RECENT: Final = timedelta(days=90)
_SIGNS: Final = {True: "✓", False: "✗", None: "–"}


@click.command("explain")
@click.argument("result", metavar="RESULT")
@click.argument("objectives", nargs=-1, metavar="[OBJECTIVE]…")
@format_option
def explain(result: str, objectives: tuple[str, ...], shape: str) -> None:
    r"""Explain why objectives scored as they did: value, baseline, criteria, arithmetic, rule.

    RESULT is what `check --json RESULT` wrote.

    \b
    Examples:
      vsm-gate check --json result.json; vsm-gate scorecard explain result.json
      vsm-gate scorecard explain result.json patch-coverage
    """
    found = _result(result)
    unknown = [name for name in objectives if name not in found.objectives]
    if unknown:
        hint = nearest(unknown[0], found.objectives) or f"it has {', '.join(found.objectives)}"
        raise UsageError(f"{result} has no objective `{unknown[0]}`", hint=hint)
    names = objectives or tuple(found.objectives)
    if shape == "json":
        entries = {name: explained.entry(found, name) for name in names}
        print_json({"schema": "vsm-gate/scorecard-explain/v1", "objectives": entries})
        return
    for name in names:
        for line in explained.text(found, name):
            click.echo(visible(line))
        click.echo()
    for line in (*explained.total(found), *explained.level(found)):
        click.echo(visible(line))


def _result(name: str) -> explained.Result:
    """A result as a file. Raises `InputError`."""
    hint = "name the file that `vsm-gate check --json FILE` wrote"
    try:
        return explained.Result.model_validate_json(Path(name).read_bytes())
    except OSError as problem:
        raise InputError(f"{name}: {problem.strerror}", hint=hint) from None
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        where = "".join(f"{step}: " for step in first["loc"])
        message = f"{name} is no result of a check: {where}{first['msg']}"
        raise InputError(message, hint=hint) from None


@click.command("campaigns")
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--since", type=Time(), metavar="TIME", help="[default: 90 days before now]")
@history_options
@now_option
@format_option
def campaigns(
    *,
    file: str | None,
    since: datetime | None,
    history_branch: str | None,
    history_remote: str | None,
    now: datetime,
    shape: str,
) -> None:
    r"""Show how far each team is with what all are to reach by a day.

    The campaigns are those of the scorecard, the teams and components those of the history; each
    counts by its newest check on the default branch that says something.

    \b
    Examples:
      vsm-gate scorecard campaigns organisation.yaml --history-remote origin
    """
    policy = load_policy(file or configured())
    ledger = ledger_to_read(history_branch, history_remote, now)
    records = ledger.newest(since=since or now - _RECENT, until=now, kinds=["check"])
    seen = [found for record in records if (found := Observation.of(record.id, record.document))]
    every = [progress(campaign, seen, now.date()) for campaign in policy.campaigns]
    if shape == "json":
        entries = {each.campaign.id: _campaign(each) for each in every}
        print_json({"schema": "vsm-gate/scorecard-campaigns/v1", "campaigns": entries})
        return
    if not every:
        click.echo("the scorecard has no campaigns")
    for each in every:
        for line in _campaign_text(each):
            click.echo(visible(line))


def _campaign(found: Progress) -> dict[str, Any]:
    campaign = found.campaign
    return {
        "title": campaign.title,
        "objective": campaign.objective,
        "level": campaign.level,
        "peer_groups": list(campaign.peer_groups),
        "tiers": list(campaign.tiers),
        "components": list(campaign.components),
        "by": campaign.by.isoformat(),
        "days_left": found.days_left,
        "reached": found.reached,
        "unseen": list(found.unseen),
        "untold": found.untold,
        "teams": {team.team: _team(team) for team in found.teams},
    }


def _team(team: TeamProgress) -> dict[str, Any]:
    return {
        **asdict(team.standing),
        "components": {name: asdict(found) for name, found in team.components.items()},
    }


def _campaign_text(found: Progress) -> Iterator[str]:
    campaign, days = found.campaign, found.days_left
    left = f"{days} days left" if days >= 0 else f"{-days} days past"
    what = campaign.title or f"{campaign.objective or campaign.level}"
    count = f"{found.reached} of {len(found.teams)} teams"
    yield f"{campaign.id}: {what}: {count}, by {campaign.by} ({left})"
    for team in found.teams:
        yield f"  {_SIGNS[team.standing.reached]} {team.team}: {team.standing.detail}"
        for name, part in team.components.items():
            yield f"      {_SIGNS[part.reached]} {name}: {part.detail}"
    if found.unseen:
        yield f"  – no check in this time touched {', '.join(found.unseen)}"
    if found.untold:
        checks = "1 check does" if found.untold == 1 else f"{found.untold} checks do"
        yield f"  – {checks} not tell of which tier their components are"
