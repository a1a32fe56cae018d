"""From records as the ledger holds them to the tables that everything else reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import duckdb

from vsm_gate.analytics import sql
from vsm_gate.analytics.engine import Duck, quoted

BASES: Final = ("entries", "events", "objectives", "measurements", "tags")
_BATCH: Final = 10_000


class Extraction:
    """Reads batches of documents in a DuckDB of its own; their rows are then in `BASES`' queries.

    `rejected` counts documents that are no JSON or have no time; `last` is the number of the newest
    record.
    """

    def __init__(self, duck: Duck, last: int = 0) -> None:
        self._run = duck.connection.execute
        self.last = last
        self.rejected = 0
        self._run(sql.text("extract", "macros"))

    def texts(self, documents: Sequence[tuple[str, str]], known: str = "") -> None:
        """Parse `(id, JSON)` pairs, each id once, those of `known`, a query of ids, left out."""
        self._run(
            "CREATE OR REPLACE TABLE raw AS SELECT UNNEST($1::VARCHAR[]) AS id,"
            " UNNEST($2::JSON[]) AS document",
            [[identity for identity, _ in documents], [text for _, text in documents]],
        )
        self._parse(known)

    def lines(self, file: str, known: str = "") -> bool:
        """Parse a file of lines `{"id": …, "document": …}`, likewise.

        Whether it could: where one of them is no JSON, none is taken.
        """
        objects = f"read_ndjson_objects({quoted(file)})"
        fields = "json->>'$.id' AS id, json->'$.document' AS document"
        self._run("DROP TABLE IF EXISTS raw")
        self._run(f"CREATE OR REPLACE VIEW raw AS SELECT {fields} FROM {objects}")  # noqa: S608
        try:
            self._parse(known)
        except duckdb.Error:
            return False
        finally:
            self._run("DROP VIEW raw")
        return True

    def _parse(self, known: str) -> None:
        parsed = sql.text("extract", "parsed")
        new = f"WHERE id NOT IN ({known})" if known else ""
        self._run(f"CREATE OR REPLACE TABLE said AS SELECT * FROM ({parsed}) {new}")  # noqa: S608
        number = f"rowid + {self.last + 1} AS number"
        self._run(f"CREATE OR REPLACE VIEW parsed AS SELECT {number}, * FROM said")  # noqa: S608
        found = self._run(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE moment(said.time) IS NULL) FROM parsed"
        ).fetchone()
        count, without_time = found or (0, 0)
        self.last += count
        self.rejected += without_time


def load(duck: Duck, records: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Make the tables of records in memory. Returns how many were rejected."""
    extraction = Extraction(duck)
    extraction.texts(())
    run = duck.connection.execute
    for table in BASES:
        run(f"CREATE TABLE {table} AS {sql.text('extract', table)}")
    stream = iter(records)
    unsaid = 0
    while batch := list(islice(stream, _BATCH)):
        once = dict(batch)
        said = [(each, text) for each, document in once.items() if (text := as_json(document))]
        unsaid += len(once) - len(said)
        extraction.texts(said, known="SELECT id FROM entries")
        for table in BASES:
            run(f"INSERT INTO {table} {sql.text('extract', table)}")
    run("DROP VIEW parsed")
    for name in ("raw", "said"):
        run(f"DROP TABLE {name}")
    return extraction.rejected + unsaid


def as_json(document: Mapping[str, Any]) -> str | None:
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
