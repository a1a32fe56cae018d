"""Histories of any length, written as appends would have written them, by `git fast-import`."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from tests.support.ledgers import DAY, NOW, bare_machine, checkout, document, server

from vsm_gate.history.layout import FORMAT, sealed_path
from vsm_gate.history.ledger import Ledger, Options
from vsm_gate.history.record import Record, day_folder, path_of, read

OPEN_RECORDS = 100  # in each of the two days that are open


@dataclass(frozen=True, slots=True)
class Place:
    """A machine with a checkout, and a server's repository with a history of so many days."""

    work: Path
    bare: Path
    environment: dict[str, str]
    days: int

    def ledger(self, remote: str | None, shards: int = 1) -> Ledger:
        """The history, on its last day."""
        folder = self.bare if remote is None else self.work
        now = NOW + (self.days - 1) * DAY + timedelta(hours=9)
        return Ledger.open(
            folder,
            remote=remote,
            environment=self.environment,
            now=now,
            options=Options(shards=shards),
        )


def filled(folder: Path, count: int, *, days: int = 200, whole: bool = True) -> Place:
    """A history of so many records, of the size that checks have, over so many days.

    Without `whole` there are only the sealed days, and no commits that added their records: it can
    be read and appended to, and not be verified.
    """
    environment = bare_machine(folder)
    work = checkout(folder / "work").path
    repository = server(folder / "server" / "history.git")
    importing = subprocess.Popen(
        ["git", "-c", "core.compression=1", "fast-import", "--quiet", "--depth=0"],
        cwd=repository.path,
        env=environment,
        stdin=subprocess.PIPE,
    )
    with importing:
        if importing.stdin is not None:
            _write(importing.stdin, count, days, whole)
    if importing.returncode:
        raise RuntimeError("git fast-import failed")
    return Place(work, repository.path, environment, days)


def _write(stream: IO[bytes], count: int, days: int, whole: bool) -> None:
    """The commits: each day's records in one, and two days later the commit that seals it."""
    each = (count - 2 * OPEN_RECORDS) // (days - 2)
    sealing: list[tuple[int, list[bytes]]] = []
    for day in range(days):
        if len(sealing) == 2:
            _seal(stream, *sealing.pop(0), at=day)
        mine = each if day < days - 2 else OPEN_RECORDS
        records = [_content(day, number) for number in range(mine)]
        sealing.append((day, records))
        if whole or day >= days - 2 or day == 0:
            files = {path_of(read(content)): content for content in records}
            if day == 0:
                files["FORMAT"] = FORMAT
            _commit(stream, day, f"Record {len(records)} records", files)


def _seal(stream: IO[bytes], day: int, records: list[bytes], at: int) -> None:
    date = (NOW + day * DAY).date()
    lines = sorted(records, key=lambda each: hashlib.sha256(each).digest())
    text = b"".join(line + b"\n" for line in lines)
    message = f"Seal {date}: {len(lines)} records"
    _commit(stream, at, message, {sealed_path(date): text}, gone=day_folder(date))


def _commit(
    stream: IO[bytes], day: int, message: str, files: dict[str, bytes], gone: str = ""
) -> None:
    seconds = int((NOW + day * DAY).timestamp())
    who = f"vsm-gate <vsm-gate@noreply.invalid> {seconds} +0000"
    stream.write(b"commit refs/heads/vsm-history\n")
    stream.write(f"committer {who}\ndata {len(message)}\n{message}\n".encode())
    if gone:
        stream.write(f"D {gone}\n".encode())
    for path, content in files.items():
        stream.write(f"M 100644 inline {path}\ndata {len(content)}\n".encode())
        stream.write(content + b"\n")


def _content(day: int, number: int) -> bytes:
    """A record made from one that serves as a pattern: a million of them in seconds."""
    when = NOW + day * DAY + timedelta(seconds=number)
    own = day * 10**6 + number + 10**8
    return (
        _PATTERN.replace(_NUMBER, b"%d" % own)
        .replace(_COMMIT, b"%040x" % own)
        .replace(_TIME, when.strftime("%Y-%m-%dT%H:%M:%SZ").encode())
    )


_NUMBER, _COMMIT, _TIME = b"999999999", b"%040x" % 999_999_999, b"2001-01-01T00:00:00Z"
_PATTERN = Record.of(
    document(
        999_999_999,
        time=datetime(2001, 1, 1, tzinfo=UTC),
        measurements={
            f"coverage.part{part}": {
                "value": 81.25, "numerator": 13, "denominator": 16, "unit": "%"
            }
            for part in range(30)
        },
    )
).content  # fmt: skip


def fresh(place: Place, start: int, count: int) -> Iterator[Record]:
    """Records of the last day that are not there yet."""
    when = NOW + (place.days - 1) * DAY
    return (Record.of(document(10**8 + start + n, time=when)) for n in range(count))
