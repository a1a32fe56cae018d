"""`vsm-gate scorecard backtest`: what a policy would have done to the recorded past."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from vsm_gate.cli.ledgers import ledger_to_read
from vsm_gate.cli.options import Time, environment, history_options, now_option, progress
from vsm_gate.cli.scorecard_files import configured, format_option, load_policy, print_json
from vsm_gate.collect import config as configuration
from vsm_gate.collect.change import at_root
from vsm_gate.collect.deployed import Deployment, find_deployed
from vsm_gate.collect.policy import PolicyFiles
from vsm_gate.errors import GitError, UsageError
from vsm_gate.git import Git
from vsm_gate.history.baseline import MAX_LOOKED_AT, pinned
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import Record
from vsm_gate.model.change import Change
from vsm_gate.publish.escape import visible
from vsm_gate.scorecards import backtest_words
from vsm_gate.scorecards.backtest import Entry
from vsm_gate.scorecards.backtest import backtest as replayed
from vsm_gate.scorecards.outcomes import Commit, Production
from vsm_gate.scorecards.policy import Policy
from vsm_gate.scorecards.replay import Replay

_SPAN: Final = re.compile(r"([1-9][0-9]{0,4})([hdw])")
_HOURS: Final = {"h": 1, "d": 24, "w": 168}


class Ago(click.ParamType[datetime | timedelta]):
    """A time, or how long before now: `90d`."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | timedelta:
        """Parse it."""
        if isinstance(value, timedelta):
            return value
        span = _SPAN.fullmatch(str(value))
        if span is not None:
            return timedelta(hours=int(span[1]) * _HOURS[span[2]])
        try:
            return Time().convert(value, param, ctx)
        except click.BadParameter as problem:
            self.fail(f"{problem.message}, nor a span, such as 90d or 12w", param, ctx)


def began(since: datetime | timedelta, now: datetime) -> datetime:
    """When a period that ends now begins. Raises `UsageError` where that is not before now."""
    if isinstance(since, timedelta):
        return now - since
    if since >= now:
        raise UsageError("--since is not before now")
    return since


@dataclass(frozen=True, slots=True)
class Period:
    """Which records are replayed: in [since, until), of a team or of all."""

    since: datetime
    until: datetime
    team: str | None

    def checks(self, ledger: Ledger) -> Iterator[Entry]:
        """The checks of the period, in the order of the history."""
        found = ledger.records(since=self.since, until=self.until, kinds=["check"])
        return _entries(self._of_team(found))

    def earlier(self, ledger: Ledger) -> list[Entry]:
        """As many checks before it as a baseline may look back at, in the same order."""
        found = self._of_team(ledger.newest(until=self.since, kinds=["check"]))
        return list(_entries(islice(found, MAX_LOOKED_AT)))[::-1]

    def _of_team(self, found: Iterable[Record]) -> Iterator[Record]:
        return (record for record in found if self.team is None or record.team == self.team)


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line."""

    file: str
    against: str | None
    since: datetime | timedelta
    team: str | None
    as_of: datetime | None
    history_branch: str | None
    history_remote: str | None
    now: datetime
    shape: str

    def period(self, candidate: Policy) -> Period:
        """What is recorded in this second belongs to the past as well."""
        return Period(
            began(self.since, self.now),
            self.now + timedelta(seconds=1),
            self.team or candidate.team,
        )


@click.command("backtest")
@click.argument("file", metavar="FILE")
@click.option(
    "--against", metavar="FILE", help="Today's policy.  [default: the one configured, as committed]"
)
@click.option(
    "--since", type=Ago(), default="90d", metavar="TIME", help="Begin: a time, or 90d, 12w.  [90d]"
)
@click.option(
    "--team", metavar="TEAM", help="Only this team's.  [default: the scorecard's, or all]"
)
@click.option(
    "--as-of", type=Time(), metavar="TIME", help="The day of phases and dates.  [default: now]"
)
@history_options
@now_option
@format_option
def backtest(**given: Any) -> None:
    r"""Replay a candidate policy over the recorded past: what it would have blocked, whose changes,
    by which objective, and what of it failed in production later.

    It is compared with today's policy and with what the gate said at the time.

    \b
    Examples:
      vsm-gate scorecard backtest scorecards/payments.yaml --since 90d
      vsm-gate scorecard backtest next.yaml --as-of 2027-02-01T00:00:00Z --format json
    """
    asked = Asked(**given)
    candidate, (current, place) = load_policy(asked.file), _current(asked.against, asked.now)
    period = asked.period(candidate)
    ledger = ledger_to_read(asked.history_branch, asked.history_remote, asked.now)
    day = (asked.as_of or asked.now).date()
    progress("reading the history")
    found = replayed(
        period.checks(ledger),
        candidate=_replay(candidate, day, ledger),
        current=_replay(current, day, ledger),
        earlier=period.earlier(ledger),
        outcomes=_outcomes(ledger),
    )
    progress("")
    if asked.shape == "json":
        head = {
            "schema": "vsm-gate/backtest/v1",
            "candidate": {"source": asked.file, "sha256": candidate.sha256},
            "current": {"source": place, "sha256": current.sha256},
            "since": period.since.isoformat(),
            "until": asked.now.isoformat(),
            "as_of": day.isoformat(),
            "team": period.team,
        }
        print_json(head | backtest_words.document(found))
        return
    whose = f" of {period.team}" if period.team else ""
    click.echo(visible(f"{asked.file} against {place}, as of {day}"))
    click.echo(visible(f"{period.since:%Y-%m-%d} to {asked.now:%Y-%m-%d}{whose}: "), nl=False)
    for line in backtest_words.text(found):
        click.echo(visible(line))


def _current(against: str | None, now: datetime) -> tuple[Policy, str]:
    """Today's policy and where it is from: what is committed, not the edit that is under test."""
    if against is not None:
        return load_policy(against), against
    try:
        git = at_root(Git(Path.cwd(), environment()))
        head = git.text("rev-parse", "HEAD")
    except GitError:
        name = configured()
        return load_policy(name), name
    files = PolicyFiles(git, Change(head, head, head, "", ()), now, proposal=True)
    config = files.read(configuration.FILE)
    named = configuration.parse(configuration.FILE, config.text).scorecard if config else None
    return files.scorecard(named)


def _replay(policy: Policy, day: date, ledger: Ledger) -> Replay:
    digest = policy.baseline.pinned
    if digest is None:
        return Replay(policy, day)
    return Replay(policy, day, pinned(ledger.newest(kinds=["check"]), digest))


def _outcomes(ledger: Ledger) -> dict[Commit, bool]:
    """What became of commits in production, with the help of this clone where it has them."""
    events = ledger.records(kinds=["deployment", "incident"])
    production = Production(_entries(events))
    deployments = [
        Deployment(each.repository, each.commit)
        for each in production.deployments
        if each.successful
    ]
    git = Git(Path.cwd(), environment())
    carried = (
        find_deployed(git, deployments, {})
        if deployments and git.ok("rev-parse", "--git-dir")
        else ()
    )
    return production.outcomes((each.repository, each.commit, each.change) for each in carried)


def _entries(records: Iterable[Record]) -> Iterator[Entry]:
    return ((record.id, record.document) for record in records)
