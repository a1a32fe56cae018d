"""Events in bulk, from CSV or JSON. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from vsm_gate.errors import ConfigurationError, InputError, Mistake
from vsm_gate.history.events import Kind

_COMMON: Final = ("team", "repository", "components")


@dataclass(frozen=True, slots=True)
class Row:
    """One event as texts, and the line that it stands in (its number, in a JSON list)."""

    line: int
    values: dict[str, str]

    @property
    def components(self) -> list[str]:
        """Names, separated by blanks, commas or semicolons."""
        return [name for name in re.split(r"[\s,;]+", self.values.get("components", "")) if name]


def rows(name: str, content: bytes, kind: Kind) -> list[Row]:
    """The events of a file: CSV with a head line, or a JSON list of objects.

    Columns are named like the options, in any case, `caused-by` and `caused_by` alike. Raises
    `ConfigurationError` where a column is unknown, `InputError` where the file is neither format.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(f"{name} is not UTF-8: {problem.reason} at {problem.start}") from None
    is_json = text.lstrip()[:1] in {"[", "{"}
    found = list(_json_rows(name, text) if is_json else _csv_rows(name, text))
    if not found:
        raise InputError(f"{name} holds no event")
    known = {*(field.name for field in kind.fields), *_COMMON}
    unknown = [
        Mistake(name, row.line, None, f"`{column}` is no field of a {kind.name}")
        for row in found
        for column in row.values
        if column not in known
    ]
    if unknown:
        raise ConfigurationError(unknown)
    return found


def _csv_rows(name: str, text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heads = [_column(head) for head in next(reader, [])]
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) > len(heads):
                raise InputError(f"{name}:{reader.line_num}: more cells than columns")
            values = dict(zip(heads, cells, strict=False))
            yield Row(reader.line_num, {key: value for key, value in values.items() if value})
    except csv.Error as problem:
        raise InputError(f"{name}:{reader.line_num}: not valid CSV: {problem}") from None


def _json_rows(name: str, text: str) -> Iterator[Row]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{name} is not valid JSON: {problem}") from None
    for number, entry in enumerate(data if isinstance(data, list) else [data], 1):
        if not isinstance(entry, dict):
            raise InputError(f"{name}: entry {number} is no object")
        yield Row(number, {_column(key): _cell(entry[key]) for key in entry if entry[key]})


def _column(name: str) -> str:
    column = name.strip().lower().replace("-", "_")
    return "components" if column == "component" else column


def _cell(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
