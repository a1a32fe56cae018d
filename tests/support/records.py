"""Builders of history records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Document = dict[str, Any]


def check(
    time: str,
    *,
    team: str | None = "payments",
    repository: str = "acme/payments",
    score: float | None = 90.0,
    verdict: str = "pass",
    measurements: Mapping[str, Any] | None = None,
    objectives: Mapping[str, Mapping[str, Any]] | None = None,
    change: Mapping[str, Any] | None = None,
    **more: Any,
) -> Document:
    """A check record. `change` and `more` add to, or replace, what is made up here."""
    commit = hashlib.sha1(f"{repository}{time}{change}".encode()).hexdigest()
    return {
        "schema": "vsm-gate/record/v1",
        "kind": "check",
        "time": time,
        "repository": repository,
        "team": team,
        "peer_group": "backend",
        "methodology": "continuous",
        "change": {
            "head": commit,
            "tested": commit,
            "branch": "main",
            "default_branch": True,
            "event": "push",
            "pull_request": None,
            "attempt": 1,
            "job": "test",
            **(change or {}),
        },
        "measurements": dict(measurements or {}),
        "objectives": dict(objectives or {}),
        "score": score,
        "evidence_rate": 100.0,
        "verdict": verdict,
        "conclusion": verdict,
        "would_block": verdict == "fail",
        "blocked": False,
        "waivers": [],
        "break_glass": None,
        **more,
    }


def objective(status: str = "pass", score: float | None = 100.0, **more: Any) -> Document:
    """One objective of a check record."""
    return {"metric": "coverage.patch", "status": status, "score": score, "weight": 1, **more}


def rate(numerator: int, denominator: int) -> Document:
    """A measured rate."""
    return {
        "value": 100 * numerator / denominator,
        "numerator": numerator,
        "denominator": denominator,
        "unit": "%",
    }


def event(kind: str, time: str, *, team: str = "payments", **fields: Any) -> Document:
    """An event record of any kind."""
    return {
        "schema": "vsm-gate/record/v1",
        "kind": kind,
        "time": time,
        "repository": "acme/payments",
        "team": team,
        **fields,
    }


def stored(documents: Iterable[Document]) -> Iterator[tuple[str, Document]]:
    """Documents with ids that are digests of their content."""
    for document in documents:
        text = json.dumps(document, sort_keys=True)
        yield hashlib.sha256(text.encode()).hexdigest(), document
