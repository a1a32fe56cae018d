"""Changelogs of Liquibase, in XML, YAML or JSON, and in SQL with its comments.

What a rollback would do is left out; so is what a file does that a changelog includes: that file is
read itself where it changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.parsers import expat

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.migrations import added
from vsm_gate.impact.details.sql_effects import effects
from vsm_gate.impact.discover.contract import Trouble
from vsm_gate.impact.discover.reading import load, table
from vsm_gate.model.impact import Severity

NAME: Final = "Liquibase"
CLASS: Final = "migrations"

_REWRITTEN: Final = "the table may be rewritten while it is locked"

# A change → how bad it is, and in words, with its attributes in their places.
_CHANGES: Final[dict[str, tuple[Severity, str]]] = {
    "dropTable": ("breaking", "drops the table `{tableName}`"),
    "dropColumn": ("breaking", "drops the column `{tableName}.{columnName}`"),
    "dropView": ("breaking", "drops the view `{viewName}`"),
    "dropAllForeignKeyConstraints": ("info", "drops the foreign keys of `{baseTableName}`"),
    "dropSequence": ("breaking", "drops the sequence `{sequenceName}`"),
    "renameTable": ("breaking", "renames the table `{oldTableName}` to `{newTableName}`"),
    "renameColumn": (
        "breaking",
        "renames the column `{tableName}.{oldColumnName}` to `{newColumnName}`",
    ),
    "renameView": ("breaking", "renames the view `{oldViewName}` to `{newViewName}`"),
    "mergeColumns": ("breaking", "merges columns of `{tableName}`"),
    "modifyDataType": (
        "warning",
        f"changes the type of `{{tableName}}.{{columnName}}`: {_REWRITTEN}",
    ),
    "addNotNullConstraint": (
        "warning",
        "makes `{tableName}.{columnName}` NOT NULL: every row is checked while it is locked",
    ),
    "createIndex": ("warning", "builds the index `{indexName}` on `{tableName}` while writes wait"),
    "addForeignKeyConstraint": (
        "warning",
        "adds a constraint: every row of `{baseTableName}` is checked while it is locked",
    ),
    "addUniqueConstraint": ("warning", "builds a unique index on `{tableName}` while it is locked"),
    "addPrimaryKey": ("warning", "builds a unique index on `{tableName}` while it is locked"),
    "delete": ("warning", "deletes rows of `{tableName}`"),
    "update": ("warning", "rewrites rows of `{tableName}`"),
    "addColumn": ("info", "adds a column to `{tableName}`"),
    "createTable": ("info", "creates the table `{tableName}`"),
}


class _Attributes(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def wants(path: str) -> bool:
    """Changelogs, but for those in SQL, which are read as SQL."""
    return path.endswith((".xml", ".yaml", ".yml", ".json"))


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What its change sets do that they did not do at the base."""
    if file.head is None:
        yield Finding("deletes a migration: databases that ran it keep what it did", "warning")
    is_xml = file.path.endswith(".xml")
    yield from added(file, _of_xml if is_xml else lambda text: _of_data(file.path, text))


def _of_xml(text: str) -> Iterator[Finding | Unread]:
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Xml(parser)
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except (expat.ExpatError, ValueError) as problem:
        yield Unread(f"it cannot be read: {problem}")
        return
    yield from reader.found


class _Xml:
    """Collects what the elements of a changelog do."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found: list[Finding | Unread] = []
        self._parser = parser
        self._undoing = 0
        self._sql: list[str] | None = None
        self._line = 0
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise ValueError("it declares entities, which a changelog has no need of")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self._undoing += tag == "rollback" or self._undoing > 0
        if self._undoing:
            return
        self._line = self._parser.CurrentLineNumber
        if tag == "sql":
            self._sql = []
        else:
            self.found += _change(tag, attributes, self._line)

    def _text(self, text: str) -> None:
        if self._sql is not None:
            self._sql.append(text)

    def _end(self, name: str) -> None:
        if self._undoing:
            self._undoing -= 1
        elif self._sql is not None and name.rpartition(" ")[2] == "sql":
            self.found += effects("".join(self._sql), self._line)
            self._sql = None


def _of_data(path: str, text: str) -> Iterator[Finding | Unread]:
    data = load(path, text)
    if isinstance(data, Trouble):
        yield Unread(data.reason)
        return
    entries = data.get("databaseChangeLog")
    for entry in entries if isinstance(entries, list) else ():
        changes = table(table(entry).get("changeSet")).get("changes")
        for change in changes if isinstance(changes, list) else ():
            for name, attributes in table(change).items():
                if name == "sql":
                    sql = (
                        attributes if isinstance(attributes, str) else table(attributes).get("sql")
                    )
                    found = effects(str(sql or ""))
                    yield from (_without_line(item) for item in found)
                else:
                    yield from _change(str(name), table(attributes), None)


def _without_line(item: Finding | Unread) -> Finding | Unread:
    """A line within a text of the file is no line of the file."""
    return Finding(item.text, item.severity) if isinstance(item, Finding) else item


def _change(name: str, attributes: Mapping[str, Any], line: int | None) -> Iterator[Finding]:
    if name in _CHANGES:
        severity, words = _CHANGES[name]
        shown = {key: str(value)[:100] for key, value in attributes.items()}
        yield Finding(words.format_map(_Attributes(shown)), severity, line)
