"""Text out of bytes: UTF-8, or UTF-16 with its byte order mark, as PowerShell's `>` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import BinaryIO, Final

from vsm_gate.readers.contract import ReadError

# Decoded as JSON, this many characters take up to 170 MB, if they are all empty arrays.
MAX_LINE: Final = 5 << 20

_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def decoded(stream: BinaryIO) -> Iterator[TextIOWrapper]:
    """The rest of a seekable stream as text; the stream itself stays open.

    Bytes that are no text become U+FFFD: one broken character in a message is no reason to
    refuse a report. Line ends stay as they are.
    """
    start = stream.tell()
    mark = stream.read(2)
    stream.seek(start)
    encoding = "utf-16" if mark in _UTF_16_MARKS else "utf-8-sig"
    text = TextIOWrapper(stream, encoding, errors="replace", newline="\n")
    try:
        yield text
    finally:
        text.detach()


def lines(stream: BinaryIO, may_be_long: str | None = None) -> Iterator[str]:
    """The lines of a text, with their ends, each at most `MAX_LINE` characters long.

    A longer one that begins with `may_be_long` comes cut, without its end; any other raises
    `ReadError`.
    """
    with decoded(stream) as text:
        number = 0
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE and line[-1] != "\n":
                if may_be_long is None or not line.startswith(may_be_long):
                    reason = f"the line is longer than {MAX_LINE >> 20} M characters"
                    raise ReadError(reason, number)
                while (rest := text.readline(MAX_LINE)) and rest[-1] != "\n":
                    pass
            yield line


@contextmanager
def numbered(stream: BinaryIO) -> Iterator[Iterator[tuple[int, str]]]:
    """The lines of a text with their numbers, for a block that goes through them: a `ReadError` in
    it that names no line is of the line that the block stands at.
    """
    number = 0

    def counted() -> Iterator[tuple[int, str]]:
        nonlocal number
        for line in lines(stream):
            number += 1
            yield number, line

    try:
        yield counted()
    except ReadError as problem:
        problem.line = problem.line or number
        raise
