"""The file of the index: whatever happens to it costs time and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsm_gate.change.history import HistoryFeatures
from vsm_gate.collect import history_cache
from vsm_gate.collect.history_index import Entry, HistoryIndex, TouchedPath
from vsm_gate.model.change import FileChange

FEATURES = HistoryFeatures(file_age=None, prior_changes=1, prior_authors=2, is_fix=True)


def filled() -> HistoryIndex:
    index = HistoryIndex()
    entries = [Entry(number, f"{number:040x}", number, FEATURES) for number in range(5)]
    path, old = index.path_id("a.py"), index.path_id("b\udcff.py")
    index.add(entries, [TouchedPath(old, 0), TouchedPath(old, 1), TouchedPath(path, 3, old)])
    index.keep_sizes({"1": [FileChange("a.py", "modified", 3, 4), FileChange("é", "modified")]})
    return index


def same(found: HistoryIndex) -> bool:
    return found.image() == filled().image()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "git" / "vsm-gate" / "history-index"


@pytest.fixture(autouse=True)
def _git_folder(place: Path) -> None:
    place.parent.parent.mkdir()


def test_what_was_saved_is_loaded(place: Path) -> None:
    assert history_cache.load(place)[1] == ""
    assert history_cache.save(filled(), place) == ""
    found, note = history_cache.load(place)
    assert (note, found.changed) == ("", False)
    assert found.newest() == (4, f"{4:040x}")
    assert found.earlier_to("a.py", 9) == [0, 1, 3]
    assert found.earlier_to("b\udcff.py", 1) == [0]
    assert found.entries([2])[2].features == FEATURES
    assert [each.path for each in found.sizes(["1", "2"])["1"]] == ["a.py", "é"]
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize("at", [0, 30, 100, -1])
def test_a_damaged_file_is_told_and_made_anew(place: Path, at: int) -> None:
    history_cache.save(filled(), place)
    content = bytearray(place.read_bytes())
    content[at] ^= 1
    place.write_bytes(content)
    found, note = history_cache.load(place)
    assert found.newest() is None
    assert note == "the cached history was damaged, and was made anew"
    assert history_cache.save(filled(), place) == ""
    assert same(history_cache.load(place)[0])


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 5000, b"vsm-gate/history-index/v1 \n"])
def test_what_is_no_such_file_is_told(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    found, note = history_cache.load(place)
    assert (found.newest(), bool(note)) == (None, True)


def test_a_file_cut_short_is_told(place: Path) -> None:
    history_cache.save(filled(), place)
    place.write_bytes(place.read_bytes()[:-1000])
    assert "damaged" in history_cache.load(place)[1]


def test_a_file_of_another_version_is_replaced_quietly(place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(b"vsm-gate/history-index/v9 0123\nwhatever")
    found, note = history_cache.load(place)
    assert (found.newest(), note) == (None, "")


def test_where_nothing_can_be_written_that_is_told(place: Path) -> None:
    place.parent.write_text("a file where the folder would be")
    note = history_cache.save(filled(), place)
    assert note.startswith("the history cannot be cached: ")
    assert history_cache.load(place)[1].startswith("the cached history cannot be read: ")


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(place: Path) -> None:
    (place / "in the way").mkdir(parents=True)
    assert history_cache.save(filled(), place).startswith("the history cannot be cached: ")
    assert list(place.parent.iterdir()) == [place]


def test_the_file_is_for_its_owner_alone(place: Path) -> None:
    history_cache.save(filled(), place)
    assert place.stat().st_mode & 0o077 == 0


def test_cutting_forgets_what_came_after() -> None:
    index = filled()
    index.cut_after(1)
    assert index.newest() == (1, f"{1:040x}")
    assert index.earlier_to("a.py", 9) == []
    assert index.earlier_to("b\udcff.py", 9) == [0, 1]
