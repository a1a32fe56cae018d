"""The warehouse that a command reads: the records of a history, kept in a cache."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vsm_gate.cli.ledgers import history_place, say_if_absent
from vsm_gate.cli.options import Command, environment, progress
from vsm_gate.collect.deployed import Deployment, Trunk, find_deployed, find_trunk, present
from vsm_gate.errors import UsageError
from vsm_gate.git import Git

if TYPE_CHECKING:
    from vsm_gate.analytics.engine import Duck, Engine
    from vsm_gate.analytics.warehouse import Warehouse
    from vsm_gate.warehouses.cache import Cache


def warehouse_options(command: Command) -> Command:
    """`--cache` and `--warehouse`: where what was read is kept, and where it is computed."""
    command = click.option(
        "--warehouse",
        "engine",
        metavar="URL",
        envvar="VSM_GATE_WAREHOUSE",
        help="Compute in PostgreSQL (postgresql://…) or Spark (spark://…, spark:local[2]).  "
        "[default: DuckDB, in process]",
    )(command)
    return click.option(
        "--cache",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Keep what was read of the history here.  [default: ~/.cache/vsm-gate]",
    )(command)


@dataclass(frozen=True, slots=True)
class Source:
    """The history that is read, the folder of caches, the URL of the engine (None: DuckDB in this
    process), and the teams that count (none: all).
    """

    history_branch: str | None
    history_remote: str | None
    cache: Path | None
    engine: str | None
    teams: Sequence[str]
    now: datetime


@contextmanager
def open_warehouse(source: Source) -> Iterator[Warehouse]:
    """The warehouse over the history as it stands, with what this clone knows of deployments.

    Its records are kept in the user's folder of caches, or in a temporary one where that cannot
    be written.
    """
    from vsm_gate.analytics.warehouse import Warehouse
    from vsm_gate.warehouses.cache import Cache, cache_home

    git = Git(Path.cwd(), environment())
    place = history_place(git, source.history_branch, source.history_remote)
    ledger = place.open(git, source.now)
    say_if_absent(place, ledger)
    home = source.cache or cache_home(git.environment)
    with _usable(home) as folder:
        cache = Cache(folder / _name(git, place.branch, place.remote), progress)
        progress("Reading the history")
        with cache.reading(ledger) as duck, _engine(source.engine, cache, duck) as engine:
            warehouse = Warehouse(engine, source.teams, cache.rejected)
            if git.ok("rev-parse", "--git-dir"):
                _find_deployed(git, warehouse)
                _find_trunk(git, warehouse)
            progress("")
            yield warehouse


@contextmanager
def _engine(url: str | None, cache: Cache, duck: Duck) -> Iterator[Engine]:
    """What the URL names. Raises `UsageError` where that is nothing that we know."""
    if url is None:
        yield duck
    elif url.startswith(("postgresql://", "postgres://")):
        from vsm_gate.warehouses.postgres import postgres

        with postgres(url, cache, duck) as server:
            yield server
    elif url.startswith("spark:"):
        from vsm_gate.warehouses.spark import spark

        master = url if url.startswith("spark://") else url.removeprefix("spark:")
        with spark(master, cache) as session:
            yield session
    else:
        raise UsageError(
            "--warehouse names no engine that is known",
            hint="postgresql://USER@HOST/DATABASE, spark://HOST:PORT, or spark:local[2]",
        )


@contextmanager
def _usable(home: Path) -> Iterator[Path]:
    """The folder, or a temporary one where nothing can be written to it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        usable = os.access(home, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if usable:
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="vsm-gate-") as folder:
        yield Path(folder)


def _name(git: Git, branch: str, remote: str | None) -> str:
    """The folder of one history's cache."""
    if remote is None:
        where = git.text("rev-parse", "--path-format=absolute", "--git-common-dir")
    else:
        where = git.text("config", "--get", f"remote.{remote}.url", check=False) or remote
        where = str(Path(where).resolve()) if Path(where).exists() else where
    mark = hashlib.sha256(f"{where}\0{branch}".encode("utf-8", "surrogateescape"))
    return mark.hexdigest()[:16]


def _find_deployed(git: Git, warehouse: Warehouse) -> None:
    """Look up in this clone which changes each deployment carried, as far as it has them."""
    rows = warehouse.query("views", "deployed_commits")
    deployments = [Deployment(row["repository"], row["commit_id"]) for row in rows]
    if not present(git, {deployment.commit for deployment in deployments}):
        return
    heads = {
        (row["repository"], row["pull_request"]): row["head"]
        for row in warehouse.query("views", "pull_request_heads")
    }
    warehouse.set_deployed(
        (
            found.repository,
            found.commit,
            found.change,
            found.authored,
            found.merged,
            found.kind,
        )
        for found in find_deployed(git, deployments, heads)
    )


def _find_trunk(git: Git, warehouse: Warehouse) -> None:
    """Look up in this clone which commits the default branch has beside those with a record."""
    trunks = [Trunk(**row) for row in warehouse.query("views", "trunk_ends")]
    found = find_trunk(git, trunks)
    warehouse.set_trunk((each.repository, each.team, each.commit, each.time) for each in found)
