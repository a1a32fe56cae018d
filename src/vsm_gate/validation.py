"""Documents held against their schema: every mistake at once, each where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vsm_gate.documents import Document, nearest
from vsm_gate.errors import ConfigurationError, Mistake

Model = TypeVar("Model", bound=BaseModel)


def validate(schema: type[Model], document: Document) -> Model:
    """The document as its schema's model. Raises `ConfigurationError` with all mistakes."""
    if not isinstance(document.data, dict):
        what = "the file is empty" if document.data is None else "it must hold keys and values"
        raise ConfigurationError([document.mistake((), what)])
    try:
        return schema.model_validate(document.data)
    except ValidationError as problem:
        raise ConfigurationError(mistakes(schema, document, problem)) from None


def mistakes(
    schema: type[BaseModel], document: Document, problem: ValidationError
) -> list[Mistake]:
    """The mistakes that pydantic found, in the order of the file."""
    found = [_mistake(schema, document, error) for error in problem.errors(include_url=False)]
    return sorted(set(found), key=lambda each: (each.line or 0, each.column or 0, each.message))


def _mistake(schema: type[BaseModel], document: Document, error: ErrorDetails) -> Mistake:
    path = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        word = str(path[-1])
        return document.mistake(path, f"unknown key `{word}`", nearest(word, _words(schema)))
    if error["type"] == "missing":
        return document.mistake(path[:-1], f"`{path[-1]}` is missing")
    if path[-1:] == ("[key]",):
        pattern = error.get("ctx", {}).get("pattern", "")
        return document.mistake(path[:-1], f"`{path[-2]}` is no name here: it must match {pattern}")
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "model_type":
        message = "must be keys and values"
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    hint = None
    if error["type"] == "literal_error":
        hint = nearest(str(error["input"]), re.findall(r"'([^']+)'", error["ctx"]["expected"]))
    return document.mistake(path, f"`{name}`: {message[:1].lower()}{message[1:]}", hint)


@cache
def _words(schema: type[BaseModel]) -> frozenset[str]:
    """All keys that a schema knows, at any depth."""
    words: set[str] = set()
    seen: set[type[BaseModel]] = set()
    left = [schema]
    while left:
        model = left.pop()
        if model not in seen:
            seen.add(model)
            for name, declared in model.model_fields.items():
                words.add(declared.alias or name)
                left += _models(declared.annotation)
    return frozenset(words)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models that a type speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
