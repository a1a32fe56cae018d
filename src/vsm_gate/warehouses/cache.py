"""A ledger's records as Parquet files in a folder, brought up to date from what was read last.

The files come in chunks, each with a file for every table of records. What is new becomes a chunk
of its own, and small chunks are put together, so that reading costs what is new. Whatever is in
doubt is read anew: a history that was rewritten, a file that is not as it was written, another
version of the tables.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from vsm_gate.analytics import sql
from vsm_gate.analytics.engine import Duck, connect, quoted
from vsm_gate.analytics.extraction import BASES, Extraction, as_json
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.stream import RewrittenError

_SCHEMA: Final = "vsm-gate/cache/v1"
_MANIFEST: Final = "manifest.json"
_MEMORY: Final = "900MB"
# A chunk is closed at so many records or bytes, whichever comes first.
_RECORDS: Final = 50_000
_BYTES: Final = 200_000_000
# So many chunks may be less than a tenth full before they are put together.
_SMALL: Final = 12

Content = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Files `<name>.<table>.parquet`; `marks` has the size and the time of change of each."""

    name: str
    records: int
    marks: dict[str, list[int]]


@dataclass(slots=True)
class _Manifest:
    """What the cache holds: `positions` of the ledger, the number of the `last` record.

    `generation` names the numbering of records: what has other numbers has another one.
    """

    generation: str = ""
    positions: dict[str, str] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    last: int = 0
    made: int = 0
    rejected: int = 0


