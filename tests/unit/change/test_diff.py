"""The parser of diffs, on diffs written out here."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.change.diff import parse
from vsm_gate.errors import GitError
from vsm_gate.model.change import FileChange

BLOB = b"1" * 40


def record(
    status: bytes, *names: bytes, modes: tuple[bytes, bytes] = (b"100644", b"100644")
) -> bytes:
    head = b":" + b" ".join((*modes, BLOB, BLOB, status))
    return b"".join(part + b"\0" for part in (head, *names))


def patch(*lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in (b"diff --git a/x b/x", *lines))


MODIFIED = (
    record(b"M", b"z.py")
    + record(b"R087", b"old\nname", b"a.py")
    + b"\0"
    + patch(
        b"@@ -1 +1,2 @@ def f():", b"-a", b"+b", b"+c", b"@@ -9,3 +10,0 @@", b"-a", b"-b", b"-c"
    )
    + patch(b"similarity index 87%", b"@@ -0,0 +5 @@", b"+@@ -1 +1 @@", b"\\ No newline at end")
)
EXPECTED = (
    FileChange("a.py", "renamed", 1, 0, (range(5, 6),), "old\nname"),
    FileChange(
        "z.py",
        "modified",
        2,
        4,
        (range(1, 3),),
        deleted_lines=(range(1, 2), range(9, 12)),
    ),
)


def test_hunks_go_to_their_files_and_files_are_sorted() -> None:
    assert parse([MODIFIED]) == EXPECTED


@given(st.lists(st.integers(0, len(MODIFIED)), max_size=30))
def test_it_makes_no_difference_how_the_diff_is_cut(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(MODIFIED)]
    chunks = [MODIFIED[start:end] for start, end in pairwise(ends)]
    assert parse(chunks) == EXPECTED


def test_an_empty_diff_is_a_change_of_nothing() -> None:
    assert parse([]) == parse([b""]) == ()


def test_a_file_that_becomes_a_link_has_two_patches() -> None:
    diff = record(b"T", b"l", modes=(b"100644", b"120000")) + record(b"M", b"m") + b"\0"
    diff += patch(b"@@ -1,2 +0,0 @@", b"-a", b"-b") + patch(b"@@ -0,0 +1 @@", b"+t")
    diff += patch(b"@@ -1 +1 @@", b"-a", b"+b")
    link, other = parse([diff])
    assert (link.status, link.added, link.deleted, link.added_lines) == ("modified", 1, 2, ())
    assert other.added_lines == (range(1, 2),)


def test_a_binary_file_has_no_lines() -> None:
    diff = record(b"A", b"b", modes=(b"000000", b"100644")) + b"\0"
    diff += patch(b"Binary files /dev/null and b/b differ")
    assert parse([diff]) == (FileChange("b", "added", binary=True),)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_of_a_forced_diff_a_nul_makes_a_file_binary(size: int) -> None:
    diff = record(b"M", b"a") + record(b"M", b"b") + record(b"M", b"c") + b"\0"
    for content in (b"+a\0b", b"+text", b"+\0"):
        diff += patch(b"@@ -1 +1,2 @@", b"-a", b"+x", content)
    chunks = [diff[at : at + size] for at in range(0, len(diff), size)]
    files = parse(chunks, forced=True)
    assert [file.binary for file in files] == [True, False, True]
    assert [file.added for file in files] == [0, 2, 0]
    assert [file.binary for file in parse(chunks)] == [False, False, False]


def test_names_that_are_not_text_are_kept() -> None:
    (file,) = parse([record(b"D", b"\xff\xe9") + b"\0" + patch()])
    assert file.path.encode("utf-8", "surrogateescape") == b"\xff\xe9"


@pytest.mark.parametrize(
    "diff",
    [
        b"fatal: bad object\0\0",
        record(b"M", b"a")[:-1],
        record(b"X", b"a") + b"\0" + patch(),
        record(b"U", b"a") + b"\0" + patch(),
        record(b"M", b"a") + b"\0",
        record(b"M", b"a") + b"\0" + patch() + patch(),
        record(b"M", b"a") + b"\0" + b"@@ -1 +1 @@\n",
        b":100644 100644 M\0a\0\0",
    ],
)
def test_what_is_not_such_a_diff_is_refused(diff: bytes) -> None:
    with pytest.raises(GitError, match="git's diff"):
        parse([diff])


def test_a_long_diff_costs_no_more_than_its_length() -> None:
    """Cut into chunks without a line end, a diff is still looked at once."""
    line = b"+" + b"x" * 5_000_000 + b"\n"
    diff = record(b"M", b"a") + b"\0" + patch(b"@@ -0,0 +1,2 @@") + line + line
    chunks = [diff[at : at + 64] for at in range(0, len(diff), 64)]
    assert parse(chunks)[0].added == 2
