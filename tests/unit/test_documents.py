from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.documents import MAX_DEPTH, MAX_NODES, MAX_SIZE, Document, load, nearest
from vsm_gate.errors import ConfigurationError, Mistake


def mistakes(text: str) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(ConfigurationError) as caught:
        load("f.yaml", text)
    return [(each.line, each.column, each.message) for each in caught.value.mistakes]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("0", 0),
        ("010", "010"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("9" * 30, "9" * 30),
        ("0.5", "0.5"),
        ("1e3", "1e3"),
        ("2027-02-01", "2027-02-01"),
        ("true", True),
        ("Off", False),
        ("yes", True),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ("!!int '+-5'", "+-5"),
        ("!!bool maybe", "maybe"),
        ("!!str 5", "5"),
        ("[1, a]", [1, "a"]),
        ("{1: a, b: }", {"1": "a", "b": None}),
        ("on: 1", {"on": 1}),
    ],
)
def test_only_what_cannot_be_misread_is_converted(text: str, value: object) -> None:
    found = load("f.yaml", text).data
    assert found == value
    assert type(found) is type(value)


def test_positions_of_keys_items_and_texts() -> None:
    document = load("f.yaml", "a:\n  b: 'x y'\n  c: [1, \"z\"]\n  d: |\n    text\n")
    assert document.position(("a", "b")) == (2, 3)
    assert document.position(("a", "c", 1)) == (3, 10)
    assert document.position(("a", "c", 7, "k")) == (3, 3)
    assert document.position(("q",)) == (1, 1)
    assert document.texts["a", "b"] == (2, 7)
    assert document.texts["a", "c", 1] == (3, 11)
    assert ("a", "d") not in document.texts


def test_a_mistake_within_a_text() -> None:
    document = load("f.yaml", "a: <= 80\nb: '>= 80'\nc: |\n  >= 80\n")
    assert document.mistake_within(("a",), 4, "m").where == "f.yaml:1:7"
    assert document.mistake_within(("b",), 4, "m", "h") == Mistake("f.yaml", 2, 8, "m", "h")
    assert document.mistake_within(("c",), 4, "m").where == "f.yaml:3:1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", [(3, 1, "`a` stands here twice")]),
        ("a: {b: 1, b: 2}\nc: 1\nc: 2", [
            (1, 11, "`b` stands here twice"),
            (3, 1, "`c` stands here twice"),
        ]),
        ("? [a]\n: b", [(1, 3, "a key must be a word, not a list or a mapping")]),
        ("a: &x [*x]", [(1, 4, "an anchor contains itself")]),
        ("a: &x {b: *x}", [(1, 4, "an anchor contains itself")]),
        ("a: !secret b", [(1, 4, "the tag `!secret` means nothing here")]),
        ("!!python/object:os.system {}", [
            (1, 1, "the tag `tag:yaml.org,2002:python/object:os.system` means nothing here")
        ]),
        ("a: 'x", [(1, 6, "not valid YAML: found unexpected end of stream")]),
        ("a: b\n---\nc: d", [(2, 1, "not valid YAML: but found another document")]),
        ("a: *x", [(1, 4, "not valid YAML: found undefined alias 'x'")]),
        ("a: \tb\n\x07", [(2, 1, "not valid YAML: the character U+0007 is not text")]),
        ("a: x\ud800", [(1, 5, "not valid YAML: the character U+D800 is not text")]),
        ('"\\UFFFFFFFF"', [(1, 1, "not valid YAML: an escape sequence names no character")]),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a: "x\\0y"', (1, 4, "the character U+0000 is not text")),
        ('a: ["\\ud800"]', (1, 5, "the character U+D800 is not text")),
        ('"a\\0": 1', (1, 1, "a key must be text")),
    ],
)
def test_what_is_no_text_is_refused(text: str, expected: tuple[int, int, str]) -> None:
    assert mistakes(text) == [expected]


@pytest.mark.parametrize("text", ["pass: >= 80%", "pass: != 0"])
def test_a_forgotten_quote(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load("f.yaml", text)
    assert "must stand in quotes" in str(caught.value.mistakes[0].hint)


def test_a_file_is_read_up_to_its_limits_and_refused_beyond() -> None:
    load("f.yaml", "x" * MAX_SIZE)
    (long,) = mistakes("x" * (MAX_SIZE + 1))
    assert long == (1, 1, f"the file is longer than {MAX_SIZE} characters")
    load("f.yaml", "[" * (MAX_DEPTH - 1) + "x" + "]" * (MAX_DEPTH - 1))
    (deep,) = mistakes("[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH)
    assert deep[2] == f"not valid YAML: more than {MAX_DEPTH} levels"
    assert mistakes("[" * 100_000)[0][2] == deep[2]


def test_an_anchor_may_stand_in_several_places_but_not_in_very_many() -> None:
    assert load("f.yaml", "a: &x [1, 2]\nb: *x\nc: *x").data == {
        "a": [1, 2],
        "b": [1, 2],
        "c": [1, 2],
    }
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
    )
    (only,) = mistakes(bomb)
    assert only == (1, 1, f"its aliases unfold to more than {MAX_NODES} values")


@given(st.text(max_size=80))
def test_any_text_is_a_document_or_mistakes_in_it(text: str) -> None:
    found: object = None
    try:
        found = load("f.yaml", text)
    except ConfigurationError as problem:
        found = problem.mistakes[0]
    assert isinstance(found, Document | Mistake)


def test_the_nearest_word() -> None:
    assert nearest("covrage", ["coverage", "tests"]) == "perhaps you meant `coverage`?"
    assert nearest("xyz", ["coverage", "tests"]) is None
