"""From the text of a scorecard to the policy in force, or to every mistake on the way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from vsm_gate import documents, validation
from vsm_gate.errors import ConfigurationError, Mistake
from vsm_gate.scorecards import locks
from vsm_gate.scorecards.layers import Layer
from vsm_gate.scorecards.policy import SCHEMA, Policy, Source
from vsm_gate.scorecards.reference import SourceError, git_reference, shipped_name
from vsm_gate.scorecards.resolve import resolve
from vsm_gate.scorecards.schema import Scorecard

__all__ = ["Policy", "Source", "SourceError", "load"]

MAX_CHAIN: Final = 10

Fetch = Callable[[str, Source], Source]


def load(first: Source, fetch: Fetch) -> Policy:
    """The policy that a scorecard comes to with all that it extends.

    `fetch(reference, source)` gives what `reference`, written in `source`, names, or raises
    `SourceError`. Raises `ConfigurationError` with every mistake of every file of the chain, in
    the order of the chain and of the lines.
    """
    chain = _Chain([], [], complete=True)
    _follow(first, fetch, chain)
    layers, found = chain.layers[::-1], list(chain.mistakes)
    policies: list[Policy] = []
    for count in range(1, len(layers) + 1):
        policy, mistakes = resolve(layers[:count], complete=chain.complete)
        found += mistakes
        policies.append(policy)
    for parent, child in pairwise(policies):
        found += locks.loosened(parent, child)
    if chain.complete and not found and not policies[-1].objectives:
        found.append(Mistake(first.name, 1, 1, "the scorecard asks for nothing: no objective"))
    if found:
        raise ConfigurationError(_in_order(found, [layer.source for layer in chain.layers]))
    return policies[-1]


@dataclass(slots=True)
class _Chain:
    """The files read so far, the first one first; `complete` where none of them is missing."""

    layers: list[Layer]
    mistakes: list[Mistake]
    complete: bool


def _follow(first: Source, fetch: Fetch, chain: _Chain) -> None:
    source = first
    while True:
        layer, found = read(source)
        chain.mistakes += found
        if layer is None:
            chain.complete = False
            return
        chain.layers.append(layer)
        reference = layer.card.extends
        if reference is None:
            chain.complete = chain.complete and ("extends",) not in layer.broken
            return
        try:
            source = _next(reference, source, fetch, chain)
        except SourceError as problem:
            message = f"`extends` cannot be followed: {problem}"
            chain.mistakes.append(layer.document.mistake(("extends",), message))
            chain.complete = False
            return


def _next(reference: str, source: Source, fetch: Fetch, chain: _Chain) -> Source:
    """What a scorecard extends. Raises `SourceError`."""
    pinned = git_reference(reference)
    shipped_name(reference)
    if len(chain.layers) == MAX_CHAIN:
        raise SourceError(f"the chain is longer than {MAX_CHAIN} scorecards")
    found = fetch(reference, source)
    if pinned is not None and found.sha256 != pinned.sha256:
        raise SourceError(f"its SHA-256 is {found.sha256}, and {pinned.sha256} was pinned")
    names = [layer.source.name for layer in chain.layers]
    texts = [layer.source.text for layer in chain.layers]
    if found.name in names or found.text in texts:
        raise SourceError(f"it leads in a circle: {' → '.join([*names, found.name])}")
    return found


def read(source: Source) -> tuple[Layer | None, list[Mistake]]:
    """One file: what of it can be used, and every mistake in its shape.

    What is wrong is taken out and the rest is checked again, so that one mistake hides no other.
    """
    try:
        document = documents.load(source.name, source.text)
    except ConfigurationError as problem:
        return None, list(problem.mistakes)
    data: Any = document.data
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "a scorecard is keys and values"
        return None, [document.mistake((), what, f"it begins with `schema: {SCHEMA}`")]
    found: list[Mistake] = []
    broken: set[documents.Path] = set()
    while True:
        try:
            card = Scorecard.model_validate(data)
        except ValidationError as problem:
            places = {_place(data, error) for error in problem.errors(include_url=False)}
            if not broken:
                found = validation.mistakes(Scorecard, document, problem)
            broken |= places
            data = _pruned(data, (), places)
            data.setdefault("schema", SCHEMA)
        else:
            return Layer(source, document, card, frozenset(broken)), found


def _place(data: Any, error: ErrorDetails) -> documents.Path:
    """The place that an error of pydantic speaks of, as far down as there is data."""
    place: documents.Path = ()
    for step in error["loc"]:
        within = isinstance(data, dict) and step in data
        if not within and not (isinstance(data, list) and isinstance(step, int)):
            break
        data = data[step]
        place = (*place, step)
    return place


def _pruned(data: Any, path: documents.Path, places: set[documents.Path]) -> Any:
    if isinstance(data, dict):
        return {
            key: _pruned(value, (*path, key), places)
            for key, value in data.items()
            if (*path, key) not in places
        }
    if isinstance(data, list):
        return [
            _pruned(value, (*path, index), places)
            for index, value in enumerate(data)
            if (*path, index) not in places
        ]
    return data


def _in_order(found: list[Mistake], sources: list[Source]) -> list[Mistake]:
    """Each mistake once, the first file's first, by line and column."""
    order = {source.name: index for index, source in enumerate(sources)}
    return sorted(
        set(found),
        key=lambda each: (
            order.get(each.file, len(order)),
            each.line or 0,
            each.column or 0,
            each.message,
        ),
    )
