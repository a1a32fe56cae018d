"""Protocol buffer files, read as far as compatibility depends on them: messages, enums, services.

Options, comments and the bodies of nothing else matter here. A file that another one imports is
not read: types are compared by the names that they are called by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<skip>\s++|//[^\n]*+|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
    r"""|(?P<word>-?[\w.]++)|(?P<sign>.)""",
    re.DOTALL,
)
_BLOCKS: Final = frozenset({"message", "enum", "service", "extend", "oneof", "group"})
_LABELS: Final = frozenset({"optional", "required", "repeated"})
_SIDE: Final = re.compile(r"\( ((?:stream )?[\w.]+) \)")
_DEEPEST: Final = 100


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message; `label` is `repeated`, `required` or empty, `oneof` its group."""

    name: str
    type: str
    label: str
    line: int
    oneof: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a service: what it takes and gives, with `stream` where it streams."""

    takes: str
    gives: str
    line: int


@dataclass(slots=True)
class Proto:
    """A file: fields by number of each message, values by number of each enum, methods by name.

    Nested types are called by their whole names. `reserved` has the numbers that nobody may take.
    """

    package: str = ""
    messages: dict[str, dict[int, Field]] = field(default_factory=dict)
    enums: dict[str, dict[int, str]] = field(default_factory=dict)
    services: dict[str, dict[str, Method]] = field(default_factory=dict)
    reserved: dict[str, list[range]] = field(default_factory=dict)


Token = tuple[str, int]


def parse(text: str) -> Proto:
    """A file. Raises `ValueError` where it is none."""
    found = Proto()
    _Parser(list(_tokens(text)), found).read(())
    return found


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            if match[0] in {'"', "'"} or (match[0] == "/" and text.startswith("/*", match.start())):
                raise ValueError(f"line {line}: what begins with {match[0]} is never closed")
            yield match[0], line
        line += match[0].count("\n")


class _Parser:
    """Statements end with `;`, blocks are in braces; both nest only in blocks."""

    def __init__(self, tokens: list[Token], found: Proto) -> None:
        self._tokens, self._at, self._found = tokens, 0, found

    def read(self, scope: tuple[str, ...], kind: str = "", oneof: str = "") -> None:
        """The statements of a block up to its brace, or of the whole file."""
        if len(scope) > _DEEPEST:
            raise ValueError("it is nested too deeply")
        while self._at < len(self._tokens):
            statement = self._statement()
            if statement and statement[-1][0] == "}":
                if not kind:
                    raise ValueError(f"line {statement[-1][1]}: a brace closes nothing")
                return
            self._take(statement, scope, kind, oneof)
        if kind:
            raise ValueError(f"`{'.'.join(scope)}` is never closed")

    def _statement(self) -> list[Token]:
        """The tokens up to `;`, `{` or `}`, without options in square brackets."""
        found: list[Token] = []
        depth = 0
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            depth += (token[0] == "[") - (token[0] == "]")
            if depth or token[0] == "]":
                continue
            if token[0] == ";":
                break
            found.append(token)
            if token[0] in "{}":
                break
        return found

    def _take(self, statement: list[Token], scope: tuple[str, ...], kind: str, oneof: str) -> None:
        words = [word for word, _ in statement]
        if not words:
            return
        opens = words[-1] == "{"
        if opens and words[0] in _BLOCKS and len(words) > 2 and words[0] != "group":
            self._block(words[0], words[1], scope, kind)
        elif kind == "service" and words[0] == "rpc":
            self._method(words, ".".join(scope), statement[0][1])
            if opens:
                self._skip()
        elif opens:
            self._skip()
        elif words[0] == "package" and len(words) > 1:
            self._found.package = words[1]
        elif words[0] == "reserved":
            self._found.reserved.setdefault(".".join(scope), []).extend(_ranges(words[1:]))
        elif kind in {"message", "extend", "enum"} and "=" in words and words[0] != "option":
            self._numbered(words, scope, statement[0][1], kind, oneof)

    def _block(self, word: str, name: str, scope: tuple[str, ...], kind: str) -> None:
        if word == "oneof" and kind in {"message", "extend"}:
            self.read(scope, kind, name)
            return
        inner = (*scope, name)
        whole = ".".join(inner)
        if word in {"message", "extend", "oneof"}:
            self._found.messages.setdefault(whole, {})
        elif word == "enum":
            self._found.enums.setdefault(whole, {})
        else:
            self._found.services.setdefault(whole, {})
        self.read(inner, word)

    def _skip(self) -> None:
        """A block that says nothing here, such as options."""
        depth = 1
        while depth and self._at < len(self._tokens):
            word = self._tokens[self._at][0]
            depth += (word == "{") - (word == "}")
            self._at += 1

    def _method(self, words: list[str], service: str, line: int) -> None:
        sides = _SIDE.findall(" ".join(words))
        if len(sides) == 2:
            self._found.services[service][words[1]] = Method(sides[0], sides[1], line)

    def _numbered(
        self, words: list[str], scope: tuple[str, ...], line: int, kind: str, oneof: str
    ) -> None:
        """A field or a value: `… name = number`."""
        at = words.index("=")
        try:
            number = int(words[at + 1], 0)
        except (IndexError, ValueError):
            raise ValueError(f"line {line}: `{words[at - 1]}` has no number") from None
        whole = ".".join(scope)
        if kind == "enum":
            self._found.enums[whole].setdefault(number, words[0])
        elif at >= 2:
            label = words[0] if words[0] in _LABELS else ""
            type_ = "".join(words[bool(label) : at - 1]).removeprefix(".")
            said = "" if label == "optional" else label
            self._found.messages[whole][number] = Field(words[at - 1], type_, said, line, oneof)


def _ranges(words: list[str]) -> Iterator[range]:
    """The numbers of a `reserved` statement; names reserve no number."""
    for part in " ".join(words).split(","):
        match = re.fullmatch(r"\s*(-?\d{1,10})(?: to (-?\d{1,10}|max))?\s*", part)
        if match:
            last = 2**31 if match[2] == "max" else int(match[2] or match[1])
            yield range(int(match[1]), last + 1)
