"""Encodings that XML parsers do not know: read as UTF-8, by Python's own codecs."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO, Final

# As far as expat goes by itself. Everything else is decoded here, so that its own hook for other
# encodings, which raises what it likes, is never asked.
_KNOWN_TO_EXPAT: Final = frozenset({"utf-8", "iso-8859-1", "us-ascii"})
_TEXT: Final = re.compile(
    r"utf-8|ascii|cp\d+|iso8859-\d+|koi8-\w|mac-\w+|gb2312|gbk|gb18030|big5\w*|shift_j\w+|euc_\w+|johab|tis-620"
)
_MARK: Final = b"\xef\xbb\xbf"
_SIXTEEN_BITS: Final = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_DECLARED: Final = re.compile(
    r"""\A\ufeff?(<\?xml\s[^<>]*?\bencoding\s*=\s*["'])([A-Za-z][A-Za-z0-9_.-]*)"""
)


class UnknownEncodingError(ValueError):
    """The declared encoding is none that text is written in."""


def foreign(head: bytes) -> str | None:
    """The codec for a document that expat cannot decode, from its first bytes; None: it can.

    Raises `UnknownEncodingError`.
    """
    if head[:2] in _SIXTEEN_BITS:
        return _SIXTEEN_BITS[head[:2]]
    match = _DECLARED.match(head.decode("ascii", "replace").lstrip("\ufffd"))
    if match is None:
        return None
    declared = match[2]
    if head.startswith(_MARK):
        return None if declared.lower() == "utf-8" else "utf-8"
    if declared.lower() in _KNOWN_TO_EXPAT:
        return None
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise UnknownEncodingError(declared[:80]) from None
    if not _TEXT.fullmatch(name):
        raise UnknownEncodingError(declared[:80])
    return name


class Recoded:
    """A stream in UTF-8 made of one in another encoding, with its XML declaration made to say so.

    `read` raises `UnicodeDecodeError` unless other `errors` are asked for.
    """

    def __init__(self, stream: BinaryIO, codec: str, errors: str = "strict") -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(codec)(errors)
        self._begun = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of the original, in UTF-8; nothing at the end."""
        raw = self._stream.read(size)
        text = self._decoder.decode(raw, final=not raw)
        if not self._begun:
            self._begun = True
            text = _DECLARED.sub(r"\1utf-8", text, count=1).removeprefix("\ufeff")
        if raw and not text:
            return self.read(size)
        return text.encode("utf-8", "surrogatepass")
