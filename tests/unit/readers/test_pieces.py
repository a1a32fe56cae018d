from __future__ import annotations

from io import BytesIO
from typing import ClassVar
from xml.etree.ElementTree import Element

import pytest

from vsm_gate.model.tests import MAX_TEXT
from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.pieces import MAX_CHILDREN, read_pieces, text_of


class Recorder:
    pieces: ClassVar[frozenset[str]] = frozenset({"case"})
    keep: ClassVar[frozenset[str]] = frozenset({"case", "message", "inner"})
    nesting: ClassVar[frozenset[str]] = frozenset({"case"})

    def __init__(self) -> None:
        self.events: list[str] = []
        self.elements: list[Element] = []

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        self.events.append(f"<{tag}>")

    def close(self, tag: str) -> None:
        self.events.append(f"</{tag}>")

    def piece(self, element: Element, nested: int) -> None:
        self.events.append(f"{element.get('name')} {nested}")
        self.elements.append(element)


def read(text: str) -> Recorder:
    recorder = Recorder()
    read_pieces(BytesIO(text.encode()), recorder)
    return recorder


def test_pieces_come_whole_and_the_rest_as_tags() -> None:
    recorder = read(
        '<p:r xmlns:p="u"><s><case name="a">one<message> m<b>bold</b> n</message>'
        "<other><message>not this</message></other></case></s></p:r>"
    )
    assert recorder.events == ["<r>", "<s>", "a 0", "</s>", "</r>"]
    (element,) = recorder.elements
    assert [child.tag for child in element] == ["message"]
    assert (text_of(element), text_of(element, "message")) == ("one", "m n")
    assert text_of(element, "message", "nothing") == ""


def test_nested_pieces_come_first_and_are_counted_in_all_that_hold_them() -> None:
    recorder = read(
        '<r><case name="a"><inner><case name="b"><case name="c"/></case><case name="d"/></inner>'
        "<message>of a</message></case></r>"
    )
    assert recorder.events[1:-1] == ["c 0", "b 1", "d 0", "a 3"]
    assert text_of(recorder.elements[-1], "message") == "of a"


def test_a_piece_is_bounded() -> None:
    recorder = read(f"<r><case>{'<message>m</message>' * 1000}{'t' * (MAX_TEXT + 5)}</case></r>")
    (element,) = recorder.elements
    assert len(element) == MAX_CHILDREN
    assert len(element.text or "") == MAX_TEXT


@pytest.mark.parametrize("tag", ["s", "case", "message", "other"])
def test_depth_is_bounded(tag: str) -> None:
    with pytest.raises(ReadError, match="nested deeper"):
        read(f"<r><case>{f'<{tag}>' * 300}")
