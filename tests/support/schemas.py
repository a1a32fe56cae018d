"""The published schemas, as strict as the documentation must be complete."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

FOLDER: Final = Path(__file__).parents[2] / "docs" / "schemas"


def published(name: str) -> dict[str, Any]:
    """A schema as it is published."""
    schema: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return schema


def validate(name: str, document: Any) -> None:
    """Hold a document against a schema in which nothing may be that is not described.

    The published schema lets later versions add fields; what this version writes it must know.
    """
    _closed(name).validate(document)


@cache
def _closed(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_without_more(published(name)), validate_formats=True)


def _without_more(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_more(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _without_more(each) for key, each in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed
