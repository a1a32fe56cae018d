"""A record in one row, for people and for `history log --format json`. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from vsm_gate.history.events import iso
from vsm_gate.history.record import Record
from vsm_gate.metrics.metric import show

HEADINGS: Final = ("time", "kind", "repository", "team", "result", "about", "record")


def row(record: Record) -> dict[str, Any]:
    """The fields that a list shows; null for what a record does not have."""
    document, event = record.document, _part(record, "event")
    return {
        "id": record.id,
        "time": iso(record.time),
        "kind": record.kind,
        "repository": record.repository,
        "team": record.team,
        "commit": commits(record)[0] if commits(record) else None,
        "verdict": document.get("verdict"),
        "conclusion": document.get("conclusion"),
        "score": document.get("score"),
        "status": event.get("status"),
        "corrects": document.get("corrects"),
    }


def cells(record: Record) -> tuple[str, ...]:
    """The row of a table, in the order of `HEADINGS`."""
    return (
        iso(record.time.replace(microsecond=0)),
        record.kind,
        record.repository,
        record.team or "-",
        _result(record),
        _about(record),
        record.id[:12],
    )


def summary(record: Record) -> str:
    """A record in a few words."""
    return " ".join(part for part in (record.kind, _about(record), _result(record)) if part)


def matches(record: Record, wanted: Mapping[str, str | None]) -> bool:
    """Whether a record has the team, the verdict and the commit (or its beginning) asked for."""
    team, verdict, commit = (wanted.get(name) for name in ("team", "verdict", "commit"))
    return (
        (team is None or record.team == team)
        and (verdict is None or record.document.get("verdict") == verdict)
        and (commit is None or any(sha.startswith(commit.lower()) for sha in commits(record)))
    )


def commits(record: Record) -> list[str]:
    """The commits that a record is about: head and tested one of a check, that of an event."""
    change, event = _part(record, "change"), _part(record, "event")
    named = (change.get("head"), change.get("tested"), event.get("commit"))
    return [sha for sha in named if isinstance(sha, str) and sha]


def is_commit(text: str) -> bool:
    """Whether a text can be a commit id, or the beginning of one."""
    return re.fullmatch(r"[0-9a-fA-F]{7,64}", text) is not None


def _result(record: Record) -> str:
    verdict, score = record.document.get("verdict"), record.document.get("score")
    status = _part(record, "event").get("status")
    if isinstance(verdict, str):
        scored = isinstance(score, int | float) and not isinstance(score, bool)
        return f"{verdict} {show(Fraction(str(score)), 'score')}" if scored else verdict
    return status if isinstance(status, str) else ""


def _about(record: Record) -> str:
    change, event = _part(record, "change"), _part(record, "event")
    pull = change.get("pull_request")
    names = [event.get("id"), event.get("name"), None if pull is None else f"#{pull}"]
    if record.kind == "policy":
        names.append(str(_part(record, "policy").get("sha256"))[:12])
    found = [str(name) for name in names if name is not None]
    return " ".join([*found, *(sha[:12] for sha in commits(record)[:1])])


def _part(record: Record, key: str) -> Mapping[str, Any]:
    part = record.document.get(key)
    return part if isinstance(part, dict) else {}
