"""The history: an append however long it is, many at once, and its verification."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.support.git_http import GitServer, serving
from tests.support.ledgers import DAY, NOW, bare_machine, checkout, document, server

from bench.measure import Row, Sample
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import Record
from vsm_gate.history.store import Appended

SHORT: Final = 1_000
LONG: Final = 100_000
A_DAY: Final = 500
WRITERS: Final = 50
RUNS: Final = 9


@dataclass(frozen=True, slots=True)
class Place:
    """A machine with a checkout, and a server's repository with so many records."""

    work: Path
    bare: Path
    environment: dict[str, str]
    days: int

    def ledger(self, remote: str | None) -> Ledger:
        folder = self.bare if remote is None else self.work
        now = NOW + (self.days - 1) * DAY + timedelta(hours=9)
        return Ledger.open(folder, remote=remote, environment=self.environment, now=now)


def rows(folder: Path) -> Iterator[Row]:
    """Append at 1 k and at 100 k records, locally and over HTTP; 50 at once; verify."""
    short, long = (filled(folder / str(count), count) for count in (SHORT, LONG))
    yield _compared("append, own repository", _append(short, None), _append(long, None))
    with (
        serving(short.bare.parent, short.environment) as one,
        serving(long.bare.parent, long.environment) as other,
    ):
        at_short = _append(short, f"{one.url}/history.git")
        at_long = _append(long, f"{other.url}/history.git")
        yield _compared("append over HTTP", at_short, at_long)
        moved = (_moved(short, one), _moved(long, other))
        yield Row(
            f"bytes moved by an append at {LONG:,} records ({moved[1]:,})",
            at_long,
            f"at {SHORT:,} ({moved[0]:,})",
            None,
            "≤ 1.2×",
            moved[1] <= 1.2 * moved[0],
        )
        yield _contention(long, f"{other.url}/history.git")
    yield _verification(long)


def filled(folder: Path, count: int) -> Place:
    """A history of so many records, spread over days."""
    environment = bare_machine(folder)
    work = checkout(folder / "work").path
    repository = server(folder / "server" / "history.git")
    place = Place(work, repository.path, environment, count // A_DAY)
    for day in range(place.days):
        now = NOW + day * DAY
        records = [_record(day * A_DAY + number, number) for number in range(A_DAY)]
        Ledger.open(repository.path, environment=environment, now=now).append(records)
    repository.git("gc", "--quiet")
    return place


def _record(number: int, second: int) -> Record:
    """A record of the size that a check has."""
    day = number // A_DAY
    measurements = {
        f"coverage.part{part}": {"value": 81.25, "numerator": 13, "denominator": 16, "unit": "%"}
        for part in range(30)
    }
    when = NOW + day * DAY + timedelta(seconds=second)
    return Record.of(document(number, time=when, measurements=measurements))


def _append(place: Place, remote: str | None) -> Sample:
    """The fastest of some appends, each of a record of its own."""
    times = []
    for run in range(RUNS):
        mine = Record.of(document(10**7 + run, time=NOW + (place.days - 1) * DAY, at=str(remote)))
        start = time.perf_counter()
        place.ledger(remote).append([mine])
        times.append(time.perf_counter() - start)
    return Sample(min(times), _memory())


def _compared(work: str, short: Sample, long: Sample) -> Row:
    met = long.seconds <= 1.2 * short.seconds
    return Row(f"{work}, {LONG:,} records", long, f"at {SHORT:,}", short, "≤ 1.2×", met)


def _moved(place: Place, http: GitServer) -> int:
    before = http.sent + http.received
    _append(place, f"{http.url}/history.git")
    return (http.sent + http.received - before) // RUNS


def _contention(place: Place, url: str) -> Row:
    """Processes that append at once: none lost, and the pushes of the unluckiest."""
    jobs = [(number, place, url) for number in range(WRITERS)]
    with multiprocessing.get_context("spawn").Pool(WRITERS) as pool:
        start = time.perf_counter()
        done = pool.map(_write, jobs, chunksize=1)
        seconds = time.perf_counter() - start
    recorded = {found.id for found in place.ledger(None).newest()}
    lost = sum(found.ids[0] not in recorded for found in done)
    most = max(found.attempts for found in done)
    work = f"{WRITERS} at once over HTTP ({lost} lost, at most {most} pushes)"
    met = lost == 0 and most <= 4
    return Row(work, Sample(seconds, _memory()), "", None, "none lost, ≤ 4", met)


def _write(job: tuple[int, Place, str]) -> Appended:
    number, place, url = job
    mine = Record.of(document(10**8 + number, time=NOW + (place.days - 1) * DAY))
    return place.ledger(url).append([mine])


def _verification(place: Place) -> Row:
    start = time.perf_counter()
    walk = place.ledger(None).verify()
    seconds = time.perf_counter() - start
    met = not walk.faults and seconds <= 30
    work = f"verify {walk.records:,} records"
    return Row(work, Sample(seconds, _memory()), "", None, "≤ 30 s", met)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
