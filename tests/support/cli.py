"""The command line, run in this process, in a folder and an environment of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import click.testing
import pytest

from vsm_gate.cli.main import group


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    exit_code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.stdout)


def run(*arguments: str, folder: Path, environment: Mapping[str, str]) -> Done:
    """Run `vsm-gate ARGUMENTS`. A traceback is never an answer: it fails the test."""
    with _standing_in(folder), mock.patch.dict("os.environ", environment, clear=True):
        done = click.testing.CliRunner().invoke(group, list(arguments), prog_name="vsm-gate")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


@contextmanager
def _standing_in(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield
