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

# Other people's actions are named by commit, since a tag can be moved.
CHECKOUT: Final = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
_PYTHON: Final = "uses: actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0"
_JAVA: Final = """\
uses: actions/setup-java@dded0888837ed1f317902acf8a20df0ad188d165 # v5.0.0
        with: {distribution: temurin, java-version: 21}"""
_GO: Final = "uses: actions/setup-go@44694675825211faa026b3c33043df3e48a5fa00 # v6.0.0"
_NODE: Final = "uses: actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903 # v6.0.0"
_DOTNET: Final = "uses: actions/setup-dotnet@d4c94342e560b34958eacfc5d055d21461ed1c5d # v5.0.0"


@dataclass(frozen=True, slots=True)
class Tool:
    """A way in which a repository runs its tests.

    `sign` is a pattern for the file that gives it away; `setup` the workflow step that makes it
    available, as YAML; `run` the command that writes both reports; `tests` and `coverage` where
    they are.
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
        _PYTHON,
        "pip install -e . pytest pytest-cov && "
        "pytest --junitxml=build/junit.xml --cov --cov-report=xml:build/coverage.xml",
        "build/junit.xml",
        "build/coverage.xml",
    ),
    Tool(
        "Maven",
        "pom.xml",
        _JAVA,
        "mvn --batch-mode verify jacoco:report",
        "**/target/*-reports/TEST-*.xml",
        "**/target/site/jacoco/jacoco.xml",
    ),
    Tool(
        "Gradle",
        "build.gradle*",
        _JAVA,
        "./gradlew check jacocoTestReport",
        "**/build/test-results/**/TEST-*.xml",
        "**/build/reports/jacoco/**/*.xml",
    ),
    Tool(
        "Go",
        "go.mod",
        _GO,
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
        _NODE,
        "npm ci && npx jest --ci --json --outputFile=build/tests.json "
        "--coverage --coverageReporters=lcov",
        "build/tests.json",
        "coverage/lcov.info",
    ),
    Tool(
        "dotnet",
        "*.sln",
        _DOTNET,
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
    setup = f"      - {tool.setup}\n" if tool.setup else ""
    return f"""\
# Runs the tests and judges the change: https://github.com/vsm-gate/vsm-gate
name: Quality gate

on:
  pull_request:
  merge_group:
  push:
    branches: [{_quoted(branch)}]

permissions: {{}}

jobs:
  gate:
    runs-on: ubuntu-latest
    permissions:
      contents: write # records go to the branch vsm-history
      checks: write # the check, with remarks beside the code
      pull-requests: write # the comment, and who approved
      actions: read # how long jobs were queued and run again
    steps:
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0 # earlier changes rank the risk of this one
          persist-credentials: false # what the tests run has no use for them
{setup}      - run: {tool.run}
      # Also after failing tests, which it names.
      - if: ${{{{ !cancelled() }}}}
        uses: vsm-gate/vsm-gate@v1
"""
