"""Bundles: results on disk that carry their record, so that it can be appended later. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vsm_gate.errors import InputError
from vsm_gate.history.record import Record


def record_of(name: str, content: bytes) -> Record:
    """The record that a bundle carries under `record`: `{"id": …, "document": …}`.

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
    return _checked(name, carried, document)


def _checked(name: str, carried: Mapping[str, Any], document: Mapping[str, Any]) -> Record:
    record = Record.of(document)
    if carried.get("id") != record.id:
        raise InputError(
            f"{name} was changed: its record is {record.id}, and it says {carried.get('id')!r}"
        )
    return record
