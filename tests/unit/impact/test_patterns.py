"""The index of patterns, against matching each of them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vsm_gate.globs import compile_glob
from vsm_gate.impact.patterns import PatternIndex, clean, folders

PARTS = st.sampled_from(["a", "b", "a.py", "*.py", "*", "**", "?", "a*", "[ab]", "*.*", "?.py"])
PATTERNS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
NAMES = st.sampled_from(["a", "b", "a.py", "b.py", ".py", "a.b.py", "py", "a.PY"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@given(st.lists(PATTERNS, max_size=8), PATHS)
@example(["**/?.py"], "ab.py")
@example(["**/*.*"], "a.*")
@example(["**/*.py"], ".py")
def test_it_finds_what_matching_one_by_one_finds(patterns: list[str], path: str) -> None:
    index = PatternIndex()
    for number, pattern in enumerate(patterns):
        index.add(pattern, number)
    expected = {n for n, pattern in enumerate(patterns) if compile_glob(pattern).fullmatch(path)}
    assert set(index.matches(path)) == expected


def test_matching_is_by_the_letters_as_they_are_written() -> None:
    index = PatternIndex()
    for number, pattern in enumerate(["**/*.py", "docs/**", "Makefile", "**/README.md"]):
        index.add(pattern, number)
    paths = ["a.PY", "Docs/a", "makefile", "x/readme.md"]
    assert [list(index.matches(path)) for path in paths] == [[], [], [], []]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("./a/b", "a/b"),
        ("/a", "a"),
        ("a/", "a/**"),
        ("/", "**"),
        ("", "**"),
        ("./", "**"),
        ("*.py", "*.py"),
    ],
)
def test_a_pattern_is_cleaned_of_its_start(pattern: str, expected: str) -> None:
    assert clean(pattern) == expected


def test_the_folders_above_a_path() -> None:
    assert list(folders("a/b/c.py")) == ["", "a", "a/b"]
    assert list(folders("c.py")) == [""]
