"""Impact and risk: a repository of 100,000 commits with a workspace of 5,000 packages."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bench.measure import PYTHON, Row, Sample, measure

COMMITS: Final = 100_000
PACKAGES: Final = 5_000
EACH: Final = 10

_RISK: Final = """
import os, pathlib
from vsm_gate.collect.change import find_change
from vsm_gate.collect.past import look_back
from vsm_gate.git import Git
from vsm_gate.model.change import Context

git = Git(pathlib.Path.cwd(), dict(os.environ))
change = find_change(git, Context(repository="bench", default_branch=True))
past = look_back(git, change)
assert past.risk.percentile is not None and past.files.prior_changes, past
"""
_IMPACT: Final = """
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.components import discover_components
from vsm_gate.impact.reach import reach

found = discover_components(git.folder, tracked_files(git)).components
assert len(found) == 5001, len(found)
assert reach(found, change.paths).reached
"""
_FORGET: Final = """
import shutil
shutil.rmtree(".git/vsm-gate", ignore_errors=True)
"""
_READ_ALL: Final = ("git", "log", "--first-parent", "--name-status", "--find-renames=50%")


def rows(folder: Path) -> Iterator[Row]:
    """The change, its rank, its components and what they reach: at first, and with the index."""
    repository = folder / "repository"
    repository.mkdir()
    environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*arguments: str, stdin: Iterable[bytes] = ()) -> None:
        environ = {**os.environ, **environment}
        command = ["git", *arguments]
        with subprocess.Popen(command, cwd=repository, env=environ, stdin=subprocess.PIPE) as done:
            if done.stdin:
                done.stdin.writelines(stdin)
        if done.returncode:
            raise RuntimeError(f"git {arguments[0]} ended with {done.returncode}")

    git("init", "--quiet", "--initial-branch=main")
    git("fast-import", "--quiet", stdin=_history())
    git("reset", "--hard", "--quiet", "main")

    def ours(task: str) -> Sample:
        return measure([PYTHON, "-c", task], folder=repository, environment=environment)

    first = ours(_FORGET + _RISK + _IMPACT)
    peer = measure(_READ_ALL, folder=repository)
    words, bar = "impact and risk, 100 k commits", "≤ 3× its time"
    met = first.seconds <= 3 * peer.seconds
    yield Row(f"{words}, first run", first, "git log --name-status", peer, bar, met)
    again = ours(_RISK + _IMPACT)
    yield Row(f"{words}, second run", again, "", None, "≤ 2 s", again.seconds <= 2)
    risk = ours(_RISK)
    yield Row("risk alone, 100 k commits, second run", risk, "", None, "≤ 1 s", risk.seconds <= 1)


def _history() -> Iterator[bytes]:
    """A first commit with every package, then commits that change a few files each."""
    dice = random.Random(1)
    yield _commit("", 0)
    manifest = {"name": "root", "workspaces": ["packages/*/*"]}
    yield _file("package.json", json.dumps(manifest))
    for number in range(PACKAGES):
        needs = {f"p{dice.randrange(number)}": "*" for _ in range(EACH) if number}
        package = {"name": f"p{number}", "dependencies": needs}
        yield _file(f"{_home(number)}/package.json", json.dumps(package))
    for moment in range(1, COMMITS):
        yield _commit("change", moment)
        for _ in range(dice.randint(1, 4)):
            lines = "".join(f"{dice.random()}\n" for _ in range(dice.randint(1, 30)))
            yield _file(f"{_home(dice.randrange(PACKAGES))}/index.js", lines)


def _home(number: int) -> str:
    """The folder of a package, in groups, so that no folder is large."""
    return f"packages/group{number % 70}/p{number}"


def _commit(message: str, moment: int) -> bytes:
    when = 1_600_000_000 + 60 * moment
    text = f"commit refs/heads/main\ncommitter A <a@example.com> {when} +0000\n"
    return f"{text}data {len(message)}\n{message}\n".encode()


def _file(path: str, content: str) -> bytes:
    return f"M 100644 inline {path}\ndata {len(content)}\n{content}\n".encode()
