"""Delivery events: what happened to a change after the gate, as records. Pure.

An event has a stable identity (its kind, its repository, and the id that its source gives it).
The same event again is the same record; one that differs becomes a record that names the one it
corrects. A record's time is the event's own: when a deployment or a release finished, when an
incident started, when an SLO was read or an approval given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from vsm_gate.history.record import SCHEMA, Record

Values = Mapping[str, str]
Body = dict[str, Any]
Key = tuple[str, str, str]

# Far from the ends of the calendar, so that a period can be added to any time or taken off.
YEARS: Final = range(1970, 3000)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event: how its text becomes a value."""

    name: str
    convert: Callable[[str], Any]
    required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its fields, which of them name it, and which says when it happened.

    `ordered` are pairs of fields of which the first may not be larger than the second.
    """

    name: str
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    when: str
    ordered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What the events of one call have in common."""

    repository: str
    team: str | None
    version: str


def text(value: str) -> str:
    """A short text in one line."""
    if len(value) > 500 or not value.isprintable():
        raise ValueError("is no short text in one line")
    return value


def commit(value: str) -> str:
    """A whole commit id: a shortened one may come to name another commit."""
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", value.lower()):
        raise ValueError("is no whole commit id (40 or 64 hexadecimal digits)")
    return value.lower()


def time(value: str) -> str:
    """A time with a zone and of a likely year, as UTC in ISO 8601."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is no ISO 8601 time, such as 2026-11-22T09:30:00Z") from None
    if found.tzinfo is None:
        raise ValueError(f"has no zone; write {value}Z for UTC")
    if found.year not in YEARS:
        raise ValueError(f"is not between {YEARS[0]} and {YEARS[-1]}")
    return iso(found)


def iso(found: datetime) -> str:
    """UTC to the second, or to the microsecond where there is a part of one."""
    return found.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def count(value: str) -> int:
    """A whole number from 0."""
    if not re.fullmatch(r"[0-9]{1,15}", value):
        raise ValueError("is no whole number from 0")
    return int(value)


def percent(value: str) -> float:
    """A percentage above 0 and up to 100; the sign may be left out."""
    try:
        number = Decimal(value.removesuffix("%").strip())
    except InvalidOperation:
        raise ValueError("is no percentage, such as 99.9%") from None
    if not number.is_finite() or not 0 < number <= 100:
        raise ValueError("is no percentage above 0 and up to 100")
    return float(number)


def window(value: str) -> str:
    """A number of hours, days or weeks: `24h`, `28d`, `4w`."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}[hdw]", value):
        raise ValueError("is no window, such as 28d (h, d or w)")
    return value


def outcome(value: str) -> str:
    """`success` or `failure`."""
    if value not in {"success", "failure"}:
        raise ValueError("is neither success nor failure")
    return value


_ID: Final = Field("id", text, required=True)

KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(
            "deployment",
            (
                _ID,
                Field("commit", commit, required=True),
                Field("status", outcome, required=True),
                Field("environment", text, default="production"),
                Field("started", time, required=True),
                Field("finished", time, required=True),
                Field("caused_by", text),
            ),
            identity=("id",),
            when="finished",
            ordered=(("started", "finished"),),
        ),
        Kind(
            "incident",
            (
                _ID,
                Field("started", time, required=True),
                Field("resolved", time),
                Field("deployment", text),
                Field("severity", text),
            ),
            identity=("id",),
            when="started",
            ordered=(("started", "resolved"),),
        ),
        Kind(
            "release",
            (
                _ID,
                Field("planned", time),
                Field("finished", time, required=True),
                Field("status", outcome, required=True),
            ),
            identity=("id",),
            when="finished",
        ),
        Kind(
            "slo",
            (
                Field("name", text, required=True),
                Field("target", percent, required=True),
                Field("good", count, required=True),
                Field("total", count, required=True),
                Field("tolerating", count),
                Field("window", window, default="28d"),
                Field("at", time),
            ),
            identity=("name", "window", "at"),
            when="at",
            ordered=(("good", "total"), ("tolerating", "total")),
        ),
        Kind(
            "approval",
            (
                Field("commit", commit, required=True),
                Field("by", text, required=True),
                Field("at", time),
            ),
            identity=("commit", "by"),
            when="at",
        ),
    )
}


def body_of(kind: Kind, values: Values) -> tuple[Body, list[str]]:
    """The fields of an event from their texts, and every mistake in them. Blank means not given."""
    body: Body = {}
    mistakes: list[str] = []
    for field in kind.fields:
        given = values.get(field.name, "").strip() or field.default
        body[field.name] = None
        if given is None:
            if field.required:
                mistakes.append(f"`{field.name}` is missing")
            continue
        try:
            body[field.name] = field.convert(given)
        except ValueError as problem:
            mistakes.append(f"`{field.name}` {problem}: {given[:80]!r}")
    for first, second in kind.ordered:
        low, high = body[first], body[second]
        if low is not None and high is not None and _size(low) > _size(high):
            mistakes.append(f"`{first}` is beyond `{second}`")
    return body, mistakes


def document_of(
    kind: Kind, body: Body, components: Sequence[str], source: Source, now: datetime
) -> dict[str, Any]:
    """The record's document of an event. `now` is when it happened, where it does not say so."""
    happened = body[kind.when] or iso(now.replace(microsecond=0))
    if kind.when in kind.identity:
        body = {**body, kind.when: happened}
    return {
        "schema": SCHEMA,
        "kind": kind.name,
        "time": happened,
        "repository": source.repository,
        "team": source.team,
        "components": sorted(set(components)),
        "event": body,
        "tool": {"version": source.version},
    }


def when(document: Mapping[str, Any]) -> datetime:
    """When the event of a document happened."""
    return datetime.fromisoformat(document["time"])


def key_of(document: Mapping[str, Any]) -> Key | None:
    """An event's identity; None for a record that is no event of a kind that is known."""
    kind = KINDS.get(str(document.get("kind")))
    body = document.get("event")
    if kind is None or not isinstance(body, Mapping):
        return None
    identity = "\0".join(str(body.get(name)) for name in kind.identity)
    return kind.name, str(document.get("repository")), identity


@dataclass(frozen=True, slots=True)
class Plan:
    """The records that are new (corrections among them), and those that are there already."""

    new: tuple[Record, ...]
    known: tuple[Record, ...]


def plan(documents: Iterable[dict[str, Any]], recorded: Iterable[Record]) -> Plan:
    """Each event once; one that differs from what is recorded names the record that it corrects."""
    events = [record for record in recorded if key_of(record.document) is not None]
    replaced = {record.document.get("corrects") for record in events}
    latest = {key_of(record.document): record for record in events if record.id not in replaced}
    new: list[Record] = []
    known: list[Record] = []
    for document in documents:
        key = key_of(document)
        old = latest.get(key)
        if old is not None and _said(old.document) == _said(document):
            known.append(old)
            continue
        record = Record.of(document if old is None else {**document, "corrects": old.id})
        new.append(record)
        latest[key] = record
    return Plan(tuple(new), tuple(known))


def _said(document: Mapping[str, Any]) -> tuple[object, ...]:
    """What an event says; a field that was not known yet is one that was not given."""
    body = document.get("event")
    if isinstance(body, Mapping):
        body = {name: value for name, value in body.items() if value is not None}
    return document.get("team"), document.get("components"), body


def _size(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
