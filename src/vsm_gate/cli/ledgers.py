"""Where the history is: what the command line says, else the configuration, else what is usual."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vsm_gate.cli.options import environment
from vsm_gate.cli.workflow import in_workflow
from vsm_gate.git import Git
from vsm_gate.history.ledger import BRANCH, USUAL, Ledger, Options
from vsm_gate.starter import CONFIG

if TYPE_CHECKING:
    from vsm_gate.collect.config import Config, History

_CREDENTIALS: Final = re.compile(r"://[^/@]*@")


@dataclass(frozen=True, slots=True)
class HistoryPlace:
    """The branch of records, and the remote that it is in; None is the repository itself."""

    branch: str
    remote: str | None
    options: Options = USUAL

    @property
    def name(self) -> str:
        """For messages: without the credentials that a URL may carry."""
        if self.remote is None:
            return self.branch
        return f"{self.branch} of {_CREDENTIALS.sub('://', self.remote)}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """What names it on another command's line, without credentials."""
        branch = () if self.branch == BRANCH else ("--history-branch", self.branch)
        if self.remote is None:
            return branch
        return (*branch, "--history-remote", _CREDENTIALS.sub("://", self.remote))

    def open(self, git: Git, now: datetime) -> Ledger:
        """The ledger that is there. Raises `UsageError` for an impossible name."""
        return Ledger.open(
            git.folder,
            branch=self.branch,
            remote=self.remote,
            environment=git.environment,
            now=now,
            options=self.options,
        )


def history_place(
    git: Git, branch: str | None, remote: str | None, config: Config | None = None
) -> HistoryPlace:
    """The place that the options name, else the configuration, by default the checkout's own."""
    config = config or checkout_configuration(git)
    if config is None:
        return HistoryPlace(branch or BRANCH, remote or _usual_remote(git))
    said = config.history
    remote = remote or said.repository or _usual_remote(git)
    return HistoryPlace(branch or said.branch, remote, _options(said, root_of(git)))


def _options(said: History, root: Path) -> Options:
    """What the configuration says; its files are seen from the root of the checkout."""
    key = said.sign
    return Options(
        sign=str(root / Path(key).expanduser()) if isinstance(key, str) else key,
        signers=root / said.allowed_signers if said.allowed_signers else None,
        signed_from=said.signed_from,
        shards=said.shards,
    )


def open_ledger(branch: str | None, remote: str | None, now: datetime) -> Ledger:
    """The ledger that the options name, else the one of this checkout."""
    git = Git(Path.cwd(), environment())
    return history_place(git, branch, remote).open(git, now)


def ledger_to_read(branch: str | None, remote: str | None, now: datetime) -> Ledger:
    """The same ledger; where its branch does not exist that is said, as figures would be empty."""
    git = Git(Path.cwd(), environment())
    place = history_place(git, branch, remote)
    ledger = place.open(git, now)
    say_if_absent(place, ledger)
    return ledger


def say_if_absent(place: HistoryPlace, ledger: Ledger) -> None:
    """A line on standard error where there is no branch to read."""
    if ledger.head() is None:
        click.echo(f"vsm-gate: there is no branch `{place.branch}` yet: no records", err=True)


def root_of(git: Git) -> Path:
    """The root of the checkout, or the folder itself where there is none."""
    return Path(git.text("rev-parse", "--show-toplevel", check=False) or git.folder)


def checkout_configuration(git: Git) -> Config | None:
    """The configuration at the root of this checkout, or None where there is none.

    Raises `ConfigurationError` with every mistake in it, `UsageError` where it cannot be read.
    """
    root = root_of(git)
    if not (root / CONFIG).exists():
        return None
    from vsm_gate.collect import config as configuration
    from vsm_gate.collect.policy import in_checkout

    text = in_checkout(root, CONFIG)
    return None if text is None else configuration.parse(CONFIG, text)


def _usual_remote(git: Git) -> str | None:
    """In a workflow it is `origin`, since the checkout is thrown away with the job."""
    if not in_workflow(git.environment):
        return None
    return "origin" if git.text("config", "remote.origin.url", check=False) else None
