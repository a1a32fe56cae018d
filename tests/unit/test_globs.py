"""Patterns over repository paths."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("[a/]b", "/b", False),
        ("[z-a]", "[z-a]", True),
        ("[a--b]", "[a--b]", True),
        ("[+--]", ",", True),
        ("[]", "[]", True),
        ("[!]", "[!]", True),
        ("[^]", "[^]", True),
        ("[a&&b]", "&", True),
        ("[a||b]", "|", True),
        ("[\\]", "\\", True),
        ("[!^]", "a", True),
        ("[a-c]", "b", True),
    ],
)
def test_sets(pattern: str, path: str, matches: bool) -> None:
    assert (compile_glob(pattern).fullmatch(path) is not None) is matches


PATTERNS = st.lists(
    st.sampled_from(["*", "**", "**/", "/", "a", "b", "?", "[ab]", "[!a]"]), max_size=9
).map("".join)
PATHS = st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


@settings(max_examples=300)
@given(PATTERNS, PATHS)
@example("**a*b**bc", "abbc")
@example("*a/*b**/a", "aa/abb/b/a")
def test_it_matches_what_trying_everything_matches(pattern: str, path: str) -> None:
    whole = f"{pattern}**" if pattern.endswith("/") else pattern
    start = whole.removeprefix("/")
    assert (compile_glob(pattern).fullmatch(path) is not None) is tries_all(start, path, first=True)


def tries_all(glob: str, path: str, *, first: bool) -> bool:
    """Whether a glob matches, by trying every length of every wildcard."""
    if not glob:
        return not path
    if glob.startswith("**/") and first:
        ends = [0, *(at + 1 for at, sign in enumerate(path) if sign == "/")]
        return any(tries_all(glob[3:], path[end:], first=True) for end in ends)
    if glob.startswith("**"):
        return any(tries_all(glob[2:], path[end:], first=False) for end in range(len(path) + 1))
    if glob[0] == "*":
        name = len(path.partition("/")[0])
        return any(tries_all(glob[1:], path[end:], first=False) for end in range(name + 1))
    step = glob.index("]") + 1 if glob[0] == "[" else 1
    allowed = {"?": "ab", "[ab]": "ab", "[!a]": "b"}.get(glob[:step], glob[:step])
    matches = bool(path) and path[0] in allowed
    return matches and tries_all(glob[step:], path[1:], first=glob[:step] == "/")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 30 + "?", "a" * 3000 + "/"),
        ("**/a/" * 20 + "b", "a/" * 2000 + "b/c"),
        ("**a" * 20 + "b", "a" * 3000 + "bc"),
        ("**/*a*a*a/" * 10 + "b", "aaa/" * 1000 + "b/c"),
        ("?*" * 30 + "/b", "a" * 2000 + "b"),
    ],
)
def test_no_pattern_takes_exponential_time(pattern: str, path: str) -> None:
    assert not compile_glob(pattern).fullmatch(path)
