"""Run a command several times and keep its fastest run: wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PYTHON: Final = sys.executable
RUNS: Final = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds of wall time, and MB of the largest resident set of the process."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was done, by us and by a peer, and what the bar is."""

    work: str
    ours: Sample
    peer: str
    theirs: Sample | None
    bar: str
    met: bool

    @property
    def ratio(self) -> str:
        """How many times as fast as the peer; below 1 is slower."""
        if self.theirs is None:
            return ""
        return f"{self.theirs.seconds / self.ours.seconds:.2f}×"


def measure(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    runs: int = RUNS,
    accept: frozenset[int] = frozenset({0}),
) -> Sample:
    """The fastest of `runs` runs. Raises `RuntimeError` for an unexpected exit code."""
    found = [_once(command, folder, environment, accept) for _ in range(runs)]
    return Sample(
        min(sample.seconds for sample in found), max(sample.megabytes for sample in found)
    )


def _once(
    command: Sequence[str],
    folder: Path | None,
    environment: Mapping[str, str] | None,
    accept: frozenset[int],
) -> Sample:
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in accept:
        text = said.decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {code}:\n{text}")
    return Sample(seconds, usage.ru_maxrss / 1024)
