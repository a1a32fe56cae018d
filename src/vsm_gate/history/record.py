"""A record: one immutable entry in the history, named by the digest of its content.

The content is canonical JSON: ASCII, keys sorted, no blanks, no line end, one line. A document has
therefore exactly one content and one name, and recording it twice is recording it once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, NoReturn

from vsm_gate.errors import HistoryError

SCHEMA: Final = "vsm-gate/record/v1"

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._~-]")
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Record:
    """A record. `id` is the SHA-256 of its content, 64 hexadecimal digits."""

    id: str
    document: dict[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Record:
        """The record of a document. Raises `HistoryError` naming what is wrong with it."""
        return parse(canonical(document))

    @property
    def content(self) -> bytes:
        """The content that `id` is the digest of."""
        return canonical(self.document)

    @property
    def kind(self) -> str:
        """`check`, `heartbeat`, `deployment`, `incident`, and whatever a later version adds."""
        return str(self.document["kind"])

    @property
    def time(self) -> datetime:
        """When the record was made, in UTC."""
        return _time(self.document["time"])

    @property
    def repository(self) -> str:
        """`owner/name`, as the forge has it."""
        return str(self.document["repository"])

    @property
    def team(self) -> str | None:
        """The team that the record belongs to; None where no team is named."""
        team = self.document.get("team")
        return None if team is None else str(team)


def canonical(document: Mapping[str, Any]) -> bytes:
    """Canonical JSON of a document. Raises `HistoryError` for what JSON cannot say (NaN, dates)."""
    try:
        text = json.dumps(
            document, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
        )
    except (TypeError, ValueError, RecursionError) as problem:
        raise HistoryError(f"a record cannot be written as JSON: {problem}") from None
    return text.encode("ascii")


def digest(content: bytes) -> str:
    """SHA-256 of a content, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def parse(content: bytes) -> Record:
    """The record with this content. Fields that are not known are accepted.

    Raises `HistoryError` naming what is wrong: not JSON, not canonical, another schema, a field
    that every record has missing or of the wrong type.
    """
    record = read(content)
    if canonical(record.document) != content:
        raise HistoryError("not a record: its JSON is not canonical")
    return record


def read(content: bytes) -> Record:
    """As `parse`, for content that is already in the ledger: its form is not checked again."""
    try:
        document = json.loads(content, parse_constant=_refuse)
    except RecursionError:
        raise HistoryError("not a record: it is nested too deeply") from None
    except ValueError as problem:
        raise HistoryError(f"not a record: not valid JSON: {problem}") from None
    if not isinstance(document, dict):
        raise HistoryError("not a record: it is no JSON object")
    _require(document)
    return Record(digest(content), document)


def path_of(record: Record, *, day: date | None = None) -> str:
    """Where a record lies: `records/2026/11/22/<owner>~<repo>/<time>-<kind>-<digest12>.json`.

    `day` is the day (UTC) on which it is recorded, by default that of its own time. Names that
    come from outside are made safe for any file system.
    """
    folder = repository_folder(record.repository)
    return f"{day_folder(day or record.time.date())}/{folder}/{file_name(record)}"


def repository_folder(repository: str) -> str:
    """`<owner>~<repo>`."""
    return safe_name(repository.replace("/", "~"))


def day_folder(day: date) -> str:
    """The folder of an open day."""
    return f"records/{day.year:04}/{day:%m/%d}"


def file_name(record: Record) -> str:
    """`<time>-<kind>-<digest12>.json`; the time in UTC, without colons."""
    kind = safe_name(record.kind)
    time = record.time
    return f"{time.year:04}{time:%m%dT%H%M%SZ}-{kind}-{record.id[:12]}.json"


def safe_name(name: str) -> str:
    """A name that may stand in a path: nothing hidden, reserved, or longer than 100 characters.

    A name that had to be changed carries eight digits of its digest, so that two hostile names
    are not taken for one.
    """
    safe = _UNSAFE.sub("_", name)
    if safe.startswith((".", "-")):
        safe = f"_{safe[1:]}"
    reserved = re.search(r"(~\d+|\.|\.lock)$", safe, re.IGNORECASE) is not None
    if safe == name and safe and not reserved and len(safe) <= _LONGEST_NAME:
        return safe
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe[:_LONGEST_NAME]}_{mark}"


def _require(document: dict[str, Any]) -> None:
    """Check the fields that every record has."""
    schema = document.get("schema")
    if schema != SCHEMA:
        raise HistoryError(
            f"not a record: its schema is {schema!r}, not {SCHEMA!r}",
            hint="records of a later version are read by a later vsm-gate",
        )
    for field in ("kind", "time", "repository"):
        if not isinstance(document.get(field), str) or not document[field]:
            raise HistoryError(f"not a record: `{field}` is missing or no text")
    if not isinstance(document.get("team"), str | None):
        raise HistoryError("not a record: `team` is no text")
    _time(document["time"])


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise HistoryError(f"not a record: `time` is no ISO 8601 time: {text!r}") from None
    if time.tzinfo is None:
        raise HistoryError(f"not a record: `time` has no zone: {text!r}")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise HistoryError(f"not a record: `time` cannot be told in UTC: {text!r}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")