class Cache:
    """The records of one ledger in a folder that belongs to nobody else.

    Several processes may use it: one brings it up to date, all others wait, and nobody changes it
    while somebody reads.
    """

    def __init__(self, folder: Path, progress: Callable[[str], None] = lambda _: None) -> None:
        self._folder = folder
        self._progress = progress
        self._held = _Manifest()

    @property
    def rejected(self) -> int:
        """Records that are no JSON or have no time."""
        return self._held.rejected

    @property
    def generation(self) -> str:
        """The name of the numbering of records: another one after all were read anew."""
        return self._held.generation

    def files(self, table: str) -> list[str]:
        """The Parquet files of one of the tables of records."""
        return [str(self._place(chunk.name, table)) for chunk in self._held.chunks]

    @property
    def spill(self) -> Path:
        """A folder for what is thrown away afterwards; DuckDB may write to it."""
        return self._folder / "spill"

    @contextmanager
    def reading(self, ledger: Ledger) -> Iterator[Duck]:
        """A DuckDB over the records of the ledger as it stands; the files stay until it is left.

        Raises `OSError` where the folder cannot be used.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._refresh(ledger)
            fcntl.flock(lock, fcntl.LOCK_SH)
            duck = self._connect()
            try:
                for table in BASES:
                    duck.connection.execute(f"CREATE VIEW {table} AS {self._scan(table)}")
                yield duck
            finally:
                duck.connection.close()

    def _refresh(self, ledger: Ledger) -> None:
        self._held = self._load() or self._empty()
        positions = ledger.positions()
        if positions == self._held.positions and self._held.chunks:
            return
        try:
            self._add(ledger.iter_contents(self._held.positions))
        except RewrittenError:
            self._held = self._empty()
            self._add(ledger.iter_contents())
        self._held.positions = positions
        self._compact()
        self._save()

    def _connect(self) -> Duck:
        return connect([str(self._folder)], spill=str(self.spill), memory=_MEMORY)

    def _add(self, contents: Iterable[Content]) -> None:
        duck = self._connect()
        extraction = Extraction(duck, self._held.last)
        lines = self._folder / "lines.json"
        try:
            for count in _written(contents, lines):
                known = self._scan("entries", "id") if self._held.chunks else ""
                if not extraction.lines(str(lines), known):
                    readable = list(_readable(lines))
                    extraction.rejected += count - len(readable)
                    extraction.texts(readable, known)
                self._write(duck, {table: sql.text("extract", table) for table in BASES})
                self._progress(f"Reading the history: {extraction.last:,} records")
            if not self._held.chunks:
                extraction.texts(())
                self._write(duck, {table: sql.text("extract", table) for table in BASES})
        finally:
            duck.connection.close()
            lines.unlink(missing_ok=True)
        self._held.last = extraction.last
        self._held.rejected += extraction.rejected

    def _write(self, duck: Duck, queries: dict[str, str]) -> None:
        """Write a chunk from a query for each table."""
        self._held.made += 1
        name = f"{self._held.made:06}"
        marks, records = {}, 0
        for table, query in queries.items():
            place = self._place(name, table)
            done = duck.connection.execute(
                f"COPY ({query}) TO {quoted(str(place))} (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone()
            if table == "entries" and done:
                records = int(done[0])
            marks[table] = _mark(place)
        self._held.chunks.append(Chunk(name, records, marks))

    def _compact(self) -> None:
        """Put small chunks together, once there are many."""
        small = [chunk for chunk in self._held.chunks if chunk.records < _RECORDS // 10]
        if len(small) <= _SMALL:
            return
        duck = self._connect()
        order = {"entries": "number", "events": "record", "objectives": "objective, record"}
        order |= {"measurements": "metric, record", "tags": "tag, record, name"}
        try:
            queries = {
                table: f"{self._scan(table, chunks=small)} ORDER BY {order[table]}"
                for table in BASES
            }
            self._write(duck, queries)
        finally:
            duck.connection.close()
        self._held.chunks = [chunk for chunk in self._held.chunks if chunk not in small]

    def _scan(self, table: str, what: str = "*", chunks: Sequence[Chunk] | None = None) -> str:
        """A query of some columns of all chunks, or of some."""
        chosen = self._held.chunks if chunks is None else chunks
        places = ", ".join(quoted(str(self._place(chunk.name, table))) for chunk in chosen)
        return f"SELECT {what} FROM read_parquet([{places}])"  # noqa: S608 (quoted)

    def _place(self, name: str, table: str) -> Path:
        return self._folder / f"{name}.{table}.parquet"

    def _load(self) -> _Manifest | None:
        """What is there; None where it is not exactly what an earlier run left."""
        try:
            said = json.loads((self._folder / _MANIFEST).read_text("utf-8"))
            if said.pop("schema") != _SCHEMA or said.pop("tables") != _version():
                return None
            said["chunks"] = [Chunk(**chunk) for chunk in said["chunks"]]
            held = _Manifest(**said)
            whole = all(
                _mark(self._place(chunk.name, table)) == chunk.marks[table]
                for chunk in held.chunks
                for table in BASES
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return held if whole else None

    def _empty(self) -> _Manifest:
        """Take everything away."""
        (self._folder / _MANIFEST).unlink(missing_ok=True)
        for file in self._folder.glob("*.parquet"):
            file.unlink(missing_ok=True)
        return _Manifest(generation=secrets.token_hex(8))

    def _save(self) -> None:
        said = {"schema": _SCHEMA, "tables": _version(), **asdict(self._held)}
        beside = self._folder / f"{_MANIFEST}.new"
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(self._folder / _MANIFEST)
        kept = {chunk.name for chunk in self._held.chunks}
        for file in self._folder.glob("*.parquet"):
            if file.name.partition(".")[0] not in kept:
                file.unlink(missing_ok=True)
        shutil.rmtree(self.spill, ignore_errors=True)

    def forget(self) -> None:
        """Read everything anew the next time."""
        with suppress(OSError):
            (self._folder / _MANIFEST).unlink()


def _mark(file: Path) -> list[int]:
    found = file.stat()
    return [found.st_size, found.st_mtime_ns]


def _version() -> str:
    """What the files are like: the queries that made them, and what ran those."""
    texts = [sql.text("extract", name) for name in sql.names("extract")]
    return hashlib.sha256("\0".join([duckdb.__version__, *texts]).encode()).hexdigest()


def _written(contents: Iterable[Content], file: Path) -> Iterator[int]:
    """Fill the file with the next lines, each id once, again and again; how many there are."""
    stream = iter(contents)
    ended = False
    while not ended:
        seen: set[str] = set()
        size = 0
        with file.open("wb") as out:
            for identity, content in stream:
                if identity not in seen:
                    size += out.write(b'{"id":"%b","document":%b}\n' % (identity.encode(), content))
                    seen.add(identity)
                if len(seen) == _RECORDS or size > _BYTES:
                    break
            else:
                ended = True
        if seen:
            yield len(seen)


def _readable(file: Path) -> Iterator[tuple[str, str]]:
    """The lines that are JSON, of a file in which some are not."""
    with file.open("rb") as lines:
        for line in lines:
            with suppress(ValueError, RecursionError):
                said = json.loads(line)
                text = as_json(said["document"])
                if text is not None:
                    yield said["id"], text


def cache_home(environment: Mapping[str, str]) -> Path:
    """Where caches are kept: `$XDG_CACHE_HOME/vsm-gate`, by default `~/.cache/vsm-gate`."""
    home = environment.get("XDG_CACHE_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path(environment.get("HOME", "/")) / ".cache"
    return base / "vsm-gate"
