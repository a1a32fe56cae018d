"""SQL migrations: plain, of Flyway, Prisma, goose, dbmate, golang-migrate and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.migrations import added, one_step
from vsm_gate.impact.details.sql_effects import effects

NAME: Final = "SQL"
CLASS: Final = "migrations"

_UNDOES: Final = re.compile(r"(?:.*[._-])?(?:down|undo|rollback|revert)\.sql|U\d[^/]*__[^/]*\.sql")
_AGAIN: Final = re.compile(r"R__[^/]*\.sql", re.IGNORECASE)


def wants(path: str) -> bool:
    """Scripts."""
    return path.endswith((".sql", ".ddl"))


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What its statements do; a script that undoes another, or runs again, is told apart."""
    name = file.path.rpartition("/")[2]
    if _UNDOES.fullmatch(name):
        yield Finding("undoes another migration: what it does is not counted")
    elif _AGAIN.fullmatch(name):
        yield from added(file, effects)
    else:
        yield from one_step(file, effects)
