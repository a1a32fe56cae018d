"""`vsm-gate scorecard`: its commands, each loaded only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from vsm_gate.cli.examples import keep_lines

COMMANDS: Final = {
    "lint": "scorecard_files",
    "show": "scorecard_files",
    "explain": "scorecard_results",
    "backtest": "scorecard_backtest",
    "suggest": "scorecard_suggest",
    "campaigns": "scorecard_results",
    "cost": "scorecard_cost",
    "schema": "scorecard_files",
}


class _Group(click.Group):
    """Commands by name, each of the module that the table names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"vsm_gate.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, cmd_name)
        keep_lines(found)
        return found


@click.group("scorecard", cls=_Group)
def command() -> None:
    """Check policies, show what is in force, and explain what they come to."""
