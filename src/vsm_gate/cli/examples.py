"""Examples in the help of a command, a line each."""

from __future__ import annotations

import click


def keep_lines(command: click.Command) -> None:
    """Keep the lines of examples: docstrings are raw, and click wants the character itself."""
    command.help = command.help and command.help.replace("\\b\n", "\b\n")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            keep_lines(below)
