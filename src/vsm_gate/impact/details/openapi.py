"""OpenAPI descriptions (2 and 3): what a client that works today can no longer rely on.

Removed paths, operations, parameters' places, media types and answers; what becomes required or
changes its type; values of an enumeration that a request may no longer send; properties that an
answer no longer has. `oneOf`, `anyOf`, `not`, callbacks, links and references to other files are
not compared, nor is what only words say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.schemas import Schemas, TooMuchError
from vsm_gate.impact.discover.contract import Trouble
from vsm_gate.impact.discover.reading import Table, load, string, table

NAME: Final = "OpenAPI"
CLASS: Final = "interfaces"

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def wants(path: str) -> bool:
    """JSON and YAML."""
    return path.endswith((".json", ".yaml", ".yml"))


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What breaks, and what is new."""
    if file.head is None:
        yield Finding("removes the whole description", "breaking")
        return
    documents = [load(file.path, text) for text in (file.base or "", file.head) if text]
    for document in documents:
        if isinstance(document, Trouble):
            yield Unread(document.reason)
            return
        if not string(document.get("openapi")) and "swagger" not in document:
            yield Finding("what it describes is not compared: it is no OpenAPI description")
            return
    known = [document for document in documents if not isinstance(document, Trouble)]
    if len(known) == 1:
        count = len(_operations(known[0]))
        operations = "operation" if count == 1 else "operations"
        yield Finding(f"describes {count} {operations} for the first time")
        return
    try:
        yield from _Comparison(*known).findings()
    except TooMuchError:
        yield Unread("its schemas are too large or too deep to be compared")


def _operations(document: Table) -> dict[tuple[str, str], Table]:
    """Operations by path and method; what a path's parameters are called does not matter."""
    return {
        (_nameless(path), method): table(table(item).get(method))
        for path, item in table(document.get("paths")).items()
        for method in _METHODS
        if isinstance(table(item).get(method), dict)
    }


def _nameless(path: object) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in str(path).split("/"))


class _Comparison:
    """Two documents, operation by operation."""

    def __init__(self, base: Table, head: Table) -> None:
        self.base, self.head = base, head
        self.schemas = Schemas(base, head)
        self.names = {_nameless(path): str(path) for side in (head, base) for path in _paths(side)}

    def findings(self) -> Iterator[Finding]:
        before, after = _operations(self.base), _operations(self.head)
        kept = {path for path, _ in after}
        gone = dict.fromkeys(path for path, _ in before if path not in kept)
        for path in gone:
            yield Finding(f"removes the path `{self.names[path]}`", "breaking")
        for path, method in before:
            where = f"`{method.upper()} {self.names[path]}`"
            if path in gone:
                continue
            if (path, method) not in after:
                yield Finding(f"removes {where}", "breaking")
            else:
                yield from self._operation(where, path, method)
        new = [f"`{m.upper()} {self.names[p]}`" for p, m in after if (p, m) not in before]
        if new:
            shown = ", ".join(new[:5]) + (f" and {len(new) - 5} more" if len(new) > 5 else "")
            yield Finding(f"adds {len(new)} operation{'s' if len(new) > 1 else ''}: {shown}")

    def _operation(self, where: str, path: str, method: str) -> Iterator[Finding]:
        sides = (self.base, self.head)
        old, new = (_operations(side)[path, method] for side in sides)
        yield from self._parameters(where, path, old, new)
        yield from self._body(where, old, new)
        yield from self._answers(where, table(old.get("responses")), table(new.get("responses")))
        if not self._guarded(self.base, old) and self._guarded(self.head, new):
            yield Finding(f"{where} asks for authentication", "breaking")

    @staticmethod
    def _guarded(document: Table, operation: Table) -> bool:
        """Whether an operation asks for authentication, by itself or as all of them do."""
        asked = operation.get("security", document.get("security"))
        return isinstance(asked, list) and bool(asked) and {} not in asked

    def _parameters(self, where: str, path: str, old: Table, new: Table) -> Iterator[Finding]:
        before = self._all_parameters(self.base, path, old)
        after = self._all_parameters(self.head, path, new)
        for key, parameter in after.items():
            name = f"the {key[0]} parameter `{key[1]}` of {where}"
            earlier = before.get(key)
            required = parameter.get("required") is True
            if key[0] == "body":
                schemas = table(earlier).get("schema"), parameter.get("schema")
                yield from self.schemas.request(f"the body of {where}", *schemas)
            elif earlier is None:
                if required and key[0] != "path":
                    yield Finding(f"asks for {name}, which is new", "breaking")
            else:
                if required and earlier.get("required") is not True:
                    yield Finding(f"makes {name} required", "breaking")
                yield from self.schemas.request(name, _schema(earlier), _schema(parameter))
        for kind, name in before.keys() - after.keys():
            if kind != "path":
                yield Finding(f"removes the {kind} parameter `{name}` of {where}", "warning")

    def _all_parameters(
        self, document: Table, path: str, operation: Table
    ) -> dict[tuple[str, str], Table]:
        """An operation's parameters and its path's, by place and name; a path's by their order."""
        items = [table(item) for name, item in _paths(document).items() if _nameless(name) == path]
        found: dict[tuple[str, str], Table] = {}
        in_path = 0
        for owner in (*items, operation):
            given = owner.get("parameters")
            for entry in given if isinstance(given, list) else ():
                parameter = table(self.schemas.resolved(document, entry))
                kind, name = str(parameter.get("in")), str(parameter.get("name"))
                in_path += kind == "path"
                found[kind, f"{in_path}" if kind == "path" else name] = parameter
        return found

    def _body(self, where: str, old: Table, new: Table) -> Iterator[Finding]:
        before = table(self.schemas.resolved(self.base, old.get("requestBody")))
        after = table(self.schemas.resolved(self.head, new.get("requestBody")))
        if after.get("required") is True and before.get("required") is not True:
            yield Finding(f"makes the body of {where} required", "breaking")
        yield from self._media(f"the body of {where}", before, after, answer=False)

    def _answers(self, where: str, before: Table, after: Table) -> Iterator[Finding]:
        codes = {str(code): entry for code, entry in after.items()}
        for code, entry in before.items():
            name = f"the answer {code} of {where}"
            if str(code) not in codes:
                severe = str(code).startswith(("2", "default"))
                yield Finding(f"removes {name}", "breaking" if severe else "warning")
                continue
            old = table(self.schemas.resolved(self.base, entry))
            new = table(self.schemas.resolved(self.head, codes[str(code)]))
            yield from self._media(name, old, new, answer=True)
            yield from self.schemas.answer(name, old.get("schema"), new.get("schema"))

    def _media(self, name: str, old: Table, new: Table, *, answer: bool) -> Iterator[Finding]:
        before, after = table(old.get("content")), table(new.get("content"))
        compare = self.schemas.answer if answer else self.schemas.request
        for kind, media in before.items():
            if kind not in after:
                yield Finding(f"{name} is no longer `{kind}`", "breaking")
            else:
                schemas = table(media).get("schema"), table(after[kind]).get("schema")
                yield from compare(name, *schemas)


def _paths(document: Table) -> Mapping[str, Any]:
    return table(document.get("paths"))


def _schema(parameter: Table) -> Any:
    """The schema of a parameter; in version 2 the parameter is its own."""
    return parameter.get("schema") or parameter
