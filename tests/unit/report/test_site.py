from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from vsm_gate.errors import InputError, UsageError
from vsm_gate.report.site import MARKER, write


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_written_with_its_folders(tmp_path: Path) -> None:
    write({"index.html": "a", "teams/b.html": "b"}, tmp_path / "x" / "site")

    assert files(tmp_path / "x" / "site") == {"index.html", "teams/b.html", MARKER}
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["site"]


def test_a_later_report_replaces_an_earlier_one_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write({"index.html": "old", "teams/gone.html": "old"}, site)

    write({"index.html": "new"}, site)

    assert files(site) == {"index.html", MARKER}
    assert (site / "index.html").read_text() == "new"


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()

    write({"index.html": "a"}, tmp_path / "site")

    assert files(tmp_path / "site") == {"index.html", MARKER}


@pytest.mark.parametrize("marker", [None, "{}", "[", '{"schema": "vsm-gate/report-folder/v1"}'])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, marker: str | None) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    if marker is not None:
        (tmp_path / MARKER).write_text(marker)

    with pytest.raises(UsageError, match=r"thesis\.txt|vsm-gate-report"):
        write({"index.html": "a"}, tmp_path)

    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_that_was_put_into_a_report_is_not_lost(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write({"index.html": "a"}, site)
    (site / "notes.txt").write_text("mine")

    with pytest.raises(UsageError, match=r"notes\.txt"):
        write({"index.html": "b"}, site)

    assert (site / "notes.txt").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")

    with pytest.raises(UsageError, match="not a folder"):
        write({"index.html": "a"}, tmp_path / "site")


def test_a_run_that_dies_half_way_leaves_the_old_report(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write({"index.html": "old"}, site)

    def dying() -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write({"index.html": dying()}, site)

    assert (site / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_where_nothing_can_be_written_the_message_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        write({"index.html": "a"}, tmp_path / "file" / "site")


def test_a_link_is_followed_to_the_folder_it_stands_for(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write({"index.html": "a"}, tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert files(tmp_path / "real") == {"index.html", MARKER}


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path: Path) -> None:
    write({"index.html": "a\ud800b"}, tmp_path / "site")

    assert (tmp_path / "site" / "index.html").read_bytes() == b"a?b"


def test_everybody_may_read_what_the_umask_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write({"index.html": "a"}, tmp_path / "site")
    finally:
        os.umask(before)

    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755
