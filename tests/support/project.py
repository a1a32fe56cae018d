"""Repositories of a team, with the commands of the gate run in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support import cli, schemas
from tests.support.reports import cobertura, junit
from tests.support.repository import Repository

NOW = "2026-11-22T10:00:00Z"


class Project:
    """A repository with a commit of some files, and the commands run in it."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.repository = Repository(folder)
        self.write(files)
        self.repository.commit("The base", ignored=False)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, by their paths."""
        for path, text in files.items():
            self.repository.write(path, text)

    def run(self, *arguments: str, below: str = "", **environment: str) -> cli.Done:
        """Run a command in the checkout, or in a folder below its root."""
        return cli.run(
            *arguments,
            folder=self.repository.path / below,
            environment={**self.repository.environment, **environment},
        )

    def check(self, *arguments: str, below: str = "", **environment: str) -> cli.Done:
        """Run `check`, at `NOW` unless another time is given."""
        return self.run("check", "--now", NOW, *arguments, below=below, **environment)

    def result(self, *arguments: str, below: str = "", **environment: str) -> dict[str, Any]:
        """The result of a check as JSON."""
        done = self.check("--format", "json", *arguments, below=below, **environment)
        assert done.stdout, done.stderr
        found: dict[str, Any] = done.json()
        assert found["exit_code"] == done.exit_code
        schemas.validate("check-v1", found)
        return found


CONFIG = """\
schema: vsm-gate/config/v1
team: payments
scorecard: scorecard.yaml
tests: build/junit.xml
coverage: build/coverage.xml
components:
  - {name: api, paths: [src/**], owner: "@acme/pay", tier: 1}
  - {name: shop, paths: [shop/**], depends_on: [api]}
  - {name: docs, paths: [docs/**]}
"""
SCORECARD = """\
schema: vsm-gate/scorecard/v1
team: payments
phase: enforce
objectives:
  tests-green: {metric: tests.failed, pass: "== 0", key: true, remedy: Mend them.}
  patch-coverage: {metric: coverage.patch, pass: ">= 80%", warn: ">= 60%", key: true}
  no-coverage-loss: {metric: coverage.line, pass: ">= baseline - 0.5%", warn: ">= baseline - 2%"}
"""
CODE = "".join(f"line {n}\n" for n in range(1, 11))
COVERED = {
    "src/old.py": dict.fromkeys(range(1, 11), 1),
    "src/new.py": dict.fromkeys(range(1, 11), 1),
}
HALF = {**COVERED, "src/new.py": {n: int(n > 5) for n in range(1, 11)}}


class Reported(Project):
    """A project with reports of tests and coverage, and a change of ten new lines to make."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder,
            {
                ".gitignore": "build/\n",
                ".vsm-gate.yaml": CONFIG,
                "scorecard.yaml": SCORECARD,
                "src/old.py": CODE,
            },
        )
        self.reports(junit(["test_a"]), {"src/old.py": dict.fromkeys(range(1, 11), 1)})

    def change(self) -> None:
        """Go to a branch that adds `src/new.py`."""
        self.repository.branch("feature").write("src/new.py", CODE).commit(
            "A change", ignored=False
        )

    def reports(self, tests: str | None, coverage: dict[str, dict[int, int]] | None) -> None:
        """Put the reports of a run where the configuration expects them."""
        for name, text in (
            ("junit.xml", tests),
            ("coverage.xml", None if coverage is None else cobertura(coverage)),
        ):
            place = self.repository.path / "build" / name
            place.unlink(missing_ok=True)
            if text is not None:
                self.repository.write(f"build/{name}", text)
