"""The `vsm-gate` command: its group of commands, and how errors are told."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from vsm_gate import __version__
from vsm_gate.cli.lazy import LazyGroup
from vsm_gate.cli.workflow import in_workflow, new_guard
from vsm_gate.errors import ConfigurationError, UsageError, VsmGateError
from vsm_gate.publish.escape import visible

COMMANDS: Final = {
    "init": "init.command",
    "check": "check.command",
    "inspect": "inspect_reports.command",
    "metrics": "metrics.command",
    "scorecard": "scorecard.command",
    "components": "components.command",
    "risk": "risk.command",
    "report": "report.command",
    "audit": "audit.command",
    "history": "history.command",
    "event": "event.command",
    "publish": "publish.command",
    "demo": "demo.command",
}


class _Program(LazyGroup):
    """The program: what goes wrong in a command is told here."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for. Raises `UsageError`, which names the nearest."""
        if args[0] not in self.places and not args[0].startswith("-"):
            from vsm_gate.documents import nearest

            hint = nearest(args[0], self.places) or "`vsm-gate --help` lists them"
            raise UsageError(f"there is no command `{args[0]}`", hint=hint)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error that is meant for the user becomes a message and an exit code."""
        try:
            _stand_somewhere()
            return super().invoke(ctx)
        except VsmGateError as problem:
            show_error(problem)
            ctx.exit(problem.exit_code)


def _stand_somewhere() -> None:
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            "the current folder does not exist any more", hint="change to a folder that does"
        ) from None


def show_error(problem: VsmGateError) -> None:
    """Print an error for a person, to standard error; in a workflow it is annotated as well."""
    lines = []
    if isinstance(problem, ConfigurationError):
        for mistake in problem.mistakes:
            hint = f"\n    {mistake.hint}" if mistake.hint else ""
            lines.append(f"{mistake.where}: {mistake.message}{hint}")
    lines.append(f"vsm-gate: {problem.message}")
    if problem.hint:
        lines.append(f"  {problem.hint}")
    lines += [f"  {note}" for note in getattr(problem, "__notes__", ())]
    text = visible("\n".join(lines))
    if in_workflow(os.environ):
        from vsm_gate.publish.annotations import error_remarks, workflow_commands

        guard = new_guard()
        commands = workflow_commands(error_remarks(problem))
        text = f"::stop-commands::{guard}\n{text}\n::{guard}::\n{commands.rstrip()}"
    click.echo(text, err=True)


@click.group(
    cls=_Program,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="vsm-gate")
def group() -> None:
    """Judge a change by its team's scorecard: tests, coverage and what it can bring down."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the command; without arguments they are the process's."""
    prepare_streams()
    # looking for plugins of pydantic costs time, and whatever is installed beside us is not ours
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    group(arguments, prog_name="vsm-gate")


def prepare_streams() -> None:
    """Print UTF-8 whatever the locale is."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
