"""`vsm-gate scorecard`: the group of its commands."""

from __future__ import annotations

from typing import Final

import click

from vsm_gate.cli.lazy import LazyGroup

_COMMANDS: Final = {
    "lint": "scorecard_files.lint",
    "show": "scorecard_files.show",
    "explain": "scorecard_results.explain",
    "backtest": "scorecard_backtest.backtest",
    "suggest": "scorecard_suggest.suggest",
    "campaigns": "scorecard_results.campaigns",
    "cost": "scorecard_cost.cost",
    "schema": "scorecard_files.schema",
}


@click.group("scorecard", cls=LazyGroup, places=_COMMANDS)
def command() -> None:
    """Check policies, show what is in force, and explain what they come to."""
