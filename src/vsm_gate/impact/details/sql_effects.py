"""What SQL does to a database that is in use: loses, breaks, rewrites or locks. Pure.

It is a classification by the form of each statement and knows no catalogue: how large a table is,
which type a column had and who reads it are not in the script. Locks are PostgreSQL's where
dialects differ. `/*! … */` of MySQL, SQL that is put together while it runs, and what a function
does are not seen.
"""

# ruff: noqa: S608 - these are patterns and no queries
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.details.contract import Finding, Unread
from vsm_gate.impact.details.sql_tokens import UnclosedError, statements
from vsm_gate.model.impact import Severity

_NAME: Final = r"([\w$.@#]++)"
_IF: Final = r"(?:IF (?:NOT )?EXISTS )?"
_LOCKED: Final = "while it is locked"
_UNFILLED: Final = r"(?!.*\b(?:DEFAULT|GENERATED|IDENTITY|AUTO_INCREMENT|AS)\b)"
_IMPOSSIBLE: Final = "NOT NULL without a default: it fails where there are rows"
_LONGEST: Final = 10_000  # of a statement, what is looked at: its end are values

Rule = tuple[re.Pattern[str], Severity, str]


def _rules(*rules: tuple[str, Severity, str]) -> tuple[Rule, ...]:
    return tuple((re.compile(form, re.IGNORECASE), how, text) for form, how, text in rules)


