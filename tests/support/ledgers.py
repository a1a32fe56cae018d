"""Repositories, servers' repositories and records for tests of the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.support.repository import IDENTITY, Repository, clean_environment

from vsm_gate.history.layout import INBOX
from vsm_gate.history.ledger import BRANCH, Ledger, Options
from vsm_gate.history.record import Record
from vsm_gate.history.store import Pauses

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)

# A repository, and the remote that keeps what is kept for it; None: it does so itself.
Place = tuple[Repository, str | None]


def bare_machine(home: Path) -> dict[str, str]:
    """The environment of a machine with an empty home: git knows nobody there."""
    clean = clean_environment(home)
    return {name: value for name, value in clean.items() if name not in IDENTITY}


def checkout(folder: Path) -> Repository:
    """A repository with one commit."""
    repository = Repository(folder)
    repository.write("file", "content\n").commit("begin")
    return repository


def server(folder: Path, **settings: str) -> Repository:
    """A server's bare repository, where partial clones and pushes are allowed."""
    repository = Repository(folder, create=False)
    folder.mkdir(parents=True)
    repository.git("init", "--quiet", "--bare", "--initial-branch=main")
    allowed = {"uploadpack.allowFilter": "true", "http.receivepack": "true"}
    for name, value in (allowed | {k.replace("__", "."): v for k, v in settings.items()}).items():
        repository.git("config", name, value)
    return repository


def document(number: int = 0, *, time: datetime = NOW, **fields: Any) -> dict[str, Any]:
    """The document of a check."""
    return {
        "schema": "vsm-gate/record/v1",
        "kind": "check",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "repository": "acme/shop",
        "team": "payments",
        "components": [],
        "change": {"head": f"{number:040x}", "default_branch": True},
        "verdict": "pass",
        "score": 90 + number % 10,
        "number": number,
        **fields,
    }


def record(number: int = 0, *, time: datetime = NOW, **fields: Any) -> Record:
    """A check record."""
    return Record.of(document(number, time=time, **fields))


def numbers(ledger: Ledger) -> list[int]:
    """The numbers of all records, oldest first."""
    return [found.document["number"] for found in ledger.records()]


def inbox(bare: Repository) -> list[str]:
    """The refs of what waits in a server's inbox."""
    return bare.git("for-each-ref", "--format=%(refname)", INBOX).splitlines()


def opened(
    repository: Path,
    env: Mapping[str, str],
    *,
    now: datetime = NOW,
    branch: str = BRANCH,
    remote: str | None = None,
    **options: Any,
) -> Ledger:
    """A ledger that waits for nobody, unless `pauses` say so; the rest are its options."""
    options["pauses"] = options.get("pauses") or Pauses(lambda _: None, Random(7))
    return Ledger.open(
        repository,
        branch=branch,
        remote=remote,
        environment=env,
        now=now,
        options=Options(**options),
    )
