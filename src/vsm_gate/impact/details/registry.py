"""The table of readers, and what they find in the sensitive files of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from vsm_gate.impact.details import (
    graphql_schema,
    liquibase,
    openapi,
    packages,
    protobuf,
    python_migrations,
    rails,
    sql,
)
from vsm_gate.impact.details.contract import Reader, Unread, Versions
from vsm_gate.model.impact import Detail, Severity

READERS: Final = cast(
    "tuple[Reader, ...]",
    (sql, python_migrations, rails, liquibase, openapi, graphql_schema, protobuf, packages),
)
READ: Final = frozenset(reader.CLASS for reader in READERS)

_RANKS: Final[dict[Severity, int]] = {"breaking": 0, "warning": 1, "info": 2}


def wanted(sensitive: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The sensitive files whose contents say what they do, with the class that they are read as."""
    return {path: name for name in sensitive if name in READ for path in sensitive[name]}


def details(
    sensitive: Mapping[str, Sequence[str]], files: Iterable[Versions | tuple[str, str]]
) -> tuple[Detail, ...]:
    """What the sensitive files do, the worst first.

    `files` are those that are `wanted`, or their path with the reason why they cannot be read.
    """
    classes = wanted(sensitive)
    found: list[Detail] = []
    for file in files:
        if isinstance(file, tuple):
            found.append(_unread(classes[file[0]], *file))
        else:
            found += _of_file(classes[file.path], file)
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _of_file(name: str, file: Versions) -> Iterator[Detail]:
    if not (file.base or "").strip() and not (file.head or "").strip():
        return
    readers = [each for each in READERS if name == each.CLASS and each.wants(file.path)]
    if not readers:
        yield Detail(
            name, file.path, "what it does is not read: no reader knows files of this kind"
        )
    for reader in readers:
        for item in reader.find(file):
            if isinstance(item, Unread):
                yield _unread(name, file.path, item.reason)
            else:
                yield Detail(name, file.path, item.text, item.severity, item.line)


def _unread(name: str, path: str, reason: str) -> Detail:
    return Detail(name, path, f"what it does is not known: {reason}", "warning", read=False)


def _order(found: Detail) -> tuple[int, str, int, str]:
    return _RANKS[found.severity], found.path, found.line or 0, found.finding
