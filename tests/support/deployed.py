"""A repository whose every change was deployed, and failed for a known reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.support import imports, records
from tests.support.ledgers import bare_machine, opened
from tests.support.repository import Repository

from vsm_gate.history.record import Record

NAME = "local/shop"
FIRST = 1_760_000_000  # 2025-10-09
HOUR = 3600


def hot(file: str, _lines: int, _dice: random.Random) -> bool:
    """A change fails where it touches the file that many changes touch."""
    return file == "hot.py"


def by_chance(_file: str, _lines: int, dice: random.Random) -> bool:
    """Whether a change fails has nothing to do with what it does."""
    return dice.random() < 0.25


def deployed(
    folder: Path, fails: Callable[[str, int, random.Random], bool], changes: int = 200
) -> Repository:
    """A repository of `changes`, each an hour after the one before, each deployed at once.

    A fourth of them changes `hot.py`, the others a file of their own, by 1 to 50 lines.
    """
    repository = Repository(folder / "shop")
    dice = random.Random(7)
    history, fates = [], []
    for number in range(changes):
        file = "hot.py" if dice.random() < 0.25 else f"own{number}.py"
        lines = dice.randint(1, 50)
        content = "".join(f"{number}.{line}\n" for line in range(lines))
        history.append(imports.commit(FIRST + HOUR * number, {file: content}))
        fates.append(fails(file, lines, dice))
    imports.bring(repository, history)
    repository.git("reset", "--hard", "--quiet", "main")
    commits = repository.git("rev-list", "--reverse", "main").split()
    told = [
        records.event(
            "deployment",
            _time(FIRST + HOUR * number + 60),
            repository=NAME,
            event={
                "id": f"d{number}",
                "commit": commit,
                "status": "failure" if fate else "success",
                "environment": "production",
                "started": _time(FIRST + HOUR * number),
                "finished": _time(FIRST + HOUR * number + 60),
            },
        )
        for number, (commit, fate) in enumerate(zip(commits, fates, strict=True))
    ]
    ledger = opened(repository.path, bare_machine(folder))
    ledger.append([Record.of(document) for document in told])
    return repository


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
