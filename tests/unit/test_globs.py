"""Patterns over repository paths."""

from __future__ import annotations

import pytest

from vsm_gate.globs import compile_glob


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.xml", "a.xml", True),
        ("*.xml", "b/a.xml", False),
        ("**/*.xml", "a.xml", True),
        ("**/*.xml", "b/c/a.xml", True),
        ("src/**", "src/a/b.py", True),
        ("src/**", "src", False),
        ("src/", "src/a/b.py", True),
        ("./src/*.py", "src/a.py", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[ab].py", "a.py", True),
        ("[!ab].py", "a.py", False),
        ("[!ab].py", "/.py", False),
        ("[[].py", "[.py", True),
        ("[", "[", True),
        ("a+b(c).py", "a+b(c).py", True),
        ("a**b", "a/x/b", True),
        ("*.xml", "a\n.xml", True),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert (compile_glob(pattern).fullmatch(path) is not None) is matches


def test_a_bare_name_can_match_anywhere() -> None:
    assert compile_glob("a.xml", anywhere=True).fullmatch("b/c/a.xml")
    assert not compile_glob("/a.xml", anywhere=True).fullmatch("b/a.xml")