# The first that matches says what the statement does. An empty text says nothing.
_STATEMENTS: Final = _rules(
    (rf"DROP (TABLE|SCHEMA|DATABASE) {_IF}{_NAME}", "breaking", "drops the {0} `{1}`"),
    (
        rf"DROP (VIEW|MATERIALIZED VIEW|TYPE|DOMAIN|FUNCTION|PROCEDURE|SEQUENCE) {_IF}{_NAME}",
        "breaking",
        "drops the {0} `{1}`",
    ),
    (rf"DROP INDEX CONCURRENTLY {_IF}{_NAME}", "info", "drops the index `{0}`"),
    (rf"DROP INDEX {_IF}{_NAME}", "warning", "drops the index `{0}`"),
    (rf"DROP (TRIGGER|POLICY|EXTENSION|ROLE|USER) {_IF}{_NAME}", "warning", "drops the {0} `{1}`"),
    (rf"TRUNCATE (?:TABLE )?(?:ONLY )?{_NAME}", "breaking", "empties the table `{0}`"),
    (rf"DELETE FROM (?:ONLY )?{_NAME}(?!.* WHERE )", "breaking", "deletes every row of `{0}`"),
    (rf"DELETE FROM (?:ONLY )?{_NAME}", "warning", "deletes rows of `{0}`"),
    (rf"UPDATE (?:ONLY )?{_NAME}.* SET (?!.* WHERE )", "warning", "rewrites every row of `{0}`"),
    (rf"UPDATE (?:ONLY )?{_NAME}.* SET ", "warning", "rewrites rows of `{0}`"),
    (rf"RENAME TABLE {_NAME} TO {_NAME}", "breaking", "renames the table `{0}` to `{1}`"),
    (r"(?:EXEC(?:UTE)? )?sp_rename\b", "breaking", "renames something (sp_rename)"),
    (rf"(?:VACUUM (?:\( )?FULL|CLUSTER|OPTIMIZE TABLE)\b.* {_NAME}$", "warning",
     f"rewrites `{{0}}` {_LOCKED}"),
    (rf"LOCK (?:TABLES? )?{_NAME}", "warning", "locks the table `{0}`"),
    (r"REINDEX (?!.*CONCURRENTLY)(?:\( .*? \) )?\w+ " + _NAME, "warning",
     "builds the indexes of `{0}` anew while writes wait"),
)  # fmt: skip
_OF_TABLES: Final = _rules(
    (rf"DROP PARTITION {_IF}{_NAME}", "breaking", "drops the partition `{0}` of `{table}`"),
    (
        rf"DROP (?:CONSTRAINT|FOREIGN KEY|CHECK|INDEX|KEY) {_IF}{_NAME}",
        "info",
        "drops the constraint or index `{0}` of `{table}`",
    ),
    (r"DROP PRIMARY KEY", "warning", "drops the primary key of `{table}`"),
    (rf"DROP (?:COLUMN )?{_IF}{_NAME}", "breaking", "drops the column `{table}.{0}`"),
    (rf"RENAME (?:INDEX|KEY|CONSTRAINT) {_NAME}", "info", "renames `{0}` of `{table}`"),
    (rf"RENAME (?:TO|AS) {_NAME}", "breaking", "renames the table `{table}` to `{0}`"),
    (
        rf"RENAME (?:COLUMN )?{_NAME} TO {_NAME}",
        "breaking",
        "renames the column `{table}.{0}` to `{1}`",
    ),
    (rf"CHANGE (?:COLUMN )?{_NAME} (?!\1 ){_NAME}", "breaking",
     "renames the column `{table}.{0}` to `{1}`"),
)  # fmt: skip
# These cost nothing on a table that the same script creates.
_OF_FULL_TABLES: Final = _rules(
    (
        rf"(?:ALTER|MODIFY|CHANGE) (?:COLUMN )?{_NAME} (?:SET DATA )?TYPE ",
        "warning",
        f"changes the type of `{{table}}.{{0}}`: the table may be rewritten {_LOCKED}",
    ),
    (
        rf"ALTER (?:COLUMN )?{_NAME} SET NOT NULL",
        "warning",
        f"makes `{{table}}.{{0}}` NOT NULL: every row is checked {_LOCKED}, and nulls make it fail",
    ),
    (rf"ALTER (?:COLUMN )?{_NAME} (?:SET|DROP|ADD|RESTART)\b", "info", ""),
    (rf"ALTER (?:CONSTRAINT|INDEX) {_NAME}", "info", ""),
    (
        rf"(?:ALTER|MODIFY|CHANGE) (?:COLUMN )?{_NAME} \w",
        "warning",
        f"changes the type of `{{table}}.{{0}}`: the table may be rewritten {_LOCKED}",
    ),
    (r"ADD .*\bUSING INDEX\b", "info", ""),
    (r"ADD (?:CONSTRAINT \S+ )?(?:PRIMARY KEY|UNIQUE)\b", "warning",
     f"builds a unique index on `{{table}}` {_LOCKED}"),
    (r"ADD (?:CONSTRAINT \S+ )?(?:FOREIGN KEY|CHECK)\b.*\bNOT VALID\b", "info", ""),
    (r"ADD (?:CONSTRAINT \S+ )?(?:FOREIGN KEY|CHECK|EXCLUDE)\b", "warning",
     f"adds a constraint: every row of `{{table}}` is checked {_LOCKED}"),
    (r"ADD (?:UNIQUE |FULLTEXT |SPATIAL )?(?:INDEX|KEY)\b", "warning",
     "builds an index on `{table}` while writes wait"),
    (r"ADD (?:PARTITION|CONSTRAINT)\b", "info", ""),
    (
        rf"ADD (?:COLUMN )?{_IF}{_NAME} (?!\w*serial)(?=.*\bNOT NULL\b){_UNFILLED}",
        "breaking",
        f"adds `{{table}}.{{0}}` {_IMPOSSIBLE}",
    ),
    (rf"ADD (?:COLUMN )?{_IF}{_NAME}", "info", "adds the column `{table}.{0}`"),
    (r"(?:SET (?:TABLESPACE|LOGGED|UNLOGGED)|CONVERT TO|ENGINE)\b", "warning",
     f"rewrites `{{table}}` {_LOCKED}"),
    (r"(?:ATTACH|DETACH) PARTITION (?!.*CONCURRENTLY)", "warning",
     "attaches or detaches a partition of `{table}` under a lock"),
    (r"DISABLE (?:TRIGGER|ROW LEVEL)\b", "warning",
     "switches triggers or row security of `{table}` off"),
)  # fmt: skip
_TABLE: Final = re.compile(
    rf"ALTER TABLE {_IF}(?:ONLY )?{_NAME}(?: \*)? (?:WITH (?:NO)?CHECK )?(.*)", re.IGNORECASE
)
_CREATED: Final = re.compile(
    rf"CREATE (?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|EXTERNAL) )*TABLE {_IF}{_NAME}",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(
    rf"((?:DROP \w++(?: VIEW)?|TRUNCATE(?: TABLE)?) {_IF})([\w$.@#]++(?: , [\w$.@#]++)+)",
    re.IGNORECASE,
)
_INDEX: Final = re.compile(
    rf"CREATE (?:UNIQUE )?(?:CLUSTERED |NONCLUSTERED )?INDEX (?!CONCURRENTLY )(?!.*ONLINE = ON)"
    rf"{_IF}(?:(?!ON ){_NAME} )?ON (?:ONLY )?{_NAME}",
    re.IGNORECASE,
)


def effects(sql: str, line: int = 1) -> Iterator[Finding | Unread]:
    """What a script does, statement by statement; `line` is that of its first line.

    Where a backslash stands before a quote, dialects read it in two ways: both are looked at.
    """
    readings = [_effects(sql, line, escaped=False)]
    if "\\'" in sql:
        readings.append(_effects(sql, line, escaped=True))
    troubles = [trouble for _, trouble in readings if trouble]
    yield from dict.fromkeys(finding for found, _ in readings for finding in found)
    if len(troubles) == len(readings):
        yield Unread(f"not all of it can be read: {troubles[0]}")


def _effects(sql: str, line: int, *, escaped: bool) -> tuple[list[Finding], str]:
    """What is found in one reading, and what ended it early."""
    created: set[str] = set()
    found: list[Finding] = []
    try:
        for statement in statements(sql, line, escaped=escaped):
            made = _CREATED.match(statement.text)
            if made:
                created.add(made[1].lower())
                found.append(Finding(f"creates the table `{made[1]}`", "info", statement.line))
            else:
                found += _effect(statement.text, statement.line, created)
    except UnclosedError as problem:
        return found, str(problem)
    except RecursionError:
        return found, "it is nested too deeply"
    return found, ""


def _effect(text: str, line: int, created: set[str]) -> Iterator[Finding]:
    table = _TABLE.match(text)
    index = None if table else _INDEX.match(text[:_LONGEST])
    if table:
        for action in _actions(table[2]):
            full = () if table[1].lower() in created else _OF_FULL_TABLES
            yield from _first((*_OF_TABLES, *full), action, line, table=table[1])
    elif index:
        if index[2].lower() not in created:
            said = f"builds the index `{index[1] or '(unnamed)'}` on `{index[2]}` while writes wait"
            yield Finding(said, "warning", line)
    else:
        for one in _singly(text):
            yield from _first(_STATEMENTS, one, line)


def _singly(text: str) -> Iterator[str]:
    """A statement that names several things as one for each of them."""
    several = _SEVERAL.match(text)
    if several:
        yield from (f"{several[1]}{name}" for name in several[2].split(" , "))
    else:
        yield text


def _first(rules: tuple[Rule, ...], text: str, line: int, *, table: str = "") -> Iterator[Finding]:
    for form, severity, said in rules:
        match = form.match(text[:_LONGEST])
        if match:
            words = [word.lower() if word.isupper() else word for word in match.groups("")]
            if said:
                yield Finding(said.format(*words, table=table), severity, line)
            return


def _actions(text: str) -> Iterator[str]:
    """The actions of an `ALTER TABLE`, which commas outside of brackets separate."""
    depth = 0
    action: list[str] = []
    for word in text.split(" "):
        depth += (word == "(") - (word == ")")
        if word == "," and not depth:
            yield " ".join(action)
            action = []
        else:
            action.append(word)
    yield " ".join(action)
