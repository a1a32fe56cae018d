"""What commands have in common, where it is given nonsense."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.cli import run
from tests.support.repository import clean_environment


@pytest.mark.parametrize(
    ("time", "why"),
    [
        ("yesterday", "is no ISO 8601 time"),
        ("2026-11-22T10:00:00", "has no zone"),
        ("0001-01-01T00:00:00+23:00", "is not between 1970 and 2999"),
        ("9999-12-31T23:59:59Z", "is not between 1970 and 2999"),
    ],
)
def test_a_time_that_is_none(tmp_path: Path, time: str, why: str) -> None:
    done = run("check", "--now", time, folder=tmp_path, environment=clean_environment(tmp_path))
    assert done.exit_code == 2
    assert why in done.stderr


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'rmdir "$PWD" && exec "$0" -m vsm_gate metrics'
    done = subprocess.run(
        ["sh", "-c", script, sys.executable],
        cwd=gone,
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "the current folder does not exist any more" in done.stderr


@pytest.mark.parametrize(
    ("word", "hint"), [("chekc", "perhaps you meant `check`?"), ("zzz", "--help` lists them")]
)
def test_a_command_that_there_is_not(tmp_path: Path, word: str, hint: str) -> None:
    done = run(word, folder=tmp_path, environment=clean_environment(tmp_path))
    assert done.exit_code == 2
    assert f"there is no command `{word}`" in done.stderr
    assert hint in done.stderr
