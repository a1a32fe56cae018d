"""SQL cut into statements in which texts, comments and layout no longer matter. Pure.

It knows no dialect's grammar. It is told apart from a text search by what it takes away: comments,
texts, the bodies of functions, and the part of a script that undoes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s++)
    | (?P<comment>--[^\n]*+ | /\*.*?\*/ | (?m:^\#)[^\n]*+)
    | (?P<body>(?P<mark>\$\w*+\$)(?P<inside>.*?)(?P=mark))
    | (?P<text>[EeNnBbXx]?'(?:[^']|'')*+')
    | (?P<name>"(?:[^"]|"")*+" | `[^`]*+` | \[[A-Za-z_][^\]\n]{0,128}+\])
    | (?P<word>[\w$@#]++)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# The same where a backslash takes the meaning from a quote: MySQL, and E'…' everywhere.
_ESCAPED: Final = re.compile(
    _TOKEN.pattern.replace("'(?:[^']|'')*+'", r"'(?:[^'\\]|''|\\.)*+'"), re.VERBOSE | re.DOTALL
)
_UNDO: Final = re.compile(
    r"^[ \t]*+--[ \t]*+(?:\+goose[ \t]+down|\+migrate[ \t]+down|migrate:down|//[ \t]*@undo|"
    r"\+micrate[ \t]+down|\+duckdb[ \t]+down)\b.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_GO: Final = re.compile(r"^[ \t]*+GO[ \t]*+\r?$", re.IGNORECASE | re.MULTILINE)
_ROUTINE: Final = re.compile(
    r"(?:CREATE|ALTER)(?: OR (?:REPLACE|ALTER))?(?: DEFINER = \S+(?: @ \S+)?)? "
    r"(?:FUNCTION|PROCEDURE|PROC|TRIGGER|EVENT|PACKAGE)\b",
    re.IGNORECASE,
)
# What is still there where a text, a name, a body or a comment should have been.
_OPENING: Final = re.compile(r"['\"`]|/\*|\$\w*+\$")
_STEP_OF_BLOCK: Final = re.compile(r"\b(?:BEGIN|THEN|ELSE|LOOP)\b", re.IGNORECASE)
_UNNAMED: Final = re.compile(r"[^\w$]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with one blank between its words, and the line that it begins in.

    A text is `''`; the signs of a quoted name that are none of a word are `_`.
    """

    text: str
    line: int


class UnclosedError(ValueError):
    """A text or a comment that is never closed."""


def statements(sql: str, line: int = 1, *, escaped: bool = False) -> Iterator[Statement]:
    """The statements of a script, without what undoes it. Raises `UnclosedError`.

    `line` is that of the first line; `escaped`: a backslash takes the meaning from a quote. What
    a `DO` block runs is among them, what a function would run when it is called is not.
    """
    script = _GO.sub(";", _UNDO.sub("", sql))
    yield from _cut(_tokens(script, line, _ESCAPED if escaped else _TOKEN), escaped=escaped)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def _tokens(sql: str, line: int, pattern: re.Pattern[str]) -> Iterator[_Token]:
    for match in pattern.finditer(sql):
        kind, text = str(match.lastgroup), match[0]
        if match["body"] is not None:
            opened = line + match["mark"].count("\n")
            yield _Token("body", match["inside"], opened)
        elif kind not in {"space", "comment"}:
            if _OPENING.match(sql, match.start()) and kind in {"sign", "word"}:
                raise UnclosedError(f"what begins in line {line} with {text[:20]} is never closed")
            yield _Token(kind, text, line)
        line += text.count("\n")


def _cut(tokens: Iterator[_Token], *, escaped: bool) -> Iterator[Statement]:
    """Statements at every `;` that is not within a routine."""
    words: list[_Token] = []
    depth, before = 0, ""
    for token in tokens:
        if token.text == ";" and not depth:
            yield from _statement(words, escaped=escaped)
            words = []
            continue
        words.append(token)
        word = token.text.upper() if token.kind == "word" else ""
        step = _step(word, before)
        if step and _ROUTINE.match(_joined(words[:12])):
            depth = max(0, depth + step)
        before = word
    if depth:
        raise UnclosedError(f"the routine that begins in line {words[0].line} is never closed")
    yield from _statement(words, escaped=escaped)


def _step(word: str, before: str) -> int:
    """How much deeper into a routine a word leads; `END IF` ends what was not counted."""
    if word in {"BEGIN", "CASE"}:
        return 0 if before == "END" else 1
    if word == "END":
        return -1
    return 1 if before == "END" and word in {"IF", "LOOP", "WHILE", "REPEAT"} else 0


def _statement(words: list[_Token], *, escaped: bool) -> Iterator[Statement]:
    if not words:
        return
    yield Statement(_joined(words), words[0].line)
    for token in words if words[0].text.upper() == "DO" else ():
        if token.kind == "body":
            inside = _STEP_OF_BLOCK.sub(";", token.text)
            yield from statements(inside, token.line, escaped=escaped)


def _joined(words: list[_Token]) -> str:
    parts: list[str] = []
    for token in words:
        if token.kind == "name":
            parts.append(_UNNAMED.sub("_", token.text[1:-1]))
        elif token.kind in {"text", "body"}:
            parts.append("''")
        else:
            parts.append(token.text)
    return " ".join(parts).replace(" . ", ".")
