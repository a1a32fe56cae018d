"""YAML that a person wrote, read so that every mistake can be shown where it is.

`load` gives plain data (dates and numbers stay as they were written, so that exact arithmetic is
possible) and the position of every key and value by its path.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.reader import ReaderError

from vsm_gate.errors import ConfigurationError, Mistake

Path = tuple[str | int, ...]


# What a person writes by hand stays far below; what is above was made to hurt.
MAX_SIZE: Final = 1_000_000
MAX_DEPTH: Final = 40
MAX_NODES: Final = 50_000

_QUOTES: Final = "a text that begins with `>`, `|` or `!` must stand in quotes"
# Neither can stand in a file's name, an argument or a text that is written anywhere.
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_TRUE: Final = frozenset({"true", "yes", "on"})
_FALSE: Final = frozenset({"false", "no", "off"})
_CORE: Final = "tag:yaml.org,2002:"
_PLAIN: Final = frozenset(
    f"{_CORE}{kind}"
    for kind in ("null", "bool", "int", "float", "str", "timestamp", "seq", "map", "merge", "value")
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. `positions` maps a path to the (line, column) of what stands there,
    `texts` that of each text that is written on one line to its first character.
    """

    file: str
    data: Any
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    texts: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def mistake(self, path: Iterable[str | int], message: str, hint: str | None = None) -> Mistake:
        """A mistake at a path, or at the nearest place above it that exists."""
        line, column = self.position(path)
        return Mistake(self.file, line, column, message, hint)

    def mistake_within(
        self, path: Iterable[str | int], place: int, message: str, hint: str | None = None
    ) -> Mistake:
        """A mistake at a place (from 1) in the text at a path, as exactly as it can be told."""
        steps = tuple(path)
        if steps not in self.texts:
            return self.mistake(steps, message, hint)
        line, column = self.texts[steps]
        return Mistake(self.file, line, column + place - 1, message, hint)

    def position(self, path: Iterable[str | int]) -> tuple[int, int]:
        """(line, column) of a path, or of the nearest place above it that exists."""
        steps = tuple(path)
        while steps and steps not in self.positions:
            steps = steps[:-1]
        return self.positions.get(steps, (1, 1))


def load(file: str, text: str) -> Document:
    """Parse YAML text.

    Raises `ConfigurationError` for syntax errors, duplicate keys, tags that are not plain data,
    characters that are no text, anchors that contain themselves, and for more size, depth or
    repetition than a person writes.
    """
    if len(text) > MAX_SIZE:
        message = f"the file is longer than {MAX_SIZE} characters"
        raise ConfigurationError([Mistake(file, 1, 1, message)])
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = problem.problem or "it cannot be parsed"
        hint = _QUOTES if "chomping" in what else None
        mistake = Mistake(file, line, column, f"not valid YAML: {what}", hint)
        raise ConfigurationError([mistake]) from None
    except ReaderError as problem:
        before = text[: problem.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not valid YAML: the character U+{ord(text[problem.position]):04X} is not text"
        raise ConfigurationError([Mistake(file, line, column, message)]) from None
    except (ValueError, OverflowError):
        # PyYAML takes an escape such as "\UFFFFFFFF" for a character without looking.
        message = "not valid YAML: an escape sequence names no character"
        raise ConfigurationError([Mistake(file, 1, 1, message)]) from None
    builder = _Builder(file)
    data = None if node is None else builder.build(node, ())
    if builder.mistakes:
        raise ConfigurationError(builder.mistakes)
    return Document(file, data, builder.positions, builder.texts)


class _Loader(yaml.SafeLoader):
    """PyYAML descends by recursion: it must not be led deeper than anybody writes."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = parent.start_mark if parent else None
            raise yaml.MarkedYAMLError(problem=f"more than {MAX_DEPTH} levels", problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _TooMuchError(Exception):
    """The aliases of a document unfold to more than anybody writes."""


class _Builder:
    """Plain data from nodes, with their positions and the mistakes met on the way."""

    def __init__(self, file: str) -> None:
        self.positions: dict[Path, tuple[int, int]] = {}
        self.texts: dict[Path, tuple[int, int]] = {}
        self.mistakes: list[Mistake] = []
        self._file = file
        self._open: set[int] = set()
        self._nodes = 0

    def build(self, root: yaml.Node, path: Path) -> Any:
        """The data of a whole document."""
        try:
            return self._build(root, path)
        except _TooMuchError:
            message = f"its aliases unfold to more than {MAX_NODES} values"
            self.mistakes = [Mistake(self._file, 1, 1, message)]
            return None

    def _build(self, node: yaml.Node, path: Path) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _TooMuchError
        self.positions.setdefault(path, _place(node))
        if node.tag not in _PLAIN:
            hint = _QUOTES if node.tag == "!=" else None
            self._refuse(node, f"the tag `{node.tag}` means nothing here", hint)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._open:
            self._refuse(node, "an anchor contains itself")
            return None
        self._open.add(id(node))
        data = (
            self._mapping(node, path)
            if isinstance(node, yaml.MappingNode)
            else [self._build(item, (*path, index)) for index, item in enumerate(node.value)]
        )
        self._open.discard(id(node))
        return data

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "a key must be a word, not a list or a mapping")
                continue
            key = str(key_node.value)
            if _NO_TEXT.search(key):
                self._refuse(key_node, "a key must be text")
                continue
            if key in result:
                self._refuse(key_node, f"`{key}` stands here twice")
            self.positions[(*path, key)] = _place(key_node)
            result[key] = self._build(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> str | int | bool | None:
        found = _NO_TEXT.search(node.value)
        if found is not None:
            self._refuse(node, f"the character U+{ord(found[0]):04X} is not text")
        if node.start_mark.line == node.end_mark.line and node.style not in {"|", ">"}:
            line, column = _place(node)
            self.texts[path] = (line, column + 1 if node.style else column)
        return _scalar(node)

    def _refuse(self, node: yaml.Node, message: str, hint: str | None = None) -> None:
        self.mistakes.append(Mistake(self._file, *_place(node), message, hint))


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    """Only what cannot be misread: null, booleans and whole numbers; all else stays text."""
    value = str(node.value)
    if node.tag == f"{_CORE}null":
        return None
    if node.tag == f"{_CORE}bool" and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    if node.tag == f"{_CORE}int" and _INTEGER.fullmatch(value):
        return int(value)
    return value


def nearest(word: str, known: Iterable[str]) -> str | None:
    """A hint for a misspelt word, or None where nothing is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"perhaps you meant `{found[0]}`?" if found else None
