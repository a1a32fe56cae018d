"""Where the queries run: what a warehouse asks of an engine, and DuckDB in process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import duckdb

Row = dict[str, Any]
# Column → `text`, `time`, `number` or `whole`.
Columns = Mapping[str, str]

_TYPES: Final = {"text": "VARCHAR", "time": "TIMESTAMP", "number": "DOUBLE", "whole": "BIGINT"}
_BATCH: Final = 10_000


class Engine(Protocol):
    """Runs the `.sql` files over the tables of records: `entries`, `events`, `objectives`,
    `measurements` and `tags`.
    """

    # How many metrics one query should roll up at once: all of a million records take memory.
    metrics_at_once: int

    def make(self, table: str, select: str) -> None:
        """Make a table, or make it anew, from a query."""

    def give(self, table: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> None:
        """Make a table, or make it anew, from values."""

    def rows(self, select: str, parameters: Sequence[str] = ()) -> Iterator[Row]:
        """The answer to a query, in which `$1` is the first parameter; streamed."""


class Duck:
    """DuckDB in this process. What it may read was opened before: it reaches nothing else."""

    metrics_at_once = 12

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def make(self, table: str, select: str) -> None:
        """Make a table, or make it anew, from a query."""
        self.connection.execute(f"CREATE OR REPLACE TABLE {table} AS {select}")

    def give(self, table: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> None:
        """Make a table, or make it anew, from values."""
        lists = list(zip(*rows, strict=True)) or [()] * len(columns)
        selected = ", ".join(
            f"UNNEST(${place}::{_TYPES[kind]}[]) AS {name}"
            for place, (name, kind) in enumerate(columns.items(), 1)
        )
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT {selected}",
            [list(values) for values in lists],
        )

    def rows(self, select: str, parameters: Sequence[str] = ()) -> Iterator[Row]:
        """The answer to a query, streamed."""
        cursor = self.connection.cursor()
        cursor.execute("USE store")
        cursor.execute(select, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(_BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in rows)


def connect(folders: Sequence[str] = (), spill: str = "", memory: str = "") -> Duck:
    """An empty DuckDB in memory that can read nothing but these folders.

    What does not fit into `memory` (such as `900MB`) goes to files in the folder `spill`.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    # Compressed, a million records take a third of the memory.
    connection.execute("ATTACH ':memory:' AS store (COMPRESS)")
    connection.execute("USE store")
    if memory:
        connection.execute(f"SET memory_limit = '{memory}'")
    if spill:
        connection.execute(f"SET temp_directory = {quoted(spill)}")
    allowed = ", ".join(quoted(folder) for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return Duck(connection)


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
