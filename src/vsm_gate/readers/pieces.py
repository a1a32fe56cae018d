"""XML in bounded pieces: each case as a small tree, the rest as tags that open and close.

For reports whose cases are elements with children of interest. A piece holds only the children
that its format asks for, with bounded text; everything else is passed over unread.
"""

from __future__ import annotations

from typing import BinaryIO, ClassVar, Final, Protocol
from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from vsm_gate.model.tests import MAX_TEXT
from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.head import local
from vsm_gate.readers.xml import MAX_DEPTH, feed, new_parser

MAX_CHILDREN: Final = 256


class PieceHandler(Protocol):
    """What a format does with its elements. Tags come without their prefix.

    `pieces` are the elements that are handed over whole; `keep` are the elements kept in them.
    A piece that stands in another of `nesting` is handed over on its own, before the outer one.
    """

    pieces: ClassVar[frozenset[str]]
    keep: ClassVar[frozenset[str]]
    nesting: ClassVar[frozenset[str]]

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens that is no piece and stands in none."""

    def close(self, tag: str) -> None:
        """Such an element closes."""

    def piece(self, element: Element, nested: int) -> None:
        """A whole piece, and how many pieces stood in it."""


def read_pieces(stream: BinaryIO, handler: PieceHandler) -> None:
    """Drive a handler over a stream. Raises `ReadError`."""
    parser = new_parser()
    _Cutter(parser, handler)
    feed(parser, stream)


def text_of(element: Element, *path: str) -> str:
    """The stripped text of the first element at a path below a piece; empty where there is none."""
    found = element.find("/".join(path)) if path else element
    return (found.text or "").strip() if found is not None else ""


class _Cutter:
    def __init__(self, parser: expat.XMLParserType, handler: PieceHandler) -> None:
        self.parser = parser
        self.handler = handler
        self.open_elements: list[Element] = []  # of the pieces that are open
        self.roots: list[tuple[int, int]] = []  # where each open piece begins, and pieces in it
        self.texts: list[list[str]] = []
        self.room: list[int] = []
        self.children = 0
        self.skipped = 0  # depth inside an element that nobody asked for
        self.depth = 0
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ReadError(f"elements are nested deeper than {MAX_DEPTH}")
        tag = local(tag)
        handler = self.handler
        if self.skipped:
            self.skipped += 1
        elif not self.open_elements:
            if tag in handler.pieces:
                self.begin(tag, attributes)
            else:
                handler.open(tag, attributes)
        elif tag in handler.nesting:
            self.begin(tag, attributes)
        elif tag in handler.keep and self.children < MAX_CHILDREN:
            self.children += 1
            self.push(SubElement(self.open_elements[-1], tag, attributes))
        else:
            self.skipped = 1

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        self.roots.append((len(self.open_elements), 0))
        self.children = 0
        self.push(Element(tag, attributes))

    def push(self, element: Element) -> None:
        self.open_elements.append(element)
        self.texts.append([])
        self.room.append(MAX_TEXT)
        self.parser.CharacterDataHandler = self.text

    def text(self, data: str) -> None:
        room = self.room[-1]
        if room > 0 and not self.skipped:
            self.texts[-1].append(data[:room])
            self.room[-1] = room - len(data)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
        elif not self.open_elements:
            self.handler.close(local(tag))
        else:
            self.pop()

    def pop(self) -> None:
        element = self.open_elements.pop()
        element.text = "".join(self.texts.pop())
        self.room.pop()
        begun, nested = self.roots[-1]
        if len(self.open_elements) > begun:
            return
        self.roots.pop()
        if self.roots:
            outer, inside = self.roots[-1]
            self.roots[-1] = (outer, inside + nested + 1)
        else:
            self.parser.CharacterDataHandler = None
        self.handler.piece(element, nested)
