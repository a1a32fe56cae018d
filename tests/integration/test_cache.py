"""The cache of a history: it reads what is new, and all of it where anything is in doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.ledgers import NOW, bare_machine, checkout, document, opened, record
from tests.support.repository import Repository

from vsm_gate.analytics.warehouse import Warehouse
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import canonical
from vsm_gate.warehouses import cache as caches
from vsm_gate.warehouses.cache import Cache

Change = Callable[[Path], object]


class History:
    """A repository with a history, and a cache of it."""

    def __init__(self, folder: Path) -> None:
        self.environment = bare_machine(folder)
        self.repository: Repository = checkout(folder / "work")
        self.folder = folder / "cache"

    def ledger(self) -> Ledger:
        return opened(self.repository.path, self.environment)

    def add(self, *numbers: int) -> None:
        self.ledger().append([record(number) for number in numbers])

    def scores(self) -> list[float]:
        """The scores of all records that the cache has, brought up to date."""
        with Cache(self.folder).reading(self.ledger()) as duck:
            return sorted(row["score"] for row in duck.rows("SELECT score FROM entries"))

    def chunks(self) -> list[str]:
        said = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        return [chunk["name"] for chunk in said["chunks"]]


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_what_is_new_is_added_to_what_was_read(history: History) -> None:
    history.add(1, 2)
    assert history.scores() == [91, 92]
    (first,) = history.chunks()
    before = (history.folder / f"{first}.entries.parquet").stat().st_mtime_ns

    history.add(3)

    assert history.scores() == [91, 92, 93]
    assert history.chunks()[0] == first
    assert (history.folder / f"{first}.entries.parquet").stat().st_mtime_ns == before


def test_nothing_new_writes_nothing(history: History) -> None:
    history.add(1)
    history.scores()
    before = (history.folder / "manifest.json").stat().st_mtime_ns

    assert history.scores() == [91]
    assert (history.folder / "manifest.json").stat().st_mtime_ns == before


def test_a_history_without_records_is_an_empty_one(history: History) -> None:
    assert history.scores() == []

    history.add(1)

    assert history.scores() == [91]


def test_a_record_counts_once_however_often_it_was_recorded(history: History) -> None:
    history.add(1)
    history.scores()
    later = opened(history.repository.path, history.environment, now=NOW + timedelta(days=1))
    later.append([record(1), record(2)])

    assert history.scores() == [91, 92]


def test_a_history_that_was_rewritten_is_read_anew(history: History) -> None:
    history.add(1, 2)
    history.scores()
    history.repository.git("update-ref", "-d", "refs/heads/vsm-history")
    history.add(3)

    assert history.scores() == [93]


def _damage(cache: Path) -> None:
    (file, *_) = cache.glob("*.entries.parquet")
    file.write_bytes(b"x" * file.stat().st_size)


def _lose(cache: Path) -> None:
    (file, *_) = cache.glob("*.measurements.parquet")
    file.unlink()


def _other_version(cache: Path) -> None:
    place = cache / "manifest.json"
    place.write_text(place.read_text("utf-8").replace("cache/v1", "cache/v0"), encoding="utf-8")


def _half_written(cache: Path) -> None:
    (cache / "manifest.json").write_bytes(b'{"schema": "vsm-g')


@pytest.mark.parametrize("change", [_damage, _lose, _other_version, _half_written])
def test_a_cache_that_is_in_doubt_is_made_anew(history: History, change: Change) -> None:
    history.add(1, 2)
    history.scores()

    change(history.folder)

    assert history.scores() == [91, 92]


def test_many_small_chunks_are_put_together(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "_SMALL", 2)
    for number in range(4):
        history.add(number)
        history.scores()

    assert history.scores() == [90, 91, 92, 93]
    assert len(history.chunks()) < 4
    kept = {file.name.partition(".")[0] for file in history.folder.glob("*.parquet")}
    assert kept == set(history.chunks())


def test_what_is_no_json_is_counted_and_the_rest_is_read(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = canonical(document(1))
    surrogate = canonical(document(2, team="\ud800"))
    lines = [("a", good), ("b", b'{"kind": '), ("c", surrogate), ("d", b'{"kind": "check"}')]
    ledger = history.ledger()
    monkeypatch.setattr(ledger, "iter_contents", lambda since=None: iter(lines))
    cache = Cache(history.folder)

    with cache.reading(ledger) as duck:
        found = [row["score"] for row in duck.rows("SELECT score FROM entries ORDER BY score")]

    assert found == [91, 92]
    assert cache.rejected == 2


def test_it_gives_what_the_records_give(history: History) -> None:
    history.add(1, 2)

    with Cache(history.folder).reading(history.ledger()) as duck:
        kept = Warehouse(duck).query("views", "teams")

    fresh = Warehouse.of((each.id, each.document) for each in history.ledger().records())
    assert kept == fresh.query("views", "teams")
