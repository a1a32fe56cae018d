"""What a pull request pays, from the start of the job until the result is published.

The action's two steps, as the runner runs them, for a small change, against a forge on this machine
that speaks GitHub's API: what the network takes comes on top.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.support.act import ROOT
from tests.support.forge import NUMBER
from tests.support.github_job import propose, told_by_runner
from tests.support.github_server import TOKEN, GitHubServer, serving
from tests.support.openapi import description
from tests.support.repository import clean_environment

from bench.measure import RUNS, Row, Sample, measure
from vsm_gate.api.client import BUDGET

ANY_VERDICT: Final = frozenset({0, 10, 11})
BAR: Final = 3.5
_HERE: Final = "import sys; sys.path.insert(0, sys.argv[1]); from vsm_gate.cli."
MAIN: Final = f"{_HERE}action import main; main()"
START: Final = f"{_HERE}main import group; group(['--version'])"


def rows(folder: Path) -> Iterator[Row]:
    """With an empty cache of packages, with a warm one, and on a runner that has it all."""
    try:
        description()
    except pytest.skip.Exception as why:
        print(f"pull-request: {why}", file=sys.stderr)
        return
    with serving() as server:
        job = Job(folder, server)
        cold = job.run("cold")
        yield _row(cold, "installed from an empty cache", "")
        warm = min((job.run(f"warm-{count}") for count in range(RUNS)), key=_seconds)
        yield _row(warm, "installed from a warm cache", f"≤ {BAR} s, ≤ {BUDGET} requests")
        parts = {"installation": warm.installed, "the first start": warm.started}
        for name, part in {**parts, "work": warm.worked}.items():
            yield Row(f"- of it {name}", part, "", None, "", True)
        there = min((job.run("cold") for _ in range(RUNS)), key=_seconds)
        yield _row(there, "installed before", "")


@dataclass(frozen=True, slots=True)
class Ran:
    """A job: what its parts took, and how many requests it made."""

    installed: Sample
    started: Sample
    worked: Sample
    requests: int


def _seconds(ran: Ran) -> float:
    return ran.installed.seconds + ran.started.seconds + ran.worked.seconds


def _row(ran: Ran, said: str, bar: str) -> Row:
    met = not bar or (_seconds(ran) <= BAR and ran.requests <= BUDGET)
    work = f"pull request, job start to published, {ran.requests} requests, {said}"
    return Row(work, Sample(_seconds(ran), ran.worked.megabytes), "", None, bar, met)


class Job:
    """A job for a pull request, again and again on machines that keep their tools, by name."""

    def __init__(self, folder: Path, server: GitHubServer) -> None:
        self._folder, self._server = folder, server
        self._forge, _, server.heads[NUMBER] = propose(folder / "forge")
        self._payload = self._forge.pull_request("feature")
        (folder / "event.json").write_text(json.dumps(self._payload))
        self._runs = 0

    def run(self, name: str) -> Ran:
        """The job on a machine of this name, with an action that has not run before."""
        self._runs += 1
        before = len(self._server.log)
        action = self._folder / f"action-{self._runs}"
        for part in ("src", "scorecards", "tools", "requirements"):
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, action / part, ignore=ignore)
        checkout = self._forge.checkout(f"refs/pull/{NUMBER}/merge", f"checkout-{self._runs}")
        outputs = self._folder / f"outputs-{self._runs}"
        given = self._environment(self._folder / name, outputs)
        install = [sys.executable, "-I", str(action / "tools" / "install.py")]
        installed = measure(install, folder=checkout, environment=given, runs=1)
        python = outputs.read_text().partition("python=")[2].strip()
        start = [python, "-I", "-B", "-c", START, str(action / "src")]
        started = measure(start, folder=checkout, environment=given, runs=1)
        gate = [python, "-I", "-c", MAIN, str(action / "src")]
        whole = measure(gate, folder=checkout, environment=given, runs=1, accept=ANY_VERDICT)
        worked = Sample(whole.seconds - started.seconds, whole.megabytes)
        return Ran(installed, started, worked, len(self._server.log) - before)

    def _environment(self, machine: Path, outputs: Path) -> Mapping[str, str]:
        for part in ("tools", "temp"):
            (machine / part).mkdir(parents=True, exist_ok=True)
        uv = str(Path(sys.executable).parent)
        return {
            **clean_environment(machine),
            **told_by_runner("pull_request", self._payload),
            "PATH": os.pathsep.join([uv, os.environ.get("PATH", os.defpath)]),
            "UV_CACHE_DIR": str(self._folder / "packages"),
            "RUNNER_TOOL_CACHE": str(machine / "tools"),
            "RUNNER_TEMP": str(machine / "temp"),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_EVENT_PATH": str(self._folder / "event.json"),
            "GITHUB_API_URL": self._server.url,
            "VSM_GATE_TOKEN": TOKEN,
        }
