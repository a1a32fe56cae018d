"""PostgreSQL: the tables of records in a schema of ours, what is new copied into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vsm_gate.analytics.engine import Columns, Duck, Row, quoted
from vsm_gate.analytics.extraction import BASES
from vsm_gate.analytics.translation import translated
from vsm_gate.errors import InputError, UsageError
from vsm_gate.warehouses.cache import Cache

if TYPE_CHECKING:
    import psycopg

SCHEMA: Final = "vsm_gate"
_PIECE: Final = 1 << 20
_TYPES: Final = {
    "text": "TEXT", "time": "TIMESTAMP", "number": "DOUBLE PRECISION", "whole": "BIGINT",
    "VARCHAR": "TEXT", "DOUBLE": "DOUBLE PRECISION",
}  # fmt: skip


class Postgres:
    """Runs the queries in one session. What is made of the records goes with it."""

    metrics_at_once = 1_000

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def _run(self, statement: str) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._connection.cursor().execute(statement.encode())

    def make(self, table: str, select: str) -> None:
        """Make a table, or make it anew, from a query."""
        self._run(f"DROP TABLE IF EXISTS pg_temp.{table}")
        self._run(f"CREATE TEMPORARY TABLE {table} AS {translated(select, 'postgres')}")
        self._run(f"ANALYZE {table}")

    def give(self, table: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> None:
        """Make a table, or make it anew, from values."""
        listed = ", ".join(f'"{name}" {_TYPES[kind]}' for name, kind in columns.items())
        self._run(f"DROP TABLE IF EXISTS pg_temp.{table}")
        self._run(f"CREATE TEMPORARY TABLE {table} ({listed})")
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row([_clean(value) for value in row])

    def rows(self, select: str, parameters: Sequence[str] = ()) -> Iterator[Row]:
        """The answer to a query."""
        cursor = self._run(translated(select, "postgres", parameters))
        names = [column.name for column in cursor.description or ()]
        for row in cursor:
            yield dict(zip(names, map(_plain, row), strict=True))


@contextmanager
def postgres(url: str, cache: Cache, duck: Duck) -> Iterator[Postgres]:
    """PostgreSQL with the records of the cache, as far as it does not have them yet.

    Raises `UsageError` where psycopg is not installed, `InputError` where the server says no.
    """
    try:
        import psycopg
    except ModuleNotFoundError:
        raise UsageError(
            "PostgreSQL needs psycopg, which is not installed",
            hint='install the extra: pip install "vsm-gate[postgres]"',
        ) from None
    try:
        with psycopg.connect(url) as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
            connection.execute(f"SET search_path = {SCHEMA}".encode())
            _load(connection, cache, duck)
            connection.commit()
            yield Postgres(connection)
            connection.rollback()
    except psycopg.Error as problem:
        said = str(problem).strip().splitlines()
        raise InputError(f"PostgreSQL says: {said[0] if said else problem!r}") from None


def _load(connection: psycopg.Connection[tuple[Any, ...]], cache: Cache, duck: Duck) -> None:
    """Copy the records that are new; all of them where they were numbered anew."""
    connection.execute("CREATE TABLE IF NOT EXISTS state (generation TEXT NOT NULL)")
    connection.execute("LOCK TABLE state IN EXCLUSIVE MODE")
    found = connection.execute("SELECT generation FROM state").fetchone()
    if found is None or found[0] != cache.generation:
        for table in BASES:
            connection.execute(f"DROP TABLE IF EXISTS {table}".encode())
            connection.execute(f"CREATE TABLE {table} ({_columns(duck, table)})".encode())
        connection.execute("DELETE FROM state")
        connection.execute("INSERT INTO state VALUES (%s)", [cache.generation])
    newest = connection.execute("SELECT COALESCE(MAX(number), 0) FROM entries").fetchone()
    last = newest[0] if newest else 0
    cache.spill.mkdir(exist_ok=True)
    for table in BASES:
        place = cache.spill / f"{table}.csv"
        duck.connection.execute(
            f"COPY ({_new(duck, table, last)}) TO {quoted(str(place))} (FORMAT csv, HEADER false)"
        )
        _copy(connection, table, place)
        connection.execute(f"ANALYZE {table}".encode())


def _described(duck: Duck, table: str) -> list[tuple[str, str]]:
    rows = duck.connection.execute(f"DESCRIBE {table}").fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]


def _columns(duck: Duck, table: str) -> str:
    return ", ".join(f'"{name}" {_TYPES.get(kind, kind)}' for name, kind in _described(duck, table))


def _new(duck: Duck, table: str, last: int) -> str:
    """A query of the rows of newer records. PostgreSQL's texts have no NUL."""
    shown = ", ".join(
        f"REPLACE({name}, chr(0), '\N{REPLACEMENT CHARACTER}')" if kind == "VARCHAR" else name
        for name, kind in _described(duck, table)
    )
    key = "number" if table == "entries" else "record"
    return f"SELECT {shown} FROM {table} WHERE {key} > {last}"  # noqa: S608 (names of our own)


def _copy(connection: psycopg.Connection[tuple[Any, ...]], table: str, file: Path) -> None:
    with (
        file.open("rb") as stream,
        connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as copy,
    ):
        while piece := stream.read(_PIECE):
            copy.write(piece)
    file.unlink()


def _clean(value: Any) -> Any:
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    """A number of PostgreSQL's as the other engines give it: sums of whole numbers are whole."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value.as_tuple().exponent == 0 else float(value)
