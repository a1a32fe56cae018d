"""The features of a change."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.change.features import entropy, features
from vsm_gate.model.change import Change, FileChange


def change(*files: FileChange) -> Change:
    return Change("base", "head", "head", "test", files)


def test_size_and_diffusion() -> None:
    found = features(
        change(
            FileChange("README.md", "modified", 1, 1),
            FileChange("setup.py", "added", 4, 0),
            FileChange("src/shop/a.py", "modified", 3, 2),
            FileChange("src/shop/b.py", "deleted", 0, 5),
            FileChange("src/pay/c.py", "renamed", old_path="lib/c.py"),
            FileChange("tests/test_a.py", "modified", 6, 2),
            FileChange("logo.png", "modified", binary=True),
        )
    )
    assert (found.files, found.lines_added, found.lines_deleted, found.lines) == (7, 14, 10, 24)
    assert found.directories == 4
    assert found.subsystems == 3
    assert (found.test_lines, found.lines) == (8, 24)


def test_of_nothing_there_is_no_ratio_and_no_entropy() -> None:
    found = features(change())
    assert (found.files, found.directories, found.lines, found.entropy) == (0, 0, 0, None)
    renamed = features(change(FileChange("a.py", "renamed", old_path="b.py")))
    assert (renamed.files, renamed.lines, renamed.entropy) == (1, 0, None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        ([0, 0], None),
        ([5], Fraction(0)),
        ([5, 0], Fraction(0)),
        ([3, 3], Fraction(1)),
        ([7] * 1000, Fraction(1)),
        ([1, 3], Fraction(811278124459, 10**12)),
    ],
)
def test_entropy(lines: list[int], expected: Fraction | None) -> None:
    assert entropy(lines) == expected


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=50))
def test_entropy_is_hassans_and_in_bounds(lines: list[int]) -> None:
    found = entropy(lines)
    assert found is not None
    assert 0 <= found <= 1
    total = sum(lines)
    shannon = -sum(size / total * math.log2(size / total) for size in lines)
    assert float(found) == pytest.approx(shannon / math.log2(len(lines)), abs=1e-9)
    assert entropy(lines[::-1]) == found
