"""Start-up: what every call pays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measure import PYTHON, Row, measure


def rows(_folder: Path) -> Iterator[Row]:
    """`--version` against a bare interpreter."""
    ours = measure([PYTHON, "-m", "vsm_gate", "--version"], runs=10)
    bare = measure([PYTHON, "-c", "pass"], runs=10)
    over = ours.seconds - bare.seconds
    yield Row("--version", ours, "python -c pass", bare, "≤ 80 ms more", over <= 0.08)
