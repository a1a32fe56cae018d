"""The first bytes of a file, looked at once, so that every format can be told from them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Final
from xml.parsers import expat

from vsm_gate.readers.encoding import Recoded, UnknownEncodingError, foreign

HEAD_SIZE: Final = 65_536

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),  # XML may go without a mark
    (b"\0<", "utf-16-be"),
)
_BINARY_MAGIC: Final = {
    b"SQLite format 3\0": "sqlite",
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
}
# A string that is cut off is a token too: a search that fails at every quote would be quadratic.
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\],:]', re.DOTALL)
_OBJECTS_LOOKED_AT: Final = 64


@dataclass(frozen=True, slots=True)
class Head:
    """What the first bytes show.

    `syntax` is xml, json, text, sqlite, gzip, zip, binary or empty. For XML: the `root` element
    without its prefix, its `namespace`, its `attributes`, the `children` directly below it and all
    `elements` seen, as far as the head goes. For JSON: `shape` is object, array or lines (one
    document a line), and `keys[d]` are the object keys seen at depth d, 0 being the outermost
    object of the document, of the array's elements or of any of the first lines. Text that has
    such lines among others keeps its syntax, and has that shape and those keys as well.
    """

    raw: bytes
    text: str
    syntax: str
    root: str = ""
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: tuple[str, ...] = ()
    elements: frozenset[str] = frozenset()
    shape: str = ""
    keys: tuple[frozenset[str], ...] = (frozenset(), frozenset(), frozenset())

    @classmethod
    def of(cls, raw: bytes) -> Head:
        """Look at the first `HEAD_SIZE` bytes of a file."""
        if not raw.strip():
            return cls(raw, "", "empty")
        for magic, syntax in _BINARY_MAGIC.items():
            if raw.startswith(magic):
                return cls(raw, "", syntax)
        text = _decode(raw)
        if not text.strip("\ufeff \t\r\n"):
            return cls(raw, "", "empty")
        if "\0" in text:
            return cls(raw, text, "binary")
        start = text.lstrip()
        if start.startswith("<"):
            return _xml_head(raw, text)
        return _json_or_text_head(raw, text, start)

    def looks_like(self) -> str:
        """What to tell someone whose file no format knows."""
        if self.syntax == "xml":
            space = f" in the namespace {self.namespace[:80]}" if self.namespace else ""
            return f"XML with the root <{self.root[:80]}>{space}" if self.root else "XML"
        if self.syntax == "json":
            keys = ", ".join(sorted(self.keys[0])[:6])[:120]
            return f"JSON ({self.shape}) with the keys {keys}" if keys else f"JSON ({self.shape})"
        if self.syntax == "text":
            lines = self.text.lstrip().splitlines()
            return f"text that begins with {lines[0][:60]!r}" if lines else "text without a word"
        return {"gzip": "gzip-compressed data", "zip": "a ZIP archive"}.get(
            self.syntax, self.syntax
        )


def _decode(raw: bytes) -> str:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw.decode(encoding, "replace")
    return raw.decode("utf-8", "replace")


def local(tag: str) -> str:
    """A tag without its namespace prefix."""
    return tag.rpartition(":")[2]


def _xml_head(raw: bytes, text: str) -> Head:
    root = ""
    attributes: dict[str, str] = {}
    children: list[str] = []
    elements: set[str] = set()
    depth = 0

    def start(tag: str, found: dict[str, str]) -> None:
        nonlocal root, attributes, depth
        if depth == 0:
            root, attributes = tag, found
        elif depth == 1:
            children.append(local(tag))
        elements.add(local(tag))
        depth += 1

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    # The reader will say where; the head goes as far as it goes. The latter two are what the
    # parser raises where a declaration that does not end in the head names an odd encoding.
    with suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(_decodable(raw), False)
    prefix = root.partition(":")[0] if ":" in root else ""
    namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
    return Head(
        raw,
        text,
        "xml",
        root=local(root),
        namespace=namespace,
        attributes=attributes,
        children=tuple(children),
        elements=frozenset(elements),
    )


def _decodable(raw: bytes) -> bytes:
    """The head as expat can read it."""
    try:
        codec = foreign(raw)
    except UnknownEncodingError:
        codec = "iso8859-1"  # enough to see the root; the reader will say what is wrong
    return Recoded(BytesIO(raw), codec, errors="replace").read(len(raw)) if codec else raw


def _json_or_text_head(raw: bytes, text: str, start: str) -> Head:
    """A JSON document, a stream of JSON objects, or text with or without such objects in it."""
    lines = [line for line in start.split("\n") if line.strip()]
    found = (line for line in lines if line.startswith("{") and _is_json(line))
    objects = list(islice(found, _OBJECTS_LOOKED_AT))
    if not start.startswith(("{", "[")):
        shape = "lines" if objects else ""
        return Head(raw, text, "text", shape=shape, keys=_merged_keys(objects))
    if objects and _is_json(lines[0]) and any(line.startswith("{") for line in lines[1:]):
        return Head(raw, text, "json", shape="lines", keys=_merged_keys(objects))
    shape = "array" if start.startswith("[") else "object"
    return Head(raw, text, "json", shape=shape, keys=_json_keys(start))


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _merged_keys(lines: list[str]) -> tuple[frozenset[str], ...]:
    keys = [_json_keys(line) for line in lines] or [_json_keys("")]
    return tuple(frozenset().union(*level) for level in zip(*keys, strict=True))


def _json_keys(text: str) -> tuple[frozenset[str], ...]:
    """Object keys by depth of object nesting, the three outermost."""
    keys: tuple[set[str], ...] = (set(), set(), set())
    stack: list[str] = []
    depth = -1
    key_next = False
    for match in _JSON_TOKEN.finditer(text):
        token = match.group()
        if token in "{[":
            stack.append(token)
            key_next = token == "{"
            depth += key_next
        elif token in "}]":
            if stack:
                depth -= stack.pop() == "{"
            key_next = False
        elif token == ",":
            key_next = bool(stack) and stack[-1] == "{"
        elif token == ":":
            key_next = False
        elif key_next:
            if 0 <= depth < len(keys) and token.endswith('"'):
                keys[depth].add(token[1:-1])
            key_next = False
    return tuple(frozenset(found) for found in keys)
