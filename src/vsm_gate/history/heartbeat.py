"""Heartbeats: a run that ended before it decided leaves a record all the same. Pure.

A gate that crashed and a gate that was evaded must not look the same in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from vsm_gate.history.events import iso
from vsm_gate.history.record import SCHEMA

_LONGEST: Final = 2_000


def heartbeat(
    *,
    repository: str,
    team: str | None,
    change: Mapping[str, Any],
    problem: str,
    now: datetime,
    version: str,
) -> dict[str, Any]:
    """The document of a heartbeat: what was to be judged, and why it came to no verdict.

    `change` has as many of a check's `change` fields as were known. A run of one second and
    one job is one heartbeat, however often it is tried again.
    """
    return {
        "schema": SCHEMA,
        "kind": "heartbeat",
        "time": iso(now.replace(microsecond=0)),
        "repository": repository,
        "team": team,
        "components": [],
        "change": dict(change),
        "problem": problem[:_LONGEST],
        "tool": {"version": version},
    }
