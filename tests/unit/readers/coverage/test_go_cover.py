"""Go profiles: blocks fill lines, repeated blocks are one."""

from __future__ import annotations

import pytest
from tests.support.covered import read, refused, states


def test_a_block_covers_all_of_its_lines() -> None:
    found = read("mode: set\na.go:2.1,4.2 2 1\n")
    assert states(found.files["a.go"]) == " ccc"


def test_a_line_of_several_blocks_is_covered_by_any_in_either_order() -> None:
    for blocks in (("1.1,3.2 1 0", "3.2,4.1 1 1"), ("3.2,4.1 1 1", "1.1,3.2 1 0")):
        found = read("mode: count\n" + "".join(f"a.go:{block}\n" for block in blocks))
        assert states(found.files["a.go"]) == "mmcc"


def test_blocks_without_statements_are_no_code() -> None:
    found = read("mode: atomic\na.go:1.1,9.2 0 5\n")
    assert states(found.files["a.go"]) == ""
    assert found.branch_ratio() is None
    assert found.file_count() == 0


def test_joined_profiles_may_repeat_the_mode() -> None:
    assert read("mode: set\na.go:1.1,1.2 1 0\nmode: set\n\na.go:1.1,1.2 1 1\n").file_count() == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("mode: x\n", 1),
        ("mode:\n", 1),
        ("mode: set\na.go:1.1,1.2 1\n", 2),
        ("mode: set\nnonsense\n", 2),
        ("mode: set\na.go:3.1,1.2 1 1\n", 2),
        ("mode: set\na.go:1.1,99999999.2 1 1\n", 2),
    ],
)
def test_what_is_no_profile_is_refused(text: str, line: int) -> None:
    assert refused(text).line == line


def test_a_profile_without_a_mode_is_refused() -> None:
    assert "no known report format" in refused("a.go:1.1,1.2 1 1\n").reason
