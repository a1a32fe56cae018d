"""The whole job: tests, coverage, the change, the history, a verdict, a record."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.data import CHANGED, FILES, cobertura, git, junit, repository
from bench.history import LONG
from bench.ledger_data import filled
from bench.measure import PYTHON, Row, measure

CASES: Final = 10_000
ANY_VERDICT: Final = frozenset({0, 10, 11})


def rows(folder: Path) -> Iterator[Row]:
    """Against diff-cover alone, which does a part of it, on the same report and diff."""
    checkout = repository(folder / "repository")
    history = filled(folder / "history", LONG)
    git(checkout, "fetch", "--quiet", str(history.bare), "vsm-history:vsm-history")
    junit(checkout / "junit.xml", CASES)
    cobertura(checkout / "coverage.xml")
    command = [PYTHON, "-m", "vsm_gate", "check", "--base=main"]
    command += ["--tests=junit.xml", "--coverage=coverage.xml"]
    ours = measure(command, folder=checkout, accept=ANY_VERDICT)
    diff_cover = str(Path(sys.executable).parent / "diff-cover")
    theirs = measure([diff_cover, "coverage.xml", "--compare-branch=main"], folder=checkout)
    work = f"check whole: {CASES:,} cases, {FILES:,} files, {CHANGED} changed, {LONG:,} records"
    met = ours.seconds < theirs.seconds
    yield Row(work, ours, "diff-cover alone", theirs, "faster", met)
