"""The records as JSON Lines, CSV or Parquet, for other tools."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from vsm_gate.errors import InputError, UsageError
from vsm_gate.history.events import KINDS
from vsm_gate.history.record import Record
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.web.cells import cell

_BATCH: Final = 10_000
_COMMON: Final = ("id", "time", "kind", "repository", "team", "components", "corrects")
_CHANGE: Final = (
    "head", "base", "tested", "branch", "default_branch", "event", "pull_request",
    "run", "attempt", "job", "actor",
)  # fmt: skip
_CHECK: Final = (
    "peer_group", "methodology", "verdict", "conclusion", "exit_code", "would_block", "blocked",
    "phase", "score", "level", "evidence_rate",
)  # fmt: skip
_EVENT: Final = tuple(dict.fromkeys(x.name for kind in KINDS.values() for x in kind.fields))


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """One line a record: `{"id": …, "document": …}`."""
    for record in records:
        yield json.dumps({"id": record.id, "document": record.document}, sort_keys=True) + "\n"


def columns() -> list[str]:
    """The columns of the CSV: the same ones whatever the records hold."""
    return [
        *_COMMON,
        *_CHECK,
        *(f"change.{name}" for name in _CHANGE),
        *(f"event.{name}" for name in _EVENT),
        *CATALOGUE,
    ]


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """A head line, then one line a record. What a record does not have is blank, never 0."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns())
    for record in records:
        yield _emptied(buffer)
        writer.writerow([cell(value) for value in _row(record)])
    yield _emptied(buffer)


def parquet(records: Iterable[Record], file: Path) -> int:
    """Write a Parquet file: id, time, kind, repository, team, document (JSON). Returns the count.

    Raises `UsageError` where DuckDB, which writes it, is not installed, `InputError` where the file
    cannot be written.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise UsageError(
            "Parquet needs duckdb, which is not installed",
            hint='pip install "vsm-gate[report]", or export jsonl',
        ) from None
    count = 0
    stream = iter(records)
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE records (id VARCHAR, time TIMESTAMP, kind VARCHAR, repository VARCHAR,"
            " team VARCHAR, document VARCHAR)"
        )
        while batch := list(islice(stream, _BATCH)):
            count += len(batch)
            connection.execute(
                "INSERT INTO records SELECT UNNEST($1::VARCHAR[]), UNNEST($2::TIMESTAMP[]),"
                " UNNEST($3::VARCHAR[]), UNNEST($4::VARCHAR[]), UNNEST($5::VARCHAR[]),"
                " UNNEST($6::VARCHAR[])",
                _parquet_columns(batch),
            )
        place = str(file).replace("'", "''")
        try:
            connection.execute(f"COPY records TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
        except duckdb.IOException as problem:
            raise InputError(f"{file} cannot be written: {problem}") from None
    return count


def _parquet_columns(batch: list[Record]) -> list[list[Any]]:
    return [
        [record.id for record in batch],
        [record.time.replace(tzinfo=None) for record in batch],
        [_text(record.kind) for record in batch],
        [_text(record.repository) for record in batch],
        [None if record.team is None else _text(record.team) for record in batch],
        [record.content.decode("ascii") for record in batch],
    ]


def _text(value: str) -> str:
    """JSON allows halves of surrogate pairs, UTF-8 does not."""
    return value.encode("utf-8", "replace").decode()


def _row(record: Record) -> Iterator[Any]:
    document = {**record.document, "id": record.id}
    change, event = _part(document, "change"), _part(document, "event")
    measured = _part(document, "measurements")
    yield from (document.get(name) for name in (*_COMMON, *_CHECK))
    yield from (change.get(name) for name in _CHANGE)
    yield from (event.get(name) for name in _EVENT)
    yield from (_part(measured, metric).get("value") for metric in CATALOGUE)


def _part(document: dict[str, Any], key: str) -> dict[str, Any]:
    part = document.get(key)
    return part if isinstance(part, dict) else {}


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
