"""Migrations of Rails: the schema methods that they call, and the SQL in them.

A migration is a program; what is read are calls that are written out. Those of `down` and of the
reverting half of `reversible` are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.migrations import one_step
from vsm_gate.impact.details.sql_effects import effects
from vsm_gate.model.impact import Severity

NAME: Final = "Rails"
CLASS: Final = "migrations"

_COMMENT: Final = re.compile(r"^\s*+#[^\n]*|(?<=\s)#(?!\{)[^\n\"']*+$", re.MULTILINE)
_DOWN: Final = re.compile(
    r"^([ \t]*+)(?:def down\b|[\w.]+\.down do\b)[^\n]*\n(?:(?!\1end\b)[^\n]*\n)*", re.MULTILINE
)
_HEREDOC: Final = re.compile(
    r"<<[~-]?['\"]?(?P<mark>[A-Z_]{1,40})['\"]?[^\n]*\n"
    r"(?P<text>(?:(?![ \t]*+(?P=mark)$)[^\n]*\n)*)",
    re.MULTILINE,
)
_CALL: Final = re.compile(
    r"^[ \t]*+(?:(?P<on>\w+)\.)?(?P<name>\w+)[ (]++(?P<rest>[^\n]*(?:(?<=,)\n[^\n]*)*)",
    re.MULTILINE,
)
_WORD: Final = re.compile(r":(\w+)|['\"]([^'\"\n]*)['\"]")
_CHECKED: Final = "is checked while it is locked"

# A method → how bad it is, and in words, with its first names in their places.
_METHODS: Final[dict[str, tuple[Severity, str]]] = {
    "drop_table": ("breaking", "drops the table `{0}`"),
    "drop_join_table": ("breaking", "drops the join table of `{0}` and `{1}`"),
    "remove_column": ("breaking", "drops the column `{0}.{1}`"),
    "remove_columns": ("breaking", "drops columns of `{0}`, the first `{1}`"),
    "remove_reference": ("breaking", "drops the reference `{0}.{1}`"),
    "remove_belongs_to": ("breaking", "drops the reference `{0}.{1}`"),
    "remove_timestamps": ("breaking", "drops the timestamps of `{0}`"),
    "rename_column": ("breaking", "renames the column `{0}.{1}` to `{2}`"),
    "rename_table": ("breaking", "renames the table `{0}` to `{1}`"),
    "change_column": (
        "warning",
        "changes the type of `{0}.{1}`: the table may be rewritten while it is locked",
    ),
    "add_index": ("warning", "builds an index on `{0}` while writes wait"),
    "add_foreign_key": ("warning", f"adds a constraint: every row of `{{0}}` {_CHECKED}"),
    "add_check_constraint": ("warning", f"adds a constraint: every row of `{{0}}` {_CHECKED}"),
    "add_reference": ("info", "adds the reference `{0}.{1}`"),
    "add_column": ("info", "adds the column `{0}.{1}`"),
    "create_table": ("info", "creates the table `{0}`"),
}
_ONLINE: Final = re.compile(r"algorithm:\s*+:concurrently|validate:\s*+false")
_NOT_NULL: Final = re.compile(r"null:\s*+false")
_FILLED: Final = re.compile(r"\bdefault:|generated|\bas:")
# What `change_table` calls them.
_OF_TABLE: Final = {
    "remove": "remove_column",
    "rename": "rename_column",
    "change": "change_column",
    "change_null": "change_column_null",
    "index": "add_index",
    "foreign_key": "add_foreign_key",
    "remove_references": "remove_reference",
}
_LOCKS: Final = frozenset({"add_index", "add_foreign_key", "add_check_constraint"})


def wants(path: str) -> bool:
    """Migrations; `schema.rb` is what they come to, and they are read themselves."""
    return path.endswith(".rb") and path.rpartition("/")[2] != "schema.rb"


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What its calls do."""
    yield from one_step(file, _effects)


def _effects(text: str) -> Iterator[Finding | Unread]:
    """What a migration does; what is taken out leaves its lines behind."""
    code = _DOWN.sub(_lines, _COMMENT.sub("", text))
    for match in _HEREDOC.finditer(code):
        yield from effects(match["text"], code.count("\n", 0, match.start("text")) + 1)
    code = _HEREDOC.sub(_lines, code)
    made: set[str] = set()
    table = "?"
    line, at = 1, 0
    for call in _CALL.finditer(code):
        line, at = line + code.count("\n", at, call.start("name")), call.start("name")
        name, rest = call["name"], call["rest"]
        if name in {"create_table", "change_table"}:
            table = _words(rest)[0]
        if call["on"] == "t" and name in _OF_TABLE:
            name, rest = _OF_TABLE[name], f":{table}, {rest}"
        yield from _effect(name, rest, line, made)


def _effect(name: str, rest: str, line: int, made: set[str]) -> Iterator[Finding | Unread]:
    given = _words(rest)
    if name == "create_table":
        made.add(given[0])
    if name == "execute":
        yield from _sql(rest, line)
    elif name == "change_column_null" and re.search(r"\bfalse\b", rest) and given[0] not in made:
        text = f"makes `{given[0]}.{given[1]}` NOT NULL: every row {_CHECKED}"
        yield Finding(f"{text}, and nulls make it fail", "warning", line)
    elif name in {"add_column", "add_reference"} and _fails(rest) and given[0] not in made:
        text = f"adds `{given[0]}.{given[1]}` NOT NULL without a default: it fails where there are"
        yield Finding(f"{text} rows", "breaking", line)
    elif name in _METHODS and not (name in _LOCKS and (given[0] in made or _ONLINE.search(rest))):
        severity, said = _METHODS[name]
        yield Finding(said.format(*given), severity, line)


def _words(rest: str) -> list[str]:
    """The first names of a call; `?` for those that are not written out."""
    return [*(first or second for first, second in _WORD.findall(rest[:2000])), "?", "?", "?"]


def _fails(rest: str) -> bool:
    return bool(_NOT_NULL.search(rest)) and not _FILLED.search(rest)


def _sql(rest: str, line: int) -> Iterator[Finding | Unread]:
    """The SQL of an `execute`; that of a here document is read where it stands."""
    text = re.match(r"""(?:"((?:[^"\\#]|\\.)*+)"|'((?:[^'\\]|\\.)*+)')\s*+\)?\s*+$""", rest)
    if text:
        yield from effects(re.sub(r"\\(.)", r"\1", text[1] or text[2] or ""), line)
    elif rest.strip():
        yield Finding("runs SQL that is put together, and is not read", "info", line)


def _lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
