"""The gate on real projects by others: `make real`.

Their source distributions are fetched from the package index, put into git repositories, and run
with their own test suites under coverage. Four changes are made to each and judged: one that is
clean, one that breaks a test, one that adds lines no test runs, and one of documentation only. What
the gate says is held against what pytest, coverage.py and diff-cover say.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

SCORECARD: Final = """\
schema: vsm-gate/scorecard/v1
phase: enforce
objectives:
  tests-green: {metric: tests.failed, pass: "== 0", key: true}
  patch-coverage: {metric: coverage.patch, pass: ">= 80%", key: true, min_sample: 5}
  no-coverage-loss: {metric: coverage.line, pass: ">= baseline - 2%"}
"""
CONFIG: Final = """\
schema: vsm-gate/config/v1
scorecard: scorecard.yaml
tests: build/junit.xml
coverage: build/coverage.xml
"""
CLEAN: Final = "\n\ndef gate_added(number):\n    doubled = number * 2\n    if doubled > 10:\n"
CLEAN_REST: Final = "        return 10\n    more = doubled + 1\n    return more\n"
CLEAN_TEST: Final = """
from {module} import gate_added


def test_gate_added():
    assert gate_added(1) == 3
    assert gate_added(9) == 10
"""
UNCOVERED: Final = "\n\ndef gate_uncovered(number):\n" + "".join(
    f"    number = number + {n}\n" for n in range(1, 9)
)


@dataclass(frozen=True, slots=True)
class Project:
    """A project by others: what to fetch, the module to edit, what its tests need, an edit that
    breaks at least one of them, and which of them to run.
    """

    name: str
    version: str
    package: str
    module: str
    needs: tuple[str, ...]
    breaks: tuple[str, str]
    tests: tuple[str, ...] = ("tests",)


PROJECTS: Final = (
    Project(
        "click",
        "8.1.8",
        "src/click",
        "click.utils",
        (),
        ("def make_str(", "def make_str(value, *_):\n    return 'broken'\n\n\ndef old_make_str("),
    ),
    Project(
        "itsdangerous",
        "2.2.0",
        "src/itsdangerous",
        "itsdangerous.encoding",
        ("freezegun",),
        (
            "return base64.urlsafe_b64encode(string)",
            "return b'x' + base64.urlsafe_b64encode(string)",
        ),
    ),
    Project(
        "markupsafe",
        "3.0.2",
        "src/markupsafe",
        "markupsafe._native",
        (),
        ('.replace(">", "&gt;")', '.replace(">", "&gt")'),
    ),
    Project(
        "attrs",
        "25.3.0",
        "src/attr",
        "attr.filters",
        ("hypothesis", "cloudpickle"),
        ("value.__class__ in cls", "value.__class__ not in cls"),
        # all of them, under coverage, take minutes, and one fails in the release itself
        ("tests/test_filters.py", "tests/test_validators.py", "tests/test_setattr.py"),
    ),
)


def main() -> int:
    """Try every project, or those that are named. Returns 1 where anything disagreed."""
    wanted = sys.argv[1:]
    failures = 0
    for project in PROJECTS:
        if wanted and project.name not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="vsm-gate-real-") as folder:
            failures += Trial(project, Path(folder)).run()
    print("all agree" if not failures else f"{failures} disagreements")
    return 1 if failures else 0


class Trial:
    """One project in a folder of its own, with an environment of its own."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.checkout = folder / "checkout"
        self.python = folder / "venv" / "bin" / "python"
        self.failures = 0
        self.environment = {
            **{
                k: v
                for k, v in os.environ.items()
                if not k.startswith(("GITHUB_", "COV", "PYTEST"))
            },
            **{f"GIT_{who}_NAME": "trial" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "trial@example.com" for who in ("AUTHOR", "COMMITTER")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self) -> int:
        """All changes. Returns how many statements did not hold."""
        project = self.project
        print(f"== {project.name} {project.version}", flush=True)
        self.prepare()
        self.judge("main", None, "the base is judged, and recorded")
        module = f"{project.package}/{project.module.rpartition('.')[2]}.py"
        text = (self.checkout / module).read_text("utf-8")
        old, new = project.breaks
        self.expect(old in text, f"{module} has the line to break")
        test = CLEAN_TEST.format(module=project.module)
        self.change("clean", {module: text + CLEAN + CLEAN_REST, "tests/test_gate_added.py": test})
        self.judge("clean", 0, "a clean change passes")
        self.change("broken", {module: text.replace(old, new, 1)})
        found = self.judge("broken", 10, "a broken test blocks")
        self.expect(bool(found["tests"]["failing_or_flaky"]), "the failing tests are named")
        self.change("uncovered", {module: text + UNCOVERED})
        found = self.judge("uncovered", 10, "uncovered lines block")
        start = text.count("\n") + 4
        self.expect(
            found["patch"]["missed"] == {module: [[start, start + 7]]}, "the lines are named"
        )
        self.change("documentation", {"NOTES.md": "A note.\n"})
        found = self.judge("documentation", 0, "documentation is not asked for coverage")
        self.expect(
            found["objectives"]["patch-coverage"]["status"] == "not_applicable", "and it says so"
        )
        return self.failures

    def prepare(self) -> None:
        """Fetch, unpack, commit, install."""
        project = self.project
        sdist = ["download", "-qq", "--no-deps", "--no-binary", self.project.name]
        self.pip(sys.executable, *sdist, "--dest", str(self.folder), self.pin)
        [archive] = self.folder.glob("*.tar.gz")
        subprocess.run(["tar", "--no-same-owner", "-xzf", archive, "-C", self.folder], check=True)
        archive.unlink()
        [unpacked] = [place for place in self.folder.iterdir() if (place / "PKG-INFO").exists()]
        unpacked.rename(self.checkout)
        (self.checkout / ".vsm-gate.yaml").write_text(CONFIG, "utf-8")
        (self.checkout / "scorecard.yaml").write_text(SCORECARD, "utf-8")
        with (self.checkout / ".gitignore").open("a") as stream:
            stream.write("\nbuild/\n.coverage\n__pycache__/\n*.egg-info/\n*.so\n")
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", f"{project.name} {project.version}")
        subprocess.run([sys.executable, "-m", "venv", str(self.folder / "venv")], check=True)
        self.pip(self.python, "install", "-qq", "pytest<8.4", "pytest-cov<7", *project.needs)
        self.pip(self.python, "install", "-qq", "--no-deps", "--editable", str(self.checkout))

    @property
    def pin(self) -> str:
        """The requirement that names the release."""
        return f"{self.project.name}=={self.project.version}"

    def change(self, branch: str, files: dict[str, str]) -> None:
        """A branch off `main` that writes some files."""
        self.git("checkout", "--quiet", "-b", branch, "main")
        for path, text in files.items():
            (self.checkout / path).write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", branch)

    def judge(self, branch: str, code: int | None, what: str) -> dict[str, Any]:
        """Run the project's tests, then the gate, and hold its figures against its peers'.

        `code` None: whether a whole project passes at once is its own affair.
        """
        build = self.checkout / "build"
        tests: list[str | Path] = [
            self.python,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
        ]
        tests += ["--junitxml=build/junit.xml", f"--cov={self.project.package}", "--cov-branch"]
        tests += ["--cov-report=xml:build/coverage.xml", "--cov-report=json:build/coverage.json"]
        self.call(*tests, *self.selected())
        gate = [sys.executable, "-m", "vsm_gate", "check", "--json", "build/result.json"]
        done = self.call(*gate)
        expected = {0, 10} if code is None else {code}
        self.expect(done.returncode in expected, f"{what}: exit {done.returncode}", done.stdout)
        found: dict[str, Any] = json.loads((build / "result.json").read_text("utf-8"))
        self.agree_on_tests(found, build)
        self.agree_on_coverage(found, build)
        if branch != "main":
            self.agree_on_patch(found)
        return found

    def selected(self) -> tuple[str, ...]:
        """The tests to run, with the one that a change may have added."""
        added = "tests/test_gate_added.py"
        chosen = self.project.tests
        here = (self.checkout / added).exists() and chosen != ("tests",)
        return (*chosen, added) if here else chosen

    def agree_on_tests(self, found: dict[str, Any], build: Path) -> None:
        """Counts equal those of the report's own suite."""
        suite = ET.parse(build / "junit.xml").getroot()[0]
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        measured = found["measurements"]
        self.expect(
            (measured["tests.total"]["value"], measured["tests.failed"]["value"])
            == (int(suite.get("tests", 0)), failed),
            f"{suite.get('tests')} tests, {failed} failed, as pytest says",
        )

    def agree_on_coverage(self, found: dict[str, Any], build: Path) -> None:
        """Lines and branches equal those of coverage.py's own totals."""
        totals = json.loads((build / "coverage.json").read_text("utf-8"))["totals"]
        line, branch = (found["measurements"][f"coverage.{kind}"] for kind in ("line", "branch"))
        self.expect(
            (line["numerator"], line["denominator"])
            == (totals["covered_lines"], totals["num_statements"]),
            f"{line['numerator']} of {line['denominator']} lines, as coverage.py says",
        )
        self.expect(
            (branch["numerator"], branch["denominator"])
            == (totals["covered_branches"], totals["num_branches"]),
            f"{branch['numerator']} of {branch['denominator']} branches, as coverage.py says",
        )

    def agree_on_patch(self, found: dict[str, Any]) -> None:
        """Patch coverage equals diff-cover's."""
        peer = Path(sys.executable).parent / "diff-cover"
        report = "build/diff-cover.json"
        arguments = ["build/coverage.xml", "--compare-branch=main", f"--format=json:{report}"]
        self.call(peer, *arguments)
        theirs = json.loads((self.checkout / report).read_text("utf-8"))
        patch = found["patch"]
        missed = patch["coverable"] - patch["covered"]
        self.expect(
            (patch["coverable"], missed)
            == (theirs["total_num_lines"], theirs["total_num_violations"]),
            f"{missed} of {patch['coverable']} changed lines missed, as diff-cover says",
        )

    def expect(self, holds: bool, what: str, details: str = "") -> None:
        """Say whether a statement holds; count it where it does not."""
        print(f"  {'ok ' if holds else 'NOT'} {what}", flush=True)
        if not holds:
            self.failures += 1
            print(details)

    def git(self, *arguments: str) -> None:
        """Run git in the checkout."""
        subprocess.run(["git", *arguments], cwd=self.checkout, env=self.environment, check=True)

    def pip(self, python: str | Path, *arguments: str) -> None:
        """Run a Python's pip."""
        subprocess.run([python, "-m", "pip", *arguments], env=self.environment, check=True)

    def call(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout, whatever its exit code."""
        return subprocess.run(
            command,
            cwd=self.checkout,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


if __name__ == "__main__":
    sys.exit(main())
