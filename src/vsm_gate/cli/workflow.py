"""A job of a GitHub workflow: whether this is one, and what it needs to be known."""

from __future__ import annotations

import secrets
from collections.abc import Mapping


def in_workflow(surroundings: Mapping[str, str]) -> bool:
    """Whether this process is a step of a job."""
    return surroundings.get("GITHUB_ACTIONS") == "true"


def token_of(surroundings: Mapping[str, str]) -> str:
    """The token of the action, or else the one of a step that runs the command itself."""
    return surroundings.get("VSM_GATE_TOKEN") or surroundings.get("GITHUB_TOKEN") or ""


def new_guard() -> str:
    """A word that nobody can foresee: between two of it the runner obeys no command."""
    return f"vsm-gate-{secrets.token_hex(16)}"
