from __future__ import annotations

import pytest

from vsm_gate.readers.head import HEAD_SIZE, Head


def keys(raw: bytes) -> list[set[str]]:
    return [set(level) for level in Head.of(raw).keys]


def test_keys_by_depth() -> None:
    assert keys(b'{"a": {"b": [{"c": {"d": 1}}]}, "e": ["f", {"g": ":"}]}') == [
        {"a", "e"},
        {"b", "g"},
        {"c"},
    ]


def test_a_cut_key_is_no_key() -> None:
    assert keys(b'{"a": 1, "bc') == [{"a"}, set(), set()]


@pytest.mark.parametrize(
    ("raw", "syntax", "shape"),
    [
        (b'{"a": 1}', "json", "object"),
        (b'{"a": 1}\n', "json", "object"),
        (b'{\n"a": 1\n}\n', "json", "object"),
        (b'{"a": 1}\nnot more\n', "json", "object"),
        (b'[{"a": 1}]', "json", "array"),
        (b'{"a": 1}\n{"b": 2}\n', "json", "lines"),
        (b'{"a": 1}\nnoise\n{"b": 2', "json", "lines"),
        (b'[{"event": 1}]\n{"b": 2}\n', "json", "lines"),
        (b'noise\n{"b": 2}\n', "text", "lines"),
        ('{"a": "\u2028"}\n{"b": 2}\n'.encode(), "json", "lines"),
        (b'noise {"b": 2}\n', "text", ""),
        (b'\xff\xfe{\x00"\x00a\x00"\x00:\x001\x00}\x00', "json", "object"),
        (b'{"a\0": 1}', "binary", ""),
        (b" \n\t", "empty", ""),
    ],
)
def test_shape(raw: bytes, syntax: str, shape: str) -> None:
    head = Head.of(raw)
    assert (head.syntax, head.shape) == (syntax, shape)


def test_lines_have_the_keys_of_all_of_them() -> None:
    assert keys(b'noise\n{"a": {"b": 1}}\n{"c": 2}\n')[:2] == [{"a", "c"}, {"b"}]


@pytest.mark.parametrize("piece", [b"[", b'{"a":', b'"\\"', b'{"a"', b'\\"', b"{}\n", b'"'])
def test_hostile_heads_come_to_an_end(piece: bytes) -> None:
    Head.of(b"{" + piece * (HEAD_SIZE // len(piece)))


def test_what_is_nothing_but_separators_is_told_without_a_word() -> None:
    assert Head.of(b"\x1c").looks_like() == "text without a word"
