"""Bundles: results on disk that carry their record, so that it can be appended later. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vsm_gate.errors import InputError
from vsm_gate.history.record import Record


def records_of(name: str, content: bytes) -> list[Record]:
    """The record that a bundle carries under `record`: `{"id": …, "document": …}`, and behind it
    the one of its policy where it has that too.

    Raises `InputError` where it carries none, or where its id is not the digest of its content.
    """
    try:
        bundle = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{name} is no bundle: not valid JSON: {problem}") from None
    carried = bundle.get("record") if isinstance(bundle, Mapping) else None
    document = carried.get("document") if isinstance(carried, Mapping) else None
    if not isinstance(carried, Mapping) or not isinstance(document, Mapping):
        raise InputError(
            f"{name} is no bundle: it carries no record",
            hint="a bundle is what `vsm-gate check --bundle FILE` leaves",
        )
    policy = carried.get("policy")
    beside = [Record.of(policy)] if isinstance(policy, Mapping) else []
    return [_checked(name, carried, document), *beside]


def _checked(name: str, carried: Mapping[str, Any], document: Mapping[str, Any]) -> Record:
    record = Record.of(document)
    if carried.get("id") != record.id:
        raise InputError(
            f"{name} was changed: its record is {record.id}, and it says {carried.get('id')!r}"
        )
    return record
