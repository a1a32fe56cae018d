"""The example pipelines for forges and build servers other than GitHub."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import pytest
import yaml
from tests.support.act import ROOT, find
from tests.support.repository import Repository

from vsm_gate.cli.check import command

EXAMPLES = ROOT / "docs" / "examples" / "elsewhere"
GITLAB, AZURE, JENKINS = (
    EXAMPLES / name for name in ("gitlab-ci.yml", "azure-pipelines.yml", "Jenkinsfile")
)


@pytest.mark.parametrize("path", [GITLAB, AZURE, JENKINS], ids=lambda path: str(path.name))
def test_the_command_line_of_each_is_understood(path: Path) -> None:
    text = path.read_text("utf-8").replace("\\\n", " ").replace("\n      --", " --")
    lines = re.findall(r'vsm-gate"? check\s(.*)', text)
    assert len(lines) == 1
    options = shlex.split(lines[0])
    assert "--tests" in options
    command.make_parser(click.Context(command)).parse_args(options)


def test_the_pipeline_of_azure_fits_its_schema(tmp_path: Path) -> None:
    tool = find("check-jsonschema")
    if tool is None:
        pytest.skip("check-jsonschema is not installed (it is on PyPI)")
    given = tmp_path / "pipeline.json"
    given.write_text(json.dumps(_texts(yaml.safe_load(AZURE.read_text("utf-8")))))
    schema = ("--builtin-schema", "vendor.azure-pipelines", "--regex-variant", "python")
    done = subprocess.run([tool, *schema, given], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _texts(value: Any) -> Any:
    """The schema has every scalar as text, as the server itself reads YAML."""
    if isinstance(value, dict):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


class Project:
    """A project with the example pipeline, whose origin is a bare repository beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = Repository(folder / "project", branch="main")
        self.repository.git("init", "--quiet", "--bare", str(folder / "origin.git"))
        self.origin = Repository(folder / "origin.git", create=False)
        add = "def add(a, b):\n    return a + b\n"
        test = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
        run = f"{shlex.quote(sys.executable)} -m pytest -q -p no:cacheprovider test_calc.py"
        reports = "--junitxml=build/junit.xml --cov=calc --cov-report=xml:build/coverage.xml"
        for name, text in {
            ".gitlab-ci.yml": GITLAB.read_text("utf-8"),
            "Makefile": f"test:\n\tmkdir -p build && {run} {reports}\n",
            "calc.py": add,
            "test_calc.py": test,
            ".gitignore": "build/\n__pycache__/\n.coverage\n.gitlab-ci-local/\ngate.*\n",
        }.items():
            self.repository.write(name, text)
        self.repository.commit()
        self.repository.git("remote", "add", "origin", str(self.origin.path))
        self.repository.git("push", "--quiet", "origin", "main")

    def run(self, runner: str) -> subprocess.CompletedProcess[str]:
        """Run the pipeline in the shell of this machine, as a runner of the forge would."""
        return subprocess.run(
            [runner, "--force-shell-executor", "--variable", "GITLAB_CI=true"],
            cwd=self.repository.path,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    @cached_property
    def environment(self) -> dict[str, str]:
        """An environment for `pip install vsm-gate`, which finds a wheel of this checkout."""
        uv = find("uv")
        assert uv
        python, wheels = self.folder / "python", self.folder / "wheels"
        build = ("build", "--wheel", "--no-build-isolation", "--python", sys.executable)
        for line in (
            (uv, *build, "--out-dir", wheels, ROOT),
            (uv, "venv", "--seed", "--python", sys.executable, python),
        ):
            subprocess.run(line, check=True, capture_output=True, timeout=200)
        return {
            **os.environ,
            **self.repository.environment,
            "PATH": os.pathsep.join([str(python / "bin"), os.environ["PATH"]]),
            "PIP_FIND_LINKS": str(wheels),
        }


def gitlab_runner() -> str:
    """The runner of GitLab's pipelines on one machine; without it the test is skipped."""
    for tool, where in {
        "gitlab-ci-local": "npm install -g gitlab-ci-local@4.61",
        "rsync": "apt-get install rsync",
        "make": "apt-get install make",
    }.items():
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not here: {where}")
    return str(shutil.which("gitlab-ci-local"))


def test_the_pipeline_of_gitlab_judges_records_and_leaves_its_reports(tmp_path: Path) -> None:
    runner = gitlab_runner()
    project = Project(tmp_path)
    done = project.run(runner)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ": may merge" in done.stdout
    result = _result(project)
    assert result["exit_code"] == 0
    assert result["measurements"]["tests.passed"]["value"] == 1
    assert result["receipts"]["history"]["ok"]
    assert project.origin.git("rev-parse", "--verify", "refs/heads/vsm-history")
    # a change that breaks the test is blocked, and the reports say so in the forge's own words
    project.repository.write("calc.py", "def add(a, b):\n    return a - b\n").commit()
    done = project.run(runner)
    assert done.returncode != 0
    assert _result(project)["exit_code"] == 10
    left = project.repository.path / ".gitlab-ci-local" / "artifacts" / "gate"
    [finding] = [
        each
        for each in json.loads((left / "gl-code-quality.json").read_text("utf-8"))
        if each["check_name"] == "vsm-gate/failing-test"
    ]
    assert finding["location"]["path"] == "test_calc.py"
    cases = ET.parse(left / "gate.xml").iter("testcase")
    assert "tests-green" in [case.get("name") for case in cases if case.find("failure") is not None]
    assert "VSM_GATE_CONCLUSION=fail" in (left / "gate.env").read_text("utf-8").splitlines()


def _result(project: Project) -> dict[str, Any]:
    place = project.repository.path / ".gitlab-ci-local" / "artifacts" / "gate" / "gate.json"
    found: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return found
