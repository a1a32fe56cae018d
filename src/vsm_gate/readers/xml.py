"""XML by streaming, with everything refused that a report has no need of."""

from __future__ import annotations

from typing import BinaryIO, Final, NoReturn
from xml.parsers import expat

from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.encoding import Recoded, UnknownEncodingError, foreign
from vsm_gate.readers.head import HEAD_SIZE

CHUNK: Final = 1 << 18
MAX_READ: Final = 1 << 22
MAX_TOKEN: Final = 1 << 24
MAX_DEPTH: Final = 256
MAX_FIELD: Final = 4096


def new_parser() -> expat.XMLParserType:
    """An expat parser that refuses declared entities. A DOCTYPE is read over, never fetched."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def refuse(*_: object) -> NoReturn:
        raise ReadError(
            "the file declares an XML entity; entities are refused because they can read other "
            "files and exhaust memory",
            parser.CurrentLineNumber,
            parser.CurrentColumnNumber + 1,
        )

    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    return parser


def feed(parser: expat.XMLParserType, stream: BinaryIO) -> None:
    """Drive the parser's handlers over the whole stream. Raises `ReadError`, with the place where
    the parser stands if the handler that raised it gave none.
    """
    fed = pending = 0
    source = _decodable(stream)
    try:
        # A tag that is cut off is looked at again from its beginning: the more of it there is, the
        # more is read at once, or a long one would take time in the square of its length.
        while chunk := source.read(max(CHUNK, min(pending, MAX_READ))):
            parser.Parse(chunk, False)
            fed += len(chunk)
            pending = fed - parser.CurrentByteIndex
            _bound(pending)
        parser.Parse(b"", True)
    except ReadError as problem:
        if problem.line is None:
            problem.line, problem.column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        raise
    except expat.ExpatError as problem:
        raise ReadError(
            f"not well-formed XML: {expat.ErrorString(problem.code)}",
            problem.lineno,
            problem.offset + 1,
        ) from None
    except UnicodeDecodeError as problem:
        raise ReadError(
            f"the text is not {problem.encoding}, as the file declares",
            parser.CurrentLineNumber,
        ) from None


def _decodable(stream: BinaryIO) -> BinaryIO | Recoded:
    """The stream as expat can read it."""
    start = stream.tell()
    head = stream.read(HEAD_SIZE)
    stream.seek(start)
    try:
        codec = foreign(head)
    except UnknownEncodingError as problem:
        raise ReadError(f"the encoding {problem} is not known", 1) from None
    return Recoded(stream, codec) if codec else stream


def _bound(pending: int) -> None:
    """Refuse a tag that is not at its end yet after so many bytes."""
    if pending > MAX_TOKEN:
        raise ReadError(f"a single tag is longer than {MAX_TOKEN >> 20} MB")
