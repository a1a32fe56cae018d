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
from pathlib import Path
from typing import Final

import pytest
from tests.support.act import ROOT
from tests.support.forge import NUMBER
from tests.support.github_job import TOKEN, propose, told_by_runner
from tests.support.github_server import GitHubServer, serving
from tests.support.openapi import description
from tests.support.repository import clean_environment

from bench.measure import Row, Sample, measure
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
    with serving(TOKEN) as server:
        job = Job(folder, server)
        yield job.row("cold", "installed from an empty cache", "")
        yield job.row("warm", "installed from a warm cache", f"≤ {BAR} s, ≤ {BUDGET} requests")
        work = Sample(job.worked.seconds - job.started.seconds, job.worked.megabytes)
        parts = {"installation": job.installed, "the first start": job.started, "work": work}
        for name, part in parts.items():
            yield Row(f"- of it {name}", part, "", None, "", True)
        yield job.row("warm", "installed before", "")


class Job:
    """A job for a pull request, again and again on machines that have more and more."""

    def __init__(self, folder: Path, server: GitHubServer) -> None:
        self._folder, self._server = folder, server
        self.forge, _, server.heads[NUMBER] = propose(folder / "forge")
        self._payload = self.forge.pull_request("feature")
        (folder / "event.json").write_text(json.dumps(self._payload))
        self._runs = 0
        self.installed = self.started = self.worked = Sample(0, 0)

    def row(self, name: str, said: str, bar: str) -> Row:
        """The job on a machine of this name, which keeps its tools."""
        self._runs += 1
        before = len(self._server.log)
        machine = self._folder / name
        action = self._folder / f"action-{self._runs}"
        for part in ("src", "scorecards", "tools", "requirements"):
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, action / part, ignore=ignore)
        self._run(action, machine)
        requests = len(self._server.log) - before
        parts = (self.installed, self.worked)
        whole = Sample(sum(each.seconds for each in parts), self.worked.megabytes)
        met = whole.seconds <= BAR and requests <= BUDGET
        work = f"pull request, job start to published, {requests} requests, {said}"
        return Row(work, whole, "", None, bar, met or not bar)

    def _run(self, action: Path, machine: Path) -> None:
        checkout = self.forge.checkout(f"refs/pull/{NUMBER}/merge", f"checkout-{self._runs}")
        outputs = self._folder / f"outputs-{self._runs}"
        given = self._environment(machine, outputs)
        install = [sys.executable, "-I", str(action / "tools" / "install.py")]
        self.installed = measure(install, folder=checkout, environment=given, runs=1)
        python = outputs.read_text().partition("python=")[2].strip()
        start = [python, "-I", "-B", "-c", START, str(action / "src")]
        self.started = measure(start, folder=checkout, environment=given, runs=1)
        gate = [python, "-I", "-c", MAIN, str(action / "src")]
        self.worked = measure(gate, folder=checkout, environment=given, runs=1, accept=ANY_VERDICT)

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
