"""YAML that a person wrote, read so that every mistake can be shown where it is.

`load` gives plain data (dates and numbers stay as they were written, so that exact arithmetic is
possible) and the position of every key and value by its path.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from vsm_gate.errors import ConfigurationError, Mistake

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document. `positions` maps a path to the (line, column) of what stands there."""

    file: str
    data: Any
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def mistake(self, path: Iterable[str | int], message: str, hint: str | None = None) -> Mistake:
        """A mistake at a path, or at the nearest place above it that exists."""
        line, column = self.position(path)
        return Mistake(self.file, line, column, message, hint)

    def position(self, path: Iterable[str | int]) -> tuple[int, int]:
        """(line, column) of a path, or of the nearest place above it that exists."""
        steps = tuple(path)
        while steps and steps not in self.positions:
            steps = steps[:-1]
        return self.positions.get(steps, (1, 1))


def load(file: str, text: str) -> Document:
    """Parse YAML text. Raises `ConfigurationError` for syntax errors and duplicate keys."""
    mistakes: list[Mistake] = []
    positions: dict[Path, tuple[int, int]] = {}
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = problem.problem or "it cannot be parsed"
        raise ConfigurationError([Mistake(file, line, column, f"not valid YAML: {what}")]) from None
    except yaml.YAMLError as problem:
        raise ConfigurationError([Mistake(file, 1, 1, f"not valid YAML: {problem}")]) from None
    data = None if node is None else _build(node, (), file, positions, mistakes)
    if mistakes:
        raise ConfigurationError(mistakes)
    return Document(file, data, positions)


def _build(
    node: yaml.Node,
    path: Path,
    file: str,
    positions: dict[Path, tuple[int, int]],
    mistakes: list[Mistake],
) -> Any:
    positions.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            where = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in result:
                mistakes.append(Mistake(file, *where, f"`{key}` stands here twice"))
            positions[(*path, key)] = where
            result[key] = _build(value_node, (*path, key), file, positions, mistakes)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(item, (*path, index), file, positions, mistakes)
            for index, item in enumerate(node.value)
        ]
    return _scalar(node)


def _scalar(node: yaml.Node) -> str | int | bool | None:
    """Only what cannot be misread: null, booleans and whole numbers; all else stays text."""
    value = str(node.value)
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return value.lower() in {"true", "yes", "on"}
    if node.tag == "tag:yaml.org,2002:int" and value.lstrip("+-").isdecimal():
        return int(value)
    return value


def nearest(word: str, known: Iterable[str]) -> str | None:
    """A hint for a misspelt word, or None where nothing is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"perhaps you meant `{found[0]}`?" if found else None
