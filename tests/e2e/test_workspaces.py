"""Workspaces of random shape: what a change reaches, against what the workspace's own tool says.

Each tool is asked where it is installed: `cargo`, `uv`, and of `npm install pnpm turbo nx` whatever
is on the path.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.repository import Repository

from vsm_gate.collect.change import find_change, tracked_files
from vsm_gate.collect.components import discover_components
from vsm_gate.impact.reach import reach
from vsm_gate.model.change import Context

SEEDS = range(3)
Needs = dict[int, list[int]]


class Workspace:
    """A repository of packages, each depending on some of those before it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.repository = Repository(folder / "workspace")
        self.size = self.random.randint(5, 10)

    def needs(self) -> Needs:
        return {
            number: [other for other in range(number) if self.random.random() < 0.3]
            for number in range(self.size)
        }

    def change_some(self, file: Callable[[int], str]) -> None:
        """Commit, and change a file of one to three packages on a branch."""
        for number in range(self.size):
            self.repository.write(file(number), "1\n")
        self.repository.git("add", ".")
        self.repository.git("commit", "--quiet", "--message", "base")
        self.repository.branch("feature")
        for number in self.random.sample(range(self.size), self.random.randint(1, 3)):
            self.repository.write(file(number), "2\n")
        self.repository.git("add", ".")
        self.repository.git("commit", "--quiet", "--message", "change")

    def ask(self, *command: str, **environment: str) -> str:
        """What a tool of this machine prints. It is skipped where it cannot run."""
        surroundings = {**os.environ, **self.repository.environment, "CI": "1", **environment}
        tool = shutil.which(command[0])
        if tool is None or self._run([tool, "--version"], surroundings).returncode:
            pytest.skip(f"{command[0]} is not installed")
        done = self._run([tool, *command[1:]], surroundings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _run(
        self, command: list[str], environment: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.repository.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def graph(self) -> dict[str, set[str]]:
        return {known.name: set(known.depends_on) for known in self._components()}

    def reached(self) -> set[str]:
        context = Context(repository="acme/shop", base_ref="main")
        change = find_change(self.repository.client, context)
        return set(reach(self._components(), change.paths).reached)

    def _components(self) -> tuple[Any, ...]:
        repository = self.repository
        return discover_components(repository.path, tracked_files(repository.client)).components


@pytest.fixture(params=SEEDS)
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Workspace:
    return Workspace(tmp_path, request.param)


def node(workspace: Workspace, version: str) -> None:
    """A workspace of Node.js packages, without their dependencies from the registry."""
    repository = workspace.repository
    manifest = {"name": "root", "private": True, "workspaces": ["packages/*"]}
    repository.write("package.json", json.dumps({**manifest, "packageManager": "pnpm@9.0.0"}))
    repository.write("pnpm-workspace.yaml", "packages: ['packages/*']\n")
    repository.write(".gitignore", "node_modules\n.nx\n.turbo\nnx-graph.json\n")
    for number, needs in workspace.needs().items():
        kind = workspace.random.choice(["dependencies", "devDependencies"])
        wanted = {f"@acme/p{other}": version for other in needs}
        package = {"name": f"@acme/p{number}", "version": "1.0.0", kind: wanted}
        package["scripts"] = {"build": "true"}
        repository.write(f"packages/p{number}/package.json", json.dumps(package))


def test_pnpm(workspace: Workspace) -> None:
    node(workspace, "workspace:*")
    workspace.change_some(lambda number: f"packages/p{number}/index.js")
    said = workspace.ask("pnpm", "--filter", "...[main]", "ls", "--depth", "-1", "--json")
    assert workspace.reached() == {package["name"] for package in json.loads(said)}


def test_turbo(workspace: Workspace) -> None:
    node(workspace, "workspace:*")
    importers = "".join(f"  packages/p{number}: {{}}\n" for number in range(workspace.size))
    lock = f"lockfileVersion: '9.0'\nimporters:\n  .: {{}}\n{importers}"
    tasks = '{"tasks": {"build": {"dependsOn": ["^build"]}}}'
    workspace.repository.write("pnpm-lock.yaml", lock).write("turbo.json", tasks)
    workspace.change_some(lambda number: f"packages/p{number}/index.js")
    said = workspace.ask(
        "turbo",
        "run",
        "build",
        "--affected",
        "--dry=json",
        TURBO_SCM_BASE="main",
        TURBO_TELEMETRY_DISABLED="1",
    )
    plan = json.loads(said[said.index("{") :])
    assert workspace.reached() == set(plan["packages"]) - {"//"}


def test_nx(workspace: Workspace) -> None:
    node(workspace, "*")
    tool = shutil.which("nx")
    if tool is None:
        pytest.skip("nx is not installed")
    installed = Path(tool).resolve().parents[2]
    (workspace.repository.path / "node_modules").symlink_to(installed)
    workspace.repository.write("nx.json", "{}")
    workspace.change_some(lambda number: f"packages/p{number}/index.js")
    said = workspace.ask(
        "nx", "show", "projects", "--affected", "--base=main", "--json", NX_DAEMON="false"
    )
    expected = set(json.loads(said.strip().splitlines()[-1]))
    assert workspace.reached() == expected
    workspace.ask("nx", "graph", "--file=nx-graph.json", NX_DAEMON="false")
    assert workspace.reached() == expected


def test_cargo(workspace: Workspace) -> None:
    repository = workspace.repository
    shared = "".join(f'c{n} = {{path = "crates/c{n}"}}\n' for n in range(workspace.size))
    head = '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n'
    repository.write("Cargo.toml", f"{head}[workspace.dependencies]\n{shared}")
    for number, needs in workspace.needs().items():
        lines = [f'[package]\nname = "c{number}"\nversion = "0.1.0"\nedition = "2021"']
        for other in needs:
            kind = workspace.random.choice(["", "dev-", "target.'cfg(unix)'."])
            how = workspace.random.choice(
                [
                    f"c{other}]\nworkspace = true",
                    f'c{other}]\npath = "../c{other}"',
                    f'renamed{other}]\npackage = "c{other}"\npath = "../c{other}"',
                ]
            )
            lines.append(f"[{kind}dependencies.{how}")
        repository.write(f"crates/c{number}/Cargo.toml", "\n".join(lines))
        repository.write(f"crates/c{number}/src/lib.rs", "")
    repository.commit()
    said = workspace.ask(
        "cargo",
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version=1",
        HOME=os.environ.get("HOME", ""),
    )
    assert workspace.graph() == {
        package["name"]: {Path(dep["path"]).name for dep in package["dependencies"]}
        for package in json.loads(said)["packages"]
    }


def test_uv(workspace: Workspace) -> None:
    repository = workspace.repository
    head = '[project]\nname = "root"\nversion = "0"\nrequires-python = ">=3.11"\n'
    repository.write("pyproject.toml", f'{head}[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    for number, needs in workspace.needs().items():
        names = [f"P.{other}" for other in needs]
        sources = "".join(f"p-{other} = {{workspace = true}}\n" for other in needs)
        group = workspace.random.choice(["dependencies = ", "[dependency-groups]\ndev = "])
        repository.write(
            f"packages/p{number}/pyproject.toml",
            f"{head.replace('root', f'p_{number}')}{group}{json.dumps(names)}\n"
            f"[tool.uv.sources]\n{sources}",
        )
    repository.commit()
    workspace.ask("uv", "lock", "--offline", UV_CACHE_DIR=str(repository.path.parent / "cache"))
    lock = tomllib.loads((repository.path / "uv.lock").read_text(encoding="utf-8"))
    assert workspace.graph() == {
        package["name"]: {
            needed["name"]
            for group in (
                package.get("dependencies", []),
                *package.get("dev-dependencies", {}).values(),
            )
            for needed in group
        }
        for package in lock["package"]
    }
