"""The calls of a Python migration, and their arguments as far as they are written out."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_NOT_RUN: Final = "downgrade"
_NOT_IN_DATABASE: Final = "state_operations"


@dataclass(frozen=True, slots=True)
class Call:
    """A call; `table` is that of the `batch_alter_table` that it belongs to."""

    node: ast.Call
    table: str = ""

    @property
    def name(self) -> str:
        """The last part of what is called."""
        called = self.node.func
        if isinstance(called, ast.Attribute):
            return called.attr
        return called.id if isinstance(called, ast.Name) else ""

    def value(self, keyword: str, place: int | None = None) -> ast.expr | None:
        """An argument, by its keyword or its place."""
        for word in self.node.keywords:
            if word.arg == keyword:
                return word.value
        given = self.node.args
        return given[place] if place is not None and place < len(given) else None

    def text(self, keyword: str, place: int | None = None) -> str:
        """An argument that is a text; `?` where it is none."""
        value = self.value(keyword, place)
        text = value.value if isinstance(value, ast.Constant) else None
        return text if isinstance(text, str) else "?"

    def has(self, keyword: str) -> bool:
        """Whether an argument is named."""
        return self.value(keyword) is not None

    def says(self, keyword: str, value: bool) -> bool:
        """Whether an argument is this truth value."""
        found = self.value(keyword)
        return isinstance(found, ast.Constant) and found.value is value

    def inner(self) -> Iterator[Call]:
        """The calls that are its arguments."""
        for value in (*self.node.args, *(word.value for word in self.node.keywords)):
            if isinstance(value, ast.Call):
                yield Call(value)


def calls(text: str) -> list[Call]:
    """The calls of a module in the order of its text, without what undoes it.

    Raises `ValueError` where it is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that mean nothing, which is not our affair
            tree = ast.parse(text)
        return list(_calls(tree, {}))
    except (SyntaxError, RecursionError, MemoryError) as problem:
        raise ValueError(str(problem)[:200] or "it is nested too deeply") from None


def _calls(node: ast.AST, batches: Mapping[str, str]) -> Iterator[Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef) and child.name == _NOT_RUN:
            continue
        if isinstance(child, ast.keyword) and child.arg == _NOT_IN_DATABASE:
            continue
        known = {**batches, **_batch(child)} if isinstance(child, ast.With) else batches
        if isinstance(child, ast.Call):
            owner = child.func.value if isinstance(child.func, ast.Attribute) else None
            yield Call(child, known.get(owner.id, "") if isinstance(owner, ast.Name) else "")
        yield from _calls(child, known)


def _batch(node: ast.With) -> dict[str, str]:
    """The name that a `with op.batch_alter_table("t") as name` gives, and its table."""
    found: dict[str, str] = {}
    for item in node.items:
        made, given = item.context_expr, item.optional_vars
        if isinstance(made, ast.Call) and isinstance(given, ast.Name):
            call = Call(made)
            if call.name == "batch_alter_table":
                found[given.id] = call.text("table_name", 0)
    return found


def texts(value: ast.expr | None) -> Iterator[tuple[str, int] | None]:
    """The texts of an argument with their lines; None for each that is put together.

    Within a list a pair is a statement with its parameters.
    """
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value, value.lineno
    elif isinstance(value, ast.List | ast.Tuple):
        for element in value.elts:
            pair = isinstance(element, ast.List | ast.Tuple) and element.elts
            yield from texts(pair[0] if pair else element)
    elif isinstance(value, ast.Call) and Call(value).name == "text" and value.args:
        yield from texts(value.args[0])
    elif value is not None:
        yield None
