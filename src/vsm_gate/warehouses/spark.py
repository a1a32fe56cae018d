"""Spark: the Parquet files of the cache as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

from vsm_gate.analytics.engine import Columns, Row
from vsm_gate.analytics.extraction import BASES
from vsm_gate.analytics.translation import translated
from vsm_gate.errors import InputError, UsageError
from vsm_gate.warehouses.cache import Cache

_TYPES: Final = {
    "text": "STRING", "time": "TIMESTAMP_NTZ", "number": "DOUBLE", "whole": "BIGINT",
}  # fmt: skip
_SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
}


class Spark:
    """Runs the queries in one session."""

    metrics_at_once = 1_000

    def __init__(self, session: Any) -> None:
        self._session = session

    def make(self, table: str, select: str) -> None:
        """Make a table, or make it anew, from a query."""
        found = self._session.sql(translated(select, "spark"))
        # Computed once, and cut off from what it was computed from.
        found.localCheckpoint(eager=True).createOrReplaceTempView(table)

    def give(self, table: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> None:
        """Make a table, or make it anew, from values."""
        shape = ", ".join(f"`{name}` {_TYPES[kind]}" for name, kind in columns.items())
        values = [tuple(row) for row in rows]
        self._session.createDataFrame(values, shape).createOrReplaceTempView(table)

    def rows(self, select: str, parameters: Sequence[str] = ()) -> Iterator[Row]:
        """The answer to a query."""
        found = self._session.sql(translated(select, "spark", parameters))
        zoned = {name for name, kind in found.dtypes if kind == "timestamp"}
        columns = [
            found[name].cast("timestamp_ntz").alias(name) if name in zoned else found[name]
            for name in found.columns
        ]
        for row in found.select(columns).collect():
            yield {name: _plain(value) for name, value in row.asDict().items()}


@contextmanager
def spark(master: str, cache: Cache) -> Iterator[Spark]:
    """Spark over the files of the cache, which every worker has to be able to read.

    Raises `UsageError` where pyspark is not installed, `InputError` where Spark says no.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise UsageError(
            "Spark needs pyspark, which is not installed",
            hint='install the extra: pip install "vsm-gate[spark]"; it needs Java 17',
        ) from None
    try:
        builder = SparkSession.builder.master(master).appName("vsm-gate")
        # On one machine more parts than cores only cost.
        local = {"spark.sql.shuffle.partitions": "2"} if master.startswith("local") else {}
        for name, value in {**_SETTINGS, **local}.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            for table in BASES:
                session.read.parquet(*cache.files(table)).createOrReplaceTempView(table)
            yield Spark(session)
        finally:
            session.stop()
    except PySparkException as problem:
        said = str(problem).strip().splitlines()
        raise InputError(f"Spark says: {said[0] if said else problem!r}") from None


def _plain(value: Any) -> Any:
    """A number of Spark's as the other engines give it: sums of whole numbers are whole."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value.as_tuple().exponent == 0 else float(value)
