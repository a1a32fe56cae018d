"""Migrations of Django and Alembic: the operations that they name, and the SQL in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.migrations import one_step
from vsm_gate.impact.details.python_calls import Call, calls, texts
from vsm_gate.impact.details.sql_effects import effects
from vsm_gate.model.impact import Severity

NAME: Final = "Django, Alembic"
CLASS: Final = "migrations"

_CHECKED: Final = "is checked while it is locked"

# An operation → how bad it is, in words, and the arguments that the words name, in their places.
_OPERATIONS: Final[dict[str, tuple[Severity, str, tuple[str, ...]]]] = {
    "DeleteModel": ("breaking", "drops the model `{0}`", ("name",)),
    "RemoveField": ("breaking", "drops the column `{0}.{1}`", ("model_name", "name")),
    "RenameField": (
        "breaking",
        "renames the column `{0}.{1}` to `{2}`",
        ("model_name", "old_name", "new_name"),
    ),
    "RenameModel": ("breaking", "renames the model `{0}` to `{1}`", ("old_name", "new_name")),
    "AlterModelTable": ("breaking", "renames the table of the model `{0}`", ("name",)),
    "AlterField": (
        "warning",
        "changes the column `{0}.{1}`: the table may be rewritten while it is locked",
        ("model_name", "name"),
    ),
    "AddIndex": ("warning", "builds an index on `{0}` while writes wait", ("model_name",)),
    "AddConstraint": (
        "warning",
        f"adds a constraint: every row of `{{0}}` {_CHECKED}",
        ("model_name",),
    ),
    "AlterUniqueTogether": ("warning", f"every row of `{{0}}` {_CHECKED} (unique)", ("name",)),
    "AddField": ("info", "adds the column `{0}.{1}`", ("model_name", "name")),
    "CreateModel": ("info", "creates the model `{0}`", ("name",)),
    "RunPython": ("info", "runs Python, which is not read", ()),
    "drop_table": ("breaking", "drops the table `{0}`", ("table_name",)),
    "drop_column": ("breaking", "drops the column `{0}.{1}`", ("table_name", "column_name")),
    "rename_table": (
        "breaking",
        "renames the table `{0}` to `{1}`",
        ("old_table_name", "new_table_name"),
    ),
    "create_unique_constraint": (
        "warning",
        "builds a unique index on `{1}` while it is locked",
        ("constraint_name", "table_name"),
    ),
    "create_foreign_key": (
        "warning",
        f"adds a constraint: every row of `{{1}}` {_CHECKED}",
        ("constraint_name", "table_name"),
    ),
    "create_index": (
        "warning",
        "builds the index `{0}` on `{1}` while writes wait",
        ("index_name", "table_name"),
    ),
    "create_table": ("info", "creates the table `{0}`", ("table_name",)),
}
_MAKE: Final = {"create_table": "table_name", "CreateModel": "name"}
# What costs nothing on a table that the same migration makes, and the argument that names it.
_ON_ROWS: Final = {
    "AddIndex": "model_name",
    "AddConstraint": "model_name",
    "create_unique_constraint": "table_name",
    "create_foreign_key": "table_name",
    "create_index": "table_name",
}


def wants(path: str) -> bool:
    """Modules, but not those that only mark a package."""
    return path.endswith(".py") and path.rpartition("/")[2] != "__init__.py"


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What its operations do; those of `downgrade` are left out."""
    yield from one_step(file, _effects)


def _effects(text: str) -> Iterator[Finding | Unread]:
    try:
        found = calls(text)
    except ValueError as problem:
        yield Unread(f"it cannot be read as Python: {problem}")
        return
    made = {call.text(_MAKE[call.name], 0).lower() for call in found if call.name in _MAKE}
    for call in found:
        about = _ON_ROWS.get(call.name)
        if about is None or _named(call, about).lower() not in made:
            yield from _effect(call)


def _effect(call: Call) -> Iterator[Finding | Unread]:
    line = call.node.lineno
    if call.name in {"execute", "RunSQL"}:
        for text in texts(call.value("sql" if call.name == "RunSQL" else "sqltext", 0)):
            if text is None:
                yield Finding("runs SQL that is put together, and is not read", "info", line)
            else:
                yield from effects(*text)
    elif call.name == "alter_column":
        yield from _altered(call, line)
    elif call.name == "add_column":
        yield _added(call, line)
    elif call.name in _OPERATIONS and not call.says("postgresql_concurrently", value=True):
        severity, words, names = _OPERATIONS[call.name]
        yield Finding(words.format(*(_named(call, name) for name in names)), severity, line)


def _named(call: Call, name: str) -> str:
    """An argument of an operation; within a batch the table is the batch's and no argument."""
    names = _OPERATIONS[call.name][2]
    place = names.index(name)
    if call.table and name == "table_name":
        return call.table
    keyword = "source_table" if name == "table_name" and call.has("source_table") else name
    above = names[:place].count("table_name") if call.table else 0
    return call.text(keyword, place - above)


def _altered(call: Call, line: int) -> Iterator[Finding]:
    """What Alembic's `alter_column` changes, told by its keywords."""
    column = _column(call)
    if call.has("new_column_name"):
        text = f"renames the column `{column}` to `{call.text('new_column_name')}`"
        yield Finding(text, "breaking", line)
    if call.has("type_"):
        text = f"changes the type of `{column}`: the table may be rewritten while it is locked"
        yield Finding(text, "warning", line)
    if call.says("nullable", value=False):
        text = f"makes `{column}` NOT NULL: every row {_CHECKED}, and nulls make it fail"
        yield Finding(text, "warning", line)


def _column(call: Call) -> str:
    name = call.text("column_name", 0 if call.table else 1)
    return f"{call.table or call.text('table_name', 0)}.{name}"


def _added(call: Call, line: int) -> Finding:
    """A column that Alembic adds; rows that are there cannot have one that must not be null."""
    column = next(call.inner(), None)
    name = column.text("name", 0) if column else "?"
    said = f"`{call.table or call.text('table_name', 0)}.{name}`"
    filled = ("server_default", "computed", "identity")
    if column and column.says("nullable", value=False) and not any(map(column.has, filled)):
        text = f"adds {said} NOT NULL without a default: it fails where there are rows"
        return Finding(text, "breaking", line)
    return Finding(f"adds the column {said}", "info", line)
