"""Records as evidence. They are data from outside: a field of another type than it should have is
not known, and what is no record at all is counted and named.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from vsm_gate.audit.evidence import (
    Approval,
    BreakGlass,
    Check,
    Evidence,
    Forge,
    Happening,
    Judged,
)
from vsm_gate.model.population import PolicyUse

_EVENTS: Final = frozenset({"deployment", "release", "approval"})


def gather(contents: Iterable[tuple[str, bytes]], repository: str) -> Evidence:
    """The evidence of a repository among the contents of records, each counted once."""
    found = Evidence(repository)
    mine = f'"repository":{json.dumps(repository)}'.encode("ascii")
    events: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for name, content in contents:
        if mine not in content or name in seen:
            continue
        seen.add(name)
        document = _object(content)
        time = _time(document.get("time")) if document is not None else None
        if document is None or time is None:
            found.unreadable.append(name)
        elif document.get("repository") == repository:
            _take(found, events, name, document, time)
    _take_events(found, events)
    return found


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _take(
    found: Evidence,
    events: dict[str, dict[str, Any]],
    name: str,
    document: dict[str, Any],
    time: datetime,
) -> None:
    found.records += 1
    kind = document.get("kind")
    if kind in _EVENTS:
        events[name] = document
    elif kind in {"check", "heartbeat"}:
        check = _check(name, document, time)
        if kind == "check" and (found.first is None or time < found.first):
            found.first = time
        found.told_of_pushes |= check.landed and check.forge is not None
        if check.policy and check.policy_source:
            use = PolicyUse(check.policy, check.policy_source, check.tested or check.head or "")
            found.policies.setdefault(check.policy, use)
        for commit in {check.head, check.tested} - {None}:
            found.by_commit[str(commit)].append(check)
        if check.pull_request is not None:
            found.by_pull_request[check.pull_request].append(check)


def _check(name: str, document: Mapping[str, Any], time: datetime) -> Check:
    change, policy = _part(document, "change"), _part(document, "policy")
    verdict = document.get("verdict") if document.get("kind") == "check" else None
    conclusion = document.get("conclusion", verdict)
    return Check(
        id=name,
        time=time,
        team=_text(document.get("team")) or "",
        job=_text(change.get("job")) or "",
        attempt=_number(change.get("attempt")) or 1,
        event=_text(change.get("event")) or "",
        head=_text(change.get("head")),
        tested=_text(change.get("tested")),
        base=_text(change.get("base")),
        pull_request=_number(change.get("pull_request")),
        landed=change.get("default_branch") is True,
        actor=_text(change.get("actor")),
        verdict=_text(verdict),
        conclusion=_text(conclusion) if verdict is not None else None,
        policy=_text(policy.get("sha256")),
        policy_source=_text(policy.get("source")),
        approvals=_number(_part(_part(document, "measurements"), "change.approvals").get("value")),
        objectives=_objectives(document),
        break_glass=_break_glass(document),
        forge=_forge(name, document),
        problem=_text(document.get("problem")),
    )


def _objectives(document: Mapping[str, Any]) -> dict[str, Judged]:
    return {
        objective: Judged(
            _text(found.get("phase")) or "",
            _text(found.get("status")) or "",
            _text(found.get("waiver")),
        )
        for objective, found in _part(document, "objectives").items()
        if isinstance(found, dict)
    }


def _break_glass(document: Mapping[str, Any]) -> BreakGlass | None:
    found = _part(document, "break_glass")
    if not found:
        return None
    return BreakGlass(
        by=_text(found.get("by")) or "",
        at=_time(found.get("at")),
        reason=_text(found.get("reason")) or "",
        review_by=_text(found.get("review_by")) or "",
    )


def _forge(name: str, document: Mapping[str, Any]) -> Forge | None:
    found = _part(document, "forge")
    number = _number(found.get("pull_request"))
    if number is None:
        return None
    given, why = found.get("approvals"), _part(found, "missing")
    approvals = None
    if isinstance(given, list):
        approvals = tuple(
            Approval(by, _time(each.get("at")), each.get("final") is True, name)
            for each in given
            if isinstance(each, dict) and (by := _text(each.get("by")))
        )
    return Forge(
        pull_request=number,
        author=_text(found.get("author")),
        merged_by=_text(found.get("merged_by")),
        merged=_time(found.get("merged")),
        approvals=approvals,
        missing=_text(why.get("reviews")) or _text(why.get("approvals")) or "",
    )


def _take_events(found: Evidence, events: Mapping[str, dict[str, Any]]) -> None:
    """Events as their newest records say; one that was corrected counts no more."""
    replaced = {
        old
        for document in events.values()
        if isinstance(old := document.get("corrects"), str)
        and _part(events.get(old, {}), "event").get("id") == _part(document, "event").get("id")
    }
    for name, document in events.items():
        if name in replaced:
            continue
        event = _part(document, "event")
        if document.get("kind") == "approval":
            commit, by = _text(event.get("commit")), _text(event.get("by"))
            if commit and by:
                at = _time(event.get("at")) or _time(document["time"])
                found.approvals[commit].append(Approval(by, at, True, name, commit))
        else:
            found.happenings.append(_happening(name, document, event))
    found.happenings.sort(key=lambda each: (each.started, each.finished, each.record))


def _happening(name: str, document: Mapping[str, Any], event: Mapping[str, Any]) -> Happening:
    finished = _time(event.get("finished")) or _time(document["time"])
    assert finished is not None  # noqa: S101 (its record's time was read before)
    return Happening(
        id=_text(event.get("id")) or name[:12],
        record=name,
        kind=str(document["kind"]),
        commit=_text(event.get("commit")),
        environment=_text(event.get("environment")) or "",
        status=_text(event.get("status")) or "",
        started=_time(event.get("started")) or finished,
        finished=finished,
        corrected=isinstance(document.get("corrects"), str),
    )


def _part(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = document.get(key)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(value: object) -> datetime | None:
    """A time in UTC; None for what is none, or has no zone."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None
