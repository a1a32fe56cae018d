"""Groups whose commands are loaded only when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Commands by name; a command's module is imported when it is needed and not before."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **settings: Any) -> None:
        """`places` says of each command where it is, as `module.name` of this folder."""
        super().__init__(*arguments, **settings)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a newcomer meets them."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"vsm_gate.cli.{module}"), name)
        _keep_lines(command)
        return command


def _keep_lines(command: click.Command) -> None:
    """Keep the lines of examples: docstrings are raw, and click wants the character itself."""
    command.help = command.help and command.help.replace("\\b\n", "\b\n")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _keep_lines(below)
