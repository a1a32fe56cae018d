"""The history: an append however long it is, many at once, its verification, and reading it."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from tests.support.git_http import GitServer, serving

from bench.ledger_data import Place, filled, fresh
from bench.measure import Row, Sample
from vsm_gate.history.record import Record
from vsm_gate.history.store import Appended

SHORT: Final = 1_000
LONG: Final = 100_000
LONGEST: Final = 1_000_000
RUNS: Final = 9
T = TypeVar("T")


def rows(folder: Path) -> Iterator[Row]:
    """Append at 1 k, 100 k and 1 M records, locally and over HTTP; many at once; verify; read."""
    short, long = (filled(folder / str(count), count) for count in (SHORT, LONG))
    longest = filled(folder / str(LONGEST), LONGEST, whole=False)
    with (
        serving(short.bare.parent, short.environment) as one,
        serving(long.bare.parent, long.environment) as two,
        serving(longest.bare.parent, longest.environment) as three,
    ):
        places = ((short, one, SHORT), (long, two, LONG), (longest, three, LONGEST))
        urls = [f"{http.url}/history.git" for _, http, _ in places]
        own = _appends([(place, None) for place, _, _ in places])
        remote = _appends([(place, url) for (place, _, _), url in zip(places, urls, strict=True)])
        moved = [_moved(place, http) for place, http, _ in places]
        for at in (1, 2):
            count = places[at][2]
            yield _compared("append, own repository", count, own[at], own[0])
            yield _compared("append over HTTP", count, remote[at], remote[0])
            yield _bytes(count, moved[at], moved[0], remote[at])
        for writers, shards in ((50, 1), (200, 1), (50, 16)):
            yield _contention(long, urls[1], writers, shards)
    yield _verification(long)
    yield from _reading(longest)


def _appends(places: Sequence[tuple[Place, str | None]]) -> list[Sample]:
    """The fastest of some appends at each place, each of a record of its own; in turns, since what
    else the machine does comes and goes.
    """
    times: list[list[float]] = [[] for _ in places]
    for _ in range(RUNS):
        for found, (place, remote) in zip(times, places, strict=True):
            mine = _mine(place, remote)
            start = time.perf_counter()
            place.ledger(remote).append([mine])
            found.append(time.perf_counter() - start)
    return [Sample(min(found), _memory()) for found in times]


def _mine(place: Place, remote: str | None) -> Record:
    """A record that is not there yet."""
    found = next(fresh(place, 10**6, 1))
    return Record.of({**found.document, "at": f"{remote} {time.perf_counter_ns()}"})


def _compared(work: str, count: int, long: Sample, short: Sample) -> Row:
    met = long.seconds <= 1.2 * short.seconds
    return Row(f"{work}, {count:,} records", long, f"at {SHORT:,}", short, "≤ 1.2×", met)


def _moved(place: Place, http: GitServer) -> int:
    """The bytes of an append, both ways."""
    before = http.sent + http.received
    place.ledger(f"{http.url}/history.git").append([_mine(place, http.url)])
    return http.sent + http.received - before


def _bytes(count: int, long: int, short: int, at_long: Sample) -> Row:
    work = f"bytes moved by an append at {count:,} records ({long:,})"
    return Row(work, at_long, f"at {SHORT:,} ({short:,})", None, "≤ 1.2×", long <= 1.2 * short)


def _contention(place: Place, url: str, writers: int, shards: int) -> Row:
    """Processes that append at once: none lost, and the pushes of the unluckiest."""
    records = fresh(place, 1_000 * (writers + shards), writers)
    jobs = [(record, place, url, shards) for record in records]
    with multiprocessing.get_context("forkserver").Pool(writers) as pool:
        pool.map(_wake, range(writers), chunksize=1)
        start = time.perf_counter()
        done = pool.map(_write, jobs, chunksize=1)
        seconds = time.perf_counter() - start
    recorded = {name for name, _ in place.ledger(None).iter_contents()}
    lost = sum(found.ids[0] not in recorded for found in done)
    most = max(found.attempts for found in done)
    left = sum(found.how == "inbox" for found in done)
    where = " to 16 shards" if shards > 1 else ""
    work = f"{writers} at once over HTTP{where} ({lost} lost, {left} left, at most {most} pushes)"
    met = lost == 0 and most <= 4
    return Row(work, Sample(seconds, _memory()), "", None, "none lost, ≤ 4", met)


def _wake(_: int) -> None:
    """Let every process be there, with its modules, before the clock starts."""
    time.sleep(0.5)


def _write(job: tuple[Record, Place, str, int]) -> Appended:
    mine, place, url, shards = job
    return place.ledger(url, shards).append([mine])


def _verification(place: Place) -> Row:
    walk, sample = _timed(place.ledger(None).verify)
    met = not walk.faults and sample.seconds <= 30
    return Row(f"verify {walk.records:,} records", sample, "", None, "≤ 30 s", met)


def _reading(place: Place) -> Iterator[Row]:
    """All contents, and those that were added since."""
    ledger = place.ledger(None)
    count, sample = _timed(lambda: sum(1 for _ in ledger.iter_contents()))
    yield Row(f"first read of {count:,} records", sample, "", None, "≤ 15 s", sample.seconds <= 15)
    since = ledger.positions()
    ledger.append(list(fresh(place, 10**7, 100)))
    later = place.ledger(None)
    count, sample = _timed(lambda: sum(1 for _ in later.iter_contents(since)))
    met = count == 100 and sample.seconds <= 0.5
    yield Row(f"read the {count:,} records added since", sample, "", None, "≤ 0.5 s", met)


def _timed(work: Callable[[], T]) -> tuple[T, Sample]:
    start = time.perf_counter()
    found = work()
    return found, Sample(time.perf_counter() - start, _memory())


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
