"""What is known about a change beside its measurements: conditions and scopes speak of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

# What `applies_when` may speak of, and what the pipeline says about it.
CONDITIONS: Final = {
    "risk": "`low`, `medium` or `high`: the change's rank among the repository's own",
    "tier": "the most critical tier that the change reaches",
    "component": "the components that the change touches",
    "owner": "the owner groups that the change crosses",
    "sensitive": "the classes of sensitive files that it changes (`migrations`, …)",
    "branch": "the branch that the change is for",
    "event": "what started the run: `pull_request`, `push`, `merge_group`",
}


def known(facts: Mapping[str, object], name: str) -> frozenset[str] | None:
    """The words of one fact; None where nothing is known of it, which is not the same as none."""
    value = facts.get(name)
    if value is None:
        return None
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return frozenset(str(each) for each in value)
    return frozenset({str(value)})
