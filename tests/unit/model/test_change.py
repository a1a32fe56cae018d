"""The change as data."""

from __future__ import annotations

from vsm_gate.model.change import Change, FileChange


def test_a_renamed_file_touches_both_its_places() -> None:
    files = (
        FileChange("b.py", "renamed", old_path="a.py"),
        FileChange("a.py", "added"),
        FileChange("c.py", "deleted"),
    )
    assert Change("base", "head", "head", "test", files).paths == ("b.py", "a.py", "c.py")
