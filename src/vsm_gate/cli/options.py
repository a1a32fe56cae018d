"""Options that several commands share, and what they turn into."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from vsm_gate.cli.workflow import in_workflow
from vsm_gate.git import Git

Command = TypeVar("Command", bound=Callable[..., Any])


class Time(click.ParamType[datetime]):
    """A time in ISO 8601 with a zone."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse it; a time without a zone or of no likely year means nothing in a history."""
        if isinstance(value, datetime):
            return value
        from vsm_gate.history.events import YEARS

        try:
            time = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 time, such as 2026-11-22T09:30:00Z", param, ctx)
        if time.tzinfo is None:
            self.fail(f"{value!r} has no zone; write {value}Z for UTC", param, ctx)
        if time.year not in YEARS:
            self.fail(f"{value!r} is not between {YEARS[0]} and {YEARS[-1]}", param, ctx)
        return time


FILE = click.Path(path_type=Path, dir_okay=False)


class Glob(click.ParamType[str]):
    """A glob pattern. From the environment several are read, a line each."""

    name = "glob"
    envvar_list_splitter = "\n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The pattern itself; an empty one is a mistake."""
        text = str(value).strip()
        if not text:
            self.fail("a pattern must not be empty", param, ctx)
        return text


def now_option(command: Command) -> Command:
    """`--now`: the time that counts as now, for repeatable runs."""
    return click.option(
        "--now",
        type=Time(),
        default=lambda: datetime.now(UTC),
        help="The time that counts as now.  [default: the clock]",
        metavar="TIME",
    )(command)


def history_options(command: Command) -> Command:
    """`--history-branch` and `--history-remote`."""
    command = click.option(
        "--history-remote",
        metavar="REMOTE",
        help="A remote's name, a URL, a path.  [default: what the configuration says, else this "
        "repository; in a workflow origin]",
    )(command)
    return click.option(
        "--history-branch",
        metavar="BRANCH",
        help="The branch of records.  [default: what the configuration says, else vsm-history]",
    )(command)


def environment() -> dict[str, str]:
    """The process's environment, read here and nowhere deeper."""
    return dict(os.environ)


def repository() -> Git:
    """Git at the root of the checkout. Raises `GitError` where there is none."""
    from vsm_gate.collect.change import at_root

    return at_root(Git(Path.cwd(), environment()))


def emit(text: str) -> None:
    """Print a text as it is: it brings its own line ends."""
    click.echo(text, nl=False)


def progress(text: str) -> None:
    """Tell a waiting person what is being done, on a line of its own that the next one replaces.

    Only where someone is watching; an empty text clears the line. Never in a workflow, whose
    runner takes commands from the log where they begin a line: nothing may stand before them.
    """
    if sys.stderr.isatty() and not in_workflow(os.environ):
        click.echo(f"\r\033[K{text} …" if text else "\r\033[K", nl=False, err=True)
