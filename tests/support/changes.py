"""The change of a repository, found as the gate finds it."""

from __future__ import annotations

from tests.support.repository import Repository

from vsm_gate.collect.change import find_change
from vsm_gate.model.change import Change, Context


def change_of(repository: Repository, **context: object) -> Change:
    """The change that is checked out, in a context of this kind."""
    return find_change(repository.client, Context(repository="acme/shop", **context))  # type: ignore[arg-type]


def paths(change: Change) -> list[str]:
    """The paths of its files."""
    return [file.path for file in change.files]
