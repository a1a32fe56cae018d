"""JSON by streaming: documents far larger than memory, and streams of one object a line.

A document is not built as a whole: the containers that a reader names are entered, and what
stands in them is decoded piece by piece, by the standard library and within a bound. A hostile
document costs at most one piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from json import JSONDecodeError, JSONDecoder
from re import Match
from typing import Any, BinaryIO, Final, NoReturn, cast

from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.decoded import MAX_LINE, decoded, lines

Path = tuple[str, ...]

ITEM: Final = "[]"
CHUNK: Final = 1 << 18
MAX_PIECE: Final = MAX_LINE
MAX_KEYS: Final = 1 << 19

_CUT_OFF: Final = "the JSON document ends in the middle: it is cut off"
_DECODER: Final = JSONDecoder()
_SPACES: Final = cast("Callable[[str, int], Match[str]]", re.compile(r"[ \t\n\r]*").match)


class Closed:
    """What `walk` gives at the end of a container that it has entered."""


CLOSED: Final = Closed()


def walk(
    stream: BinaryIO, enter: Container[Path], arrays: Container[Path] = ()
) -> Iterator[tuple[Path, Any]]:
    """(path, value) of everything in the entered containers, in the order of the document.

    `enter` names the containers by their path: `()` is the document itself, a key is a step, and
    so is `ITEM`, for every element of an array. Each of them ends with (path, `CLOSED`). A value
    that is not entered comes whole. Raises `ReadError`, also for a key that an entered object has
    twice, and for an object at one of the entered paths that are in `arrays`.
    """
    with decoded(stream) as text:
        source = _Source(text)
        yield from _value(source, (), enter, arrays)
        if source.peek():
            source.fail("the JSON document ends, and something follows")


def _value(
    source: _Source, path: Path, enter: Container[Path], arrays: Container[Path]
) -> Iterator[tuple[Path, Any]]:
    """A value at `path`. The recursion is as deep as the paths of `enter` are long."""
    opening = source.peek()
    if path not in enter or opening not in ("{", "["):
        yield path, source.piece()
        return
    if opening == "{" and path in arrays:
        source.fail(f"{'.'.join(path)} is an object, and should be an array")
    source.skip()
    closing = "}" if opening == "{" else "]"
    seen: set[str] = set()
    while True:
        if source.peek() == closing and not seen:
            break
        step = _key(source, seen) if opening == "{" else ITEM
        seen.add(step)
        yield from _value(source, (*path, step), enter, arrays)
        if source.peek() != ",":
            break
        source.skip()
    if source.peek() != closing:
        source.missing(f"a comma or `{closing}`")
    source.skip()
    yield path, CLOSED


def _key(source: _Source, seen: set[str]) -> str:
    if source.peek() != '"':
        source.missing("a key")
    key = str(source.piece())
    if key in seen:
        source.fail(f"the key {key[:80]!r} stands here twice")
    if len(seen) >= MAX_KEYS:
        source.fail(f"an object has more than {MAX_KEYS} keys")
    if source.peek() != ":":
        source.missing("a colon")
    source.skip()
    return key


class _Source:
    """A window on the text that moves forward, and knows the line that it begins with."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._reader = text
        self._window = ""
        self._at = 0
        self._line = 1
        self._column = 1
        self._ended = False

    def peek(self) -> str:
        """The next character that is not a space, or nothing at the end."""
        while True:
            self._at = _SPACES(self._window, self._at).end()
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Pass over the character that `peek` gave."""
        self._at += 1

    def piece(self) -> Any:
        """The value that begins here, decoded. Each retry reads twice as far as the last one."""
        if not self.peek():
            self.fail(_CUT_OFF)
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except RecursionError:
                self.fail("the JSON is nested too deeply")
            except JSONDecodeError as problem:
                if len(self._window) - self._at > MAX_PIECE:
                    self.fail(f"a single value is longer than {MAX_PIECE >> 20} M characters")
                if not self._more():
                    self._reject(problem)
            except ValueError:
                self.fail("a number has too many digits")
            else:
                a_number_may_go_on = isinstance(value, int | float) and not self._ended
                if a_number_may_go_on and end + 3 > len(self._window):
                    self._more()
                else:
                    self._at = end
                    return value

    def _more(self) -> bool:
        """Forget what was passed over and read on; False at the end."""
        ahead = len(self._window) - self._at
        size = max(CHUNK, min(ahead, MAX_PIECE + 1 - ahead))
        chunk = "" if self._ended else self._reader.read(size)
        if not chunk:
            self._ended = True
            return False
        self._line, self._column = self._position(self._at)
        self._window, self._at = self._window[self._at :] + chunk, 0
        return True

    def _position(self, at: int) -> tuple[int, int]:
        newlines = self._window.count("\n", 0, at)
        if not newlines:
            return self._line, self._column + at
        return self._line + newlines, at - self._window.rfind("\n", 0, at)

    def _reject(self, problem: JSONDecodeError) -> NoReturn:
        if problem.pos >= len(self._window.rstrip()) or "Unterminated" in problem.msg:
            self.fail(_CUT_OFF)
        self._at = problem.pos
        self.fail(f"not valid JSON: {problem.msg}")

    def missing(self, what: str) -> NoReturn:
        """Refuse the document for what should stand here, or because it ends here."""
        self.fail(f"not valid JSON: {what} is missing" if self.peek() else _CUT_OFF)

    def fail(self, reason: str) -> NoReturn:
        """Refuse the document, at the place where the window stands."""
        raise ReadError(reason, *self._position(self._at)) from None


@dataclass(slots=True)
class Objects:
    """The JSON objects of a stream that has one a line, and how many lines were broken.

    Tools write to the same pipe as what they test, so that a line which does not begin with `{`
    is passed over, or given to `other`; a line that does and is no JSON object is counted in
    `broken`, and sets `cut_off` where it has no end. Lines that begin with `may_be_long` and are
    too long are passed over, too: attachments.
    """

    stream: BinaryIO
    may_be_long: str | None = None
    other: Callable[[str], None] | None = None
    line: int = 0
    broken: int = 0
    cut_off: bool = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        decode = _DECODER.raw_decode
        for text in lines(self.stream, self.may_be_long):
            self.line += 1
            if text[0] != "{":
                if self.other is not None:
                    self.other(text)
                continue
            try:
                value, end = decode(text)
            except RecursionError:
                raise ReadError("the JSON is nested too deeply", self.line) from None
            except ValueError:
                self.broken += 1
                self.cut_off = text[-1] != "\n"
                continue
            if text[end:].strip():
                self.broken += 1
                continue
            yield value


def string(value: object) -> str:
    """The value if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def whole(value: object) -> int:
    """The value if it is a count (a whole number of at least 0), else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
