"""JSON schemas of two documents compared: what a sender or a reader of today trips over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vsm_gate.impact.details.contract import Finding
from vsm_gate.impact.discover.reading import Table, string, strings, table

_MOST: Final = 50_000
_DEEPEST: Final = 40
_LINKS: Final = 20


class TooMuchError(ValueError):
    """More to compare than anybody writes."""


class Schemas:
    """The schemas of a document at the base and at the head."""

    def __init__(self, base: Table, head: Table) -> None:
        self._base, self._head = base, head
        self._left = _MOST

    def request(self, name: str, old: Any, new: Any) -> Iterator[Finding]:
        """What is no longer accepted. Raises `TooMuchError`."""
        yield from self._compare(name, old, new, sent=True, above=())

    def answer(self, name: str, old: Any, new: Any) -> Iterator[Finding]:
        """What is no longer promised. Raises `TooMuchError`."""
        yield from self._compare(name, old, new, sent=False, above=())

    def resolved(self, document: Table, entry: Any) -> Any:
        """What a reference within the document stands for; others stand for themselves."""
        for _ in range(_LINKS):
            reference = string(table(entry).get("$ref"))
            if reference is None or not reference.startswith("#/"):
                return entry
            entry = document
            for step in reference[2:].split("/"):
                entry = table(entry).get(step.replace("~1", "/").replace("~0", "~"))
        return None

    def _compare(
        self, name: str, old: Any, new: Any, *, sent: bool, above: tuple[tuple[int, int], ...]
    ) -> Iterator[Finding]:
        before = self._whole(self._base, old)
        after = self._whole(self._head, new)
        here = (id(self.resolved(self._base, old)), id(self.resolved(self._head, new)))
        if not before or not after or here in above:
            return
        self._left -= 1
        if self._left < 0 or len(above) > _DEEPEST:
            raise TooMuchError
        types = _types(before), _types(after)
        if not _fits(*types, sent=sent):
            shown = " → ".join(" or ".join(sorted(each)) or "any" for each in types)
            yield Finding(f"changes the type of {name}: {shown}", "breaking")
            return
        yield from _values(name, before, after, sent=sent)
        yield from _required(name, before, after, sent=sent)
        inner = (*above, here)
        old_items, new_items = before.get("items"), after.get("items")
        yield from self._compare(
            f"an entry of {name}", old_items, new_items, sent=sent, above=inner
        )
        properties = table(after.get("properties"))
        for key, value in table(before.get("properties")).items():
            part = f"`{key}` of {name}"
            if key in properties:
                yield from self._compare(part, value, properties[key], sent=sent, above=inner)
            elif not sent:
                yield Finding(f"removes {part}", "breaking")
            else:
                yield Finding(f"removes {part}", "warning")

    def _whole(self, document: Table, entry: Any, depth: int = 0) -> dict[str, Any]:
        """A schema with what `allOf` adds to it."""
        schema = dict(table(self.resolved(document, entry)))
        parts = schema.get("allOf")
        for part in parts if isinstance(parts, list) and depth < _LINKS else ():
            self._left -= 1
            if self._left < 0:
                raise TooMuchError
            more = self._whole(document, part, depth + 1)
            properties = {**table(more.get("properties")), **table(schema.get("properties"))}
            required = [*strings(more.get("required")), *strings(schema.get("required"))]
            schema = {**more, **schema, "properties": properties, "required": required}
        return schema


def _types(schema: Table) -> frozenset[str]:
    """The types that a value may have; none where the schema does not say."""
    given = schema.get("type")
    types = {given} if isinstance(given, str) else set(strings(given))
    if types and schema.get("nullable") is True:
        types.add("null")
    return frozenset(types)


def _fits(before: frozenset[str], after: frozenset[str], *, sent: bool) -> bool:
    """Whether all that was sent is taken, or all that comes was to be expected."""
    wider, narrower = (after, before) if sent else (before, after)
    if not wider:
        return True
    if not narrower:
        return not before or not after
    also = {"integer"} if "number" in wider else set()
    return narrower <= wider | also


def _values(name: str, before: Table, after: Table, *, sent: bool) -> Iterator[Finding]:
    old, new = _enumerated(before), _enumerated(after)
    if sent and new and (old is None or old - new):
        gone = ", ".join(f"`{value}`" for value in sorted((old or set()) - new)[:5])
        text = f"{name} no longer takes {gone}" if gone else f"{name} takes only certain values"
        yield Finding(text, "breaking")
    elif not sent and old and new and new - old:
        fresh = ", ".join(f"`{value}`" for value in sorted(new - old)[:5])
        yield Finding(f"{name} may now be {fresh}", "warning")


def _enumerated(schema: Table) -> set[str] | None:
    values = schema.get("enum")
    return {str(value)[:60] for value in values} if isinstance(values, list) else None


def _required(name: str, before: Table, after: Table, *, sent: bool) -> Iterator[Finding]:
    old, new = set(strings(before.get("required"))), set(strings(after.get("required")))
    if sent:
        for key in sorted(new - old):
            yield Finding(f"asks for `{key}` in {name}", "breaking")
    else:
        for key in sorted((old - new) & table(after.get("properties")).keys()):
            yield Finding(f"no longer promises `{key}` of {name}", "breaking")
