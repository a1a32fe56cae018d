"""Paths of other machines, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.readers.names import Name, parse


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b.py", Name(absolute=False, ups=0, text="a/b.py")),
        (" ./a//b/../c.py ", Name(absolute=False, ups=0, text="a/c.py")),
        ("../../a/../b.py", Name(absolute=False, ups=2, text="b.py")),
        ("/a/../../b.py", Name(absolute=True, ups=0, text="b.py")),
        ("C:\\a\\b.cs", Name(absolute=True, ups=0, text="a/b.cs")),
        ("/C:/a/b.cs", Name(absolute=True, ups=0, text="a/b.cs")),
        ("C:b.cs", Name(absolute=False, ups=0, text="C:b.cs")),
        ("D:\\", Name(absolute=True, ups=0, text="")),
        ("file:///a/b.js", Name(absolute=True, ups=0, text="a/b.js")),
        ("webpack://shop/./src/a.js?4f", Name(absolute=False, ups=0, text="src/a.js")),
        ("/x/lib/site-packages/shop/a.py", Name(absolute=False, ups=0, text="shop/a.py")),
        ("", Name(absolute=False, ups=0, text="")),
    ],
)
def test_parse(path: str, name: Name) -> None:
    assert parse(path) == name


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("a.py", "/x/y", "/x/y/a.py"),
        ("../a.py", "/x/y", "/x/a.py"),
        ("../../../a.py", "/x/y", "/a.py"),
        ("/a.py", "/x/y", "/a.py"),
        ("a.py", ".", "a.py"),
        ("../a.py", "x", "a.py"),
        ("../../a.py", "x", "../a.py"),
        ("a.py", "..", "../a.py"),
        ("shop\\a.cs", "D:\\agent\\src\\", "/agent/src/shop/a.cs"),
    ],
)
def test_a_name_below_a_root(path: str, root: str, expected: str) -> None:
    assert parse(path).at(parse(root)) == parse(expected)


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("a.py", "x/y", "x/y/a.py"),
        ("../a.py", "x/y", "x/a.py"),
        ("../../a.py", "x/y", "a.py"),
        ("../../../a.py", "x/y", None),
        ("/a.py", "x", None),
    ],
)
def test_a_name_in_a_folder(path: str, folder: str, expected: str | None) -> None:
    assert parse(path).below(folder) == expected


@given(st.text(max_size=40))
def test_no_name_leads_out_or_up(path: str) -> None:
    name = parse(path)
    assert not {"", ".", ".."} & set(name.text.split("/")) or not name.text
    assert name.ups == 0 or not name.absolute
