from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.readers import json as streamed
from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.decoded import MAX_LINE
from vsm_gate.readers.json import CHUNK, CLOSED, ITEM, Objects, walk


def pieces(text: str, *enter: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    return list(walk(BytesIO(text.encode("utf-8", "surrogatepass")), set(enter)))


def test_entered_containers_come_in_pieces() -> None:
    text = '{"a": [1, {"b": 2}, []], "c": {"d": null}}'
    assert pieces(text, (), ("a",)) == [
        (("a", ITEM), 1),
        (("a", ITEM), {"b": 2}),
        (("a", ITEM), []),
        (("a",), CLOSED),
        (("c",), {"d": None}),
        ((), CLOSED),
    ]


def test_an_object_where_an_array_belongs_is_refused_at_its_place() -> None:
    arrays = {("a",)}
    assert list(walk(BytesIO(b'{"a": []}'), {(), ("a",)}, arrays)) == [
        (("a",), CLOSED),
        ((), CLOSED),
    ]
    with pytest.raises(ReadError, match="a is an object, and should be an array") as refused:
        list(walk(BytesIO(b'{\n"a": {}}'), {(), ("a",)}, arrays))
    assert (refused.value.line, refused.value.column) == (2, 6)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=30))
def test_a_document_that_is_not_entered_comes_whole(value: object) -> None:
    assert pieces(json.dumps(value)) == [((), value)]


@pytest.mark.parametrize("size", range(CHUNK - 12, CHUNK + 3))
def test_values_across_the_end_of_a_chunk(size: int) -> None:
    values = ["x" * size, 12345, -1.5e-3, True, None, "y"]
    assert pieces(json.dumps(values), ()) == [*(((ITEM,), v) for v in values), ((), CLOSED)]


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ('{"a": 1\n "b": 2}', "comma or `}`", 2, 2),
        ('{"a": 1,}', "a key is missing", 1, 9),
        ('{"a" 1}', "a colon is missing", 1, 6),
        ('{\n"a": 1,\n"a": 2}', "'a' stands here twice", 3, 4),
        ("[1, 2", "cut off", 1, 6),
        ('[1,\n "ab', "cut off", 2, 2),
        ("[1, ?]", "not valid JSON", 1, 5),
        ("[]\n\n[]", "something follows", 3, 1),
        ("[" + "[" * 200_000, "nested too deeply", 1, 2),
        ("[" + "9" * 5000 + "]", "too many digits", 1, 2),
        ('["' + "a" * (MAX_LINE + 10), "longer than 5 M", 1, 2),
    ],
)
def test_mistakes_are_shown_where_they_are(text: str, reason: str, line: int, column: int) -> None:
    with pytest.raises(ReadError) as caught:
        pieces(text, ())
    assert reason in caught.value.reason
    assert (caught.value.line, caught.value.column) == (line, column)


def test_objects_among_other_lines() -> None:
    raw = b'noise\n{"a": 1}\n\n[1]\n{"b": \n{"c": 2} x\n{"d": "\\ud800"}'
    objects = Objects(BytesIO(raw))
    assert list(objects) == [{"a": 1}, {"d": "\ud800"}]
    assert (objects.line, objects.broken) == (7, 2)


def test_a_line_that_is_too_long() -> None:
    long = b'{"attachment": "' + b"A" * MAX_LINE + b'"}\n{"a": 1}\n'
    assert list(Objects(BytesIO(long), may_be_long='{"attachment"')) == [{"a": 1}]
    with pytest.raises(ReadError, match="longer than") as caught:
        list(Objects(BytesIO(b"\n" + long)))
    assert caught.value.line == 2


def test_the_stream_stays_open() -> None:
    stream = BytesIO(b"\xff\xfe" + '["ä"]'.encode("utf-16-le"))
    assert list(walk(stream, set())) == [((), ["ä"])]
    assert not stream.closed


@pytest.mark.parametrize("value", [None, "x", 1.5, True, -1, [], {}])
def test_what_is_not_of_the_type_is_nothing(value: Any) -> None:
    assert streamed.whole(value) == 0
    assert streamed.string(value) == (value if isinstance(value, str) else "")
    assert streamed.mapping(value) == {}
    assert streamed.sequence(value) == []
