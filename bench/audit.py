"""The audit: 25 of 50,000 changes, with the whole population joined and the ledger verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.support.audited import START, days_of, documents, iso, record, repository, stories
from tests.support.repository import clean_environment

from bench.measure import PYTHON, Row, measure
from vsm_gate.history.ledger import Ledger

CHANGES: Final = 50_000
DAYS: Final = 92
BAR: Final = 60.0


def rows(folder: Path) -> Iterator[Row]:
    """The auditor's task on a quarter of 50,000 changes, and the whole population."""
    place = filled(folder / "work", CHANGES, DAYS)
    environment = clean_environment(folder)
    until = iso(START + timedelta(days=DAYS + 1))
    period = ["--since", iso(START), "--until", until, "--now", until]
    for name, more in (("25 sampled", ["--sample", "25", "--seed", "bench"]), ("all", [])):
        command = [PYTHON, "-m", "vsm_gate", "audit", *period, *more, "--out", str(folder / "out")]
        found = measure(
            command, folder=place, environment=environment, runs=1, accept=frozenset({0, 3})
        )
        work = f"audit of {CHANGES:,} changes, {name}, with evidence and verification"
        yield Row(work, found, "", None, f"≤ {BAR:.0f} s", found.seconds <= BAR)


def filled(folder: Path, changes: int, days: int) -> Path:
    """A repository with so many changes and their history."""
    made = stories(changes, days)
    found, commits = repository(folder, made)
    for end, some in days_of(list(documents(made, commits))):
        record(Ledger.open(folder, environment=found.environment, now=end), some)
    found.git("gc", "--quiet")
    return folder
