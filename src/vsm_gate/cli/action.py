"""The action: inputs, which the runner passes as environment variables, become a command line.

The command is the same as on the command line. No shell reads an input, and an input cannot become
an option that it is not.
"""

from __future__ import annotations

import base64
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import click

from vsm_gate.cli.main import group, prepare_streams, show_error
from vsm_gate.cli.workflow import new_guard
from vsm_gate.errors import UsageError, VsmGateError
from vsm_gate.git import Git

PREFIX: Final = "VSM_GATE_"

# Inputs that are options by another name or the same; those in LINES hold one value a line.
OPTIONS: Final = {
    "config": "--config",
    "team": "--team",
    "scorecard": "--scorecard",
    "tests": "--tests",
    "coverage": "--coverage",
    "base": "--base",
    "history-branch": "--history-branch",
    "history-repository": "--history-remote",
    "publish": "--publish",
}
LINES: Final = frozenset({"tests", "coverage"})

# Commands that themselves say which part of what they print is for the runner to obey.
ANNOTATING: Final = frozenset({"check", "publish"})

# Results, which the outputs name, and the options that ask for them.
RESULTS: Final = {"result.json": "--json", "bundle.json": "--bundle"}


def main() -> None:
    """Run the command that the inputs ask for. Ends the process with its exit code."""
    prepare_streams()
    try:
        folder = read(os.environ, "working-directory")
        if folder:
            _enter(Path(folder))
        os.environ.update(credentials(os.environ, Git(Path.cwd(), os.environ)))
        arguments = command_line(os.environ)
    except VsmGateError as problem:
        show_error(problem)
        sys.exit(problem.exit_code)
    with nullcontext() if arguments[0] in ANNOTATING else _disobeyed():
        group(arguments, prog_name="vsm-gate")


@contextmanager
def _disobeyed() -> Iterator[None]:
    """Print nothing that the runner takes for a command: what is shown may come from anyone."""
    guard = new_guard()
    click.echo(f"::stop-commands::{guard}")
    try:
        yield
    finally:
        click.echo(f"::{guard}::")


def variable(name: str) -> str:
    """The environment variable that carries an input."""
    return PREFIX + name.upper().replace("-", "_")


def read(environment: Mapping[str, str], name: str) -> str:
    """The value of an input, empty where it was not given."""
    return environment.get(variable(name), "").strip()


def command_line(environment: Mapping[str, str]) -> list[str]:
    """The arguments that say what the inputs say. Raises `UsageError`.

    Results go to a new folder below RUNNER_TEMP, since a job may use the action more than once.
    """
    words = _split(environment, "command") or ["check"]
    offered = _options_of(words)
    arguments = [*words, *_given(environment, " ".join(words), offered)]
    asked = {name: option for name, option in RESULTS.items() if option in offered}
    if asked:
        folder = Path(tempfile.mkdtemp(prefix="vsm-gate-", dir=environment.get("RUNNER_TEMP")))
        arguments += [f"{option}={folder / name}" for name, option in asked.items()]
    return [*arguments, *_split(environment, "args")]


def _given(environment: Mapping[str, str], command: str, offered: frozenset[str]) -> Iterator[str]:
    """The options that were given. The value stands behind `=`: it is never an option itself."""
    for name, option in OPTIONS.items():
        value = read(environment, name)
        if value and option not in offered:
            raise UsageError(
                f"the input `{name}` means nothing to `vsm-gate {command}`",
                hint=f"leave it out, or say it in `args` as `vsm-gate {command} --help` shows",
            )
        for part in value.splitlines() if name in LINES else (value,):
            if part.strip():
                yield f"{option}={part.strip()}"


def _split(environment: Mapping[str, str], name: str) -> list[str]:
    value = read(environment, name)
    try:
        return shlex.split(value)
    except ValueError as problem:
        raise UsageError(f"the input `{name}` cannot be split into words: {problem}") from None


def _options_of(words: list[str]) -> frozenset[str]:
    """The options of a command. Raises `UsageError` where there is no such command."""
    found: click.Command = group
    for count, word in enumerate(words):
        if not isinstance(found, click.Group):
            break
        below = found.get_command(click.Context(found), word)
        if below is None:
            names = ", ".join(found.list_commands(click.Context(found)))
            raise UsageError(
                f"`{' '.join(words[: count + 1])}` is no command of vsm-gate",
                hint=f"there are {names}",
            )
        found = below
    return frozenset(option for each in found.params for option in each.opts)


def _enter(folder: Path) -> None:
    try:
        os.chdir(folder)
    except OSError as problem:
        raise UsageError(f"working-directory {folder}: {problem.strerror}") from None


def credentials(environment: Mapping[str, str], git: Git) -> dict[str, str]:
    """Git settings, as environment variables, that show the token to the forge and to no other.

    None where actions/checkout left credentials: a server refuses two. The settings are not
    arguments, which any process of the machine could read.
    """
    token, server = read(environment, "token"), environment.get("GITHUB_SERVER_URL", "")
    if not token or not server:
        return {}
    if git.text("config", "--includes", "--get-urlmatch", "http.extraheader", server, check=False):
        return {}
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    number = int(environment.get("GIT_CONFIG_COUNT") or 0)
    return {
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{server}/.extraheader",
        f"GIT_CONFIG_VALUE_{number}": f"AUTHORIZATION: basic {basic}",
    }
