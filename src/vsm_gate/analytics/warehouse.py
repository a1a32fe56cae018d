"""The tables of records in DuckDB, and the queries that read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from itertools import islice
from typing import Any, Final

import duckdb

from vsm_gate.analytics.periods import Period

Row = dict[str, Any]

TABLES: Final = (
    "records",
    "checks",
    "deployments",
    "incidents",
    "ties",
    "failures",
    "releases",
    "slo_readings",
    "approvals",
)
_BATCH: Final = 10_000
# The data come in as values: DuckDB needs no file, no network and no extension.
_CONFIGURATION: Final = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class Warehouse:
    """Records as tables. `rejected` counts those that are no JSON document or have no time."""

    def __init__(self, records: Iterable[tuple[str, Mapping[str, Any]]], teams: Sequence[str] = ()):
        """Load `(id, document)` pairs; where `teams` are named, only theirs count."""
        self._connection = duckdb.connect(":memory:", config=dict(_CONFIGURATION))
        self._connection.execute("SET TimeZone = 'UTC'")
        # Compressed, a million records take a third of the memory.
        self._connection.execute("ATTACH ':memory:' AS store (COMPRESS)")
        self._connection.execute("USE store")
        self.rejected = 0
        self._load(records)
        self._connection.execute(
            "CREATE TABLE chosen_teams AS SELECT UNNEST($1::VARCHAR[]) AS team", [list(teams)]
        )
        for table in TABLES:
            self._connection.execute(_sql("tables", table))
        # What records say is in the tables now.
        self._connection.execute("DROP TABLE documents")
        self._connection.execute("ALTER TABLE records DROP COLUMN said")
        self.set_deployed(())

    def set_deployed(self, rows: Iterable[tuple[str, str, str, datetime, datetime]]) -> None:
        """Say which changes each deployment carried first.

        A row is repository, deployed commit, change, when it was first authored, when merged.
        """
        columns = list(zip(*rows, strict=True)) or [(), (), (), (), ()]
        self._connection.execute(
            "CREATE OR REPLACE TABLE deployed AS SELECT UNNEST($1::VARCHAR[]) AS repository,"
            " UNNEST($2::VARCHAR[]) AS commit_id, UNNEST($3::VARCHAR[]) AS change,"
            " UNNEST($4::TIMESTAMP[]) AS authored, UNNEST($5::TIMESTAMP[]) AS merged",
            [list(column) for column in columns],
        )
        for table in ("lead_times", "carried"):
            self._connection.execute(_sql("tables", table))

    def set_periods(self, periods: Iterable[Period]) -> None:
        """Say which periods the queries are about."""
        rows = list(periods)
        self._connection.execute(
            "CREATE OR REPLACE TABLE periods AS SELECT UNNEST($1::VARCHAR[]) AS period,"
            " UNNEST($2::TIMESTAMP[]) AS since, UNNEST($3::TIMESTAMP[]) AS until,"
            " UNNEST($4::DOUBLE[]) AS days",
            [
                [row.name for row in rows],
                [row.since for row in rows],
                [row.until for row in rows],
                [row.days for row in rows],
            ],
        )

    def set_roll_ups(self, roll_ups: Mapping[str, str]) -> None:
        """Say how the measurements of many changes become one figure: metric → way."""
        self._connection.execute(
            "CREATE OR REPLACE TABLE metrics AS"
            " SELECT UNNEST($1::VARCHAR[]) AS metric, UNNEST($2::VARCHAR[]) AS roll_up",
            [list(roll_ups), list(roll_ups.values())],
        )

    def first_and_last(self) -> tuple[datetime, datetime] | None:
        """Times of the oldest and the newest record; None where there is no record."""
        found = self._connection.execute("SELECT MIN(time), MAX(time) FROM records").fetchone()
        return None if found is None or found[0] is None else (found[0], found[1])

    def query(self, folder: str, name: str) -> list[Row]:
        """The rows of one `.sql` file."""
        cursor = self._connection.execute(_sql(folder, name))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def records(self, team: str) -> Iterator[Row]:
        """A team's check records of the period, newest first, streamed."""
        cursor = self._connection.cursor()
        cursor.execute("USE store")
        cursor.execute(_sql("views", "records"), [team])
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(_BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def figures(self) -> Iterator[Row]:
        """The rows of every figure: metric, period, team, value, n, numerator, denominator."""
        for name in query_names():
            yield from self.query("queries", name)

    def _load(self, records: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        self._connection.execute("CREATE TABLE raw (number BIGINT, id VARCHAR, document JSON)")
        for table in ("macros", "parsed", "entries"):
            self._connection.execute(_sql("tables", table))
        self._connection.execute("CREATE TABLE documents AS FROM parsed")
        stream = iter(records)
        number = 0
        while batch := list(islice(stream, _BATCH)):
            ids, documents = [], []
            for identity, document in batch:
                text = _json(document)
                if text is None:
                    self.rejected += 1
                    continue
                ids.append(identity)
                documents.append(text)
            self._connection.execute(
                "CREATE OR REPLACE TABLE raw AS SELECT UNNEST($1::BIGINT[]) AS number,"
                " UNNEST($2::VARCHAR[]) AS id, UNNEST($3::JSON[]) AS document",
                [list(range(number, number + len(ids))), ids, documents],
            )
            number += len(ids)
            for step in ("parsed", "batch"):
                self._connection.execute(_sql("tables", step))
        without_time = "SELECT COUNT(*) FROM documents WHERE moment(said.time) IS NULL"
        found = self._connection.execute(without_time).fetchone()
        self.rejected += 0 if found is None else int(found[0])
        for table in ("raw", "parsed"):
            self._connection.execute(f"DROP TABLE {table}")


def _json(document: Mapping[str, Any]) -> str | None:
    """A document as JSON that DuckDB reads; None where JSON cannot say it (NaN)."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        # JSON allows halves of surrogate pairs, text does not. Two keys may become one by that.
        clean = text.encode("utf-8", "replace").decode()
        return json.dumps(json.loads(clean), ensure_ascii=False)
    return text


def query_names() -> list[str]:
    """The figures' queries, by name."""
    folder = files("vsm_gate.analytics") / "queries"
    return sorted(item.name.removesuffix(".sql") for item in folder.iterdir())


def _sql(folder: str, name: str) -> str:
    return (files("vsm_gate.analytics") / folder / f"{name}.sql").read_text("utf-8")
