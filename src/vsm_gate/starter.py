"""The first files of a repository that has never had a gate. Pure: from its files to theirs."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vsm_gate.globs import compile_glob

WORKFLOW: Final = ".github/workflows/vsm-gate.yml"
CONFIG: Final = ".vsm-gate.yaml"


@dataclass(frozen=True, slots=True)
class Tool:
    """A way in which a repository runs its tests.

    `sign` is a pattern for the file that gives it away; `setup` the workflow step that makes it
    available, `run` the command that writes both reports, `tests` and `coverage` where they are.
    """

    name: str
    sign: str
    setup: str
    run: str
    tests: str
    coverage: str


TOOLS: Final = (
    Tool(
        "pytest",
        "pyproject.toml",
        "actions/setup-python@v5",
        "pip install -e . pytest pytest-cov && "
        "pytest --junitxml=build/junit.xml --cov --cov-report=xml:build/coverage.xml",
        "build/junit.xml",
        "build/coverage.xml",
    ),
    Tool(
        "Maven",
        "pom.xml",
        "actions/setup-java@v4",
        "mvn --batch-mode verify jacoco:report",
        "**/target/*-reports/TEST-*.xml",
        "**/target/site/jacoco/jacoco.xml",
    ),
    Tool(
        "Gradle",
        "build.gradle*",
        "actions/setup-java@v4",
        "./gradlew check jacocoTestReport",
        "**/build/test-results/**/TEST-*.xml",
        "**/build/reports/jacoco/**/*.xml",
    ),
    Tool(
        "Go",
        "go.mod",
        "actions/setup-go@v5",
        "mkdir -p build && go test -json -coverprofile=build/coverage.out ./... > build/tests.json",
        "build/tests.json",
        "build/coverage.out",
    ),
    Tool(
        "Cargo",
        "Cargo.toml",
        "",
        "cargo install --locked cargo-nextest cargo-llvm-cov && "
        "cargo llvm-cov nextest --profile ci --lcov --output-path build/lcov.info",
        "target/nextest/ci/junit.xml",
        "build/lcov.info",
    ),
    Tool(
        "Jest",
        "package.json",
        "actions/setup-node@v4",
        "npm ci && npx jest --ci --json --outputFile=build/tests.json "
        "--coverage --coverageReporters=lcov",
        "build/tests.json",
        "coverage/lcov.info",
    ),
    Tool(
        "dotnet",
        "*.sln",
        "actions/setup-dotnet@v4",
        "dotnet test --logger trx --collect 'XPlat Code Coverage'",
        "**/TestResults/*.trx",
        "**/TestResults/**/coverage.cobertura.xml",
    ),
)
UNKNOWN: Final = Tool(
    "your test tool",
    "",
    "",
    "echo 'run your tests here, so that they write JUnit XML and a coverage report' && false",
    "build/**/*.xml",
    "build/coverage.xml",
)


def detect(tracked: Iterable[str]) -> Tool:
    """The tool whose sign lies nearest to the root; `UNKNOWN` where there is none."""
    signs = [(rank, compile_glob(tool.sign)) for rank, tool in enumerate(TOOLS)]
    found = [
        (path.count("/"), rank)
        for path in tracked
        for rank, sign in signs
        if sign.fullmatch(posixpath.basename(path))
    ]
    return TOOLS[min(found)[1]] if found else UNKNOWN


def files(tracked: Sequence[str], team: str, branch: str) -> dict[str, str]:
    """The files to write, by path: a configuration, a scorecard, a workflow."""
    tool = detect(tracked)
    scorecard = f"scorecards/{_slug(team)}.yaml"
    return {
        CONFIG: _config(tool, team, scorecard, _components(tracked)),
        scorecard: _scorecard(team),
        WORKFLOW: _workflow(tool, branch),
    }


def _slug(team: str) -> str:
    kept = "".join(char if char.isalnum() and char.isascii() else "-" for char in team.lower())
    return kept.strip("-") or "team"


def _quoted(text: str) -> str:
    """A YAML string, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def _components(tracked: Sequence[str]) -> list[str]:
    """The folders that look like components: those below a folder that is made for them."""
    found = {
        "/".join(path.split("/")[:2])
        for path in tracked
        if path.count("/") >= 2 and path.split("/")[0] in {"apps", "packages", "services", "libs"}
    }
    return sorted(found)[:50]


def _config(tool: Tool, team: str, scorecard: str, components: Sequence[str]) -> str:
    lines = [
        f"# How this repository is judged. Tests are run by {tool.name}.",
        "schema: vsm-gate/config/v1",
        f"team: {_quoted(team)}",
        f"scorecard: {scorecard}",
        f"tests: {_quoted(tool.tests)}",
        f"coverage: {_quoted(tool.coverage)}",
    ]
    if components:
        lines.append("components:  # add owner, tier and depends_on where you know them")
        lines += [
            f"  - {{name: {_quoted(path.rpartition('/')[2])}, paths: [{_quoted(path + '/**')}]}}"
            for path in components
        ]
    return "\n".join(lines) + "\n"


def _scorecard(team: str) -> str:
    return f"""\
# What this team asks of a change. `vsm-gate scorecard show` prints what is in force, with what is
# inherited; `vsm-gate scorecard lint` checks this file.
schema: vsm-gate/scorecard/v1
team: {_quoted(team)}
extends: vsm-gate:baseline
phase: warn            # observe, then warn, then enforce: raise it when the team is ready
"""


def _workflow(tool: Tool, branch: str) -> str:
    setup = f"      - uses: {tool.setup}\n" if tool.setup else ""
    return f"""\
# Runs the tests and judges the change: https://github.com/vsm-gate/vsm-gate
name: quality gate
on:
  pull_request:
  merge_group:
  push:
    branches: [{_quoted(branch)}]
permissions:
  contents: write      # the history branch
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
{setup}      - name: Test
        id: test
        continue-on-error: true   # the gate decides, and says why
        run: {tool.run}
      - uses: vsm-gate/vsm-gate@v1
"""
