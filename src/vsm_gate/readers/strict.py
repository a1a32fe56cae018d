"""Values out of JSON that must be of a certain kind, or the report cannot be believed."""

from __future__ import annotations

from typing import Any

from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.json import ITEM, Path


def as_object(value: object, what: str) -> dict[str, Any]:
    """The value, which must be an object. Raises `ReadError` that says what it was to be."""
    if not isinstance(value, dict):
        raise ReadError(f"{what} is not an object")
    return value


def as_list(value: object, what: str) -> list[Any]:
    """The value, which must be an array. Raises `ReadError` that says what it was to be."""
    if not isinstance(value, list):
        raise ReadError(f"{what} is not an array")
    return value


def as_whole(value: object, what: str) -> int:
    """The value, which must be a whole number, however it is written. Raises `ReadError`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ReadError(f"{what} is not a whole number")


def key_of(path: Path, what: str) -> str:
    """The last step of a path, which must be the key of an object. Raises `ReadError`."""
    if path[-1] == ITEM:
        raise ReadError(f"{what} is not an object")
    return path[-1]
