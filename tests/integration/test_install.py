"""What the action installs: once, whole or not at all, and out of reach of the change."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.act import ROOT, find
from tests.support.repository import clean_environment

SOURCE = ROOT / "tools" / "install.py"
PYTHON = getattr(sys, "_base_executable", sys.executable)
IMPOSSIBLE = f"impossible==1 --hash=sha256:{'0' * 64}\n"


@dataclass(frozen=True, slots=True)
class Installed:
    """What came of an installation."""

    code: int
    text: str
    output: str


class Machine:
    """A runner's folders, and an action whose lock is short."""

    def __init__(self, folder: Path) -> None:
        self.script = folder / "action" / "tools" / "install.py"
        self.lock = folder / "action" / "requirements" / "core.txt"
        self.cache, self.temporary = folder / "tool-cache", folder / "temp"
        for place in (self.script.parent, self.lock.parent, self.cache, self.temporary):
            place.mkdir(parents=True)
        shutil.copy(SOURCE, self.script)
        self.lock.write_text("# nothing\n", "utf-8")
        self.environment = {
            **clean_environment(folder),
            "PATH": os.defpath,
            "RUNNER_TOOL_CACHE": str(self.cache),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_OUTPUT": str(folder / "output"),
            "PIP_NO_INDEX": "1",
        }
        self._outputs = folder / "output"

    def with_uv(self, uv: str | None) -> Machine:
        """Put uv on its PATH, where there is one: it is much the faster."""
        if uv is not None:
            (self.script.parent / "uv").symlink_to(uv)
            self.environment["PATH"] = f"{self.script.parent}{os.pathsep}{os.defpath}"
        return self

    def install(self, before: str = "pass") -> Installed:
        """Run it, after some Python that changes what it finds."""
        script = f"import runpy, sys; {before}; sys.argv = ['install.py']; "
        script += f"runpy.run_path({str(self.script)!r}, run_name='__main__')"
        done = subprocess.run(
            [PYTHON, "-I", "-c", script],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        output = self._outputs.read_text("utf-8") if self._outputs.exists() else ""
        return Installed(done.returncode, done.stdout + done.stderr, output)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path).with_uv(find("uv"))


def test_the_lock_has_every_package_of_the_core_and_names_no_index() -> None:
    lock = (ROOT / "requirements" / "core.txt").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[^\w-]", each, maxsplit=1)[0].lower() for each in project["dependencies"]}
    assert needed <= set(re.findall(r"^([\w-]+)==", lock, re.MULTILINE))
    assert "://" not in lock
    assert "--index" not in lock


def test_a_python_that_is_too_old_is_told_so(machine: Machine) -> None:
    ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 7))
    done = machine.install("sys.version_info = (3, 10, 13, 'final', 0)")
    assert done.code == 2
    assert "::error" in done.text
    assert "Python 3.11 or newer, and python3 is 3.10.13" in done.text
    assert "actions/setup-python" in done.text


def test_what_is_missing_for_pip_is_named(machine: Machine) -> None:
    machine.environment["PATH"] = os.defpath
    done = machine.install("sys.modules['ensurepip'] = None")
    assert done.code == 2
    assert "python3-venv" in done.text
    assert "setup-uv" in done.text


def test_a_failed_installation_leaves_nothing(machine: Machine) -> None:
    machine.lock.write_text(IMPOSSIBLE, "utf-8")
    done = machine.install()
    assert done.code == 3
    assert "::error" in done.text
    assert "impossible" in done.text
    assert list((machine.cache / "vsm-gate").iterdir()) == []
    assert done.output == ""


def test_another_lock_is_another_environment(machine: Machine) -> None:
    first = machine.install()
    assert (first.code, "installed what it needs" in first.text) == (0, True)
    again = machine.install()
    assert (again.code, "found what it needs" in again.text) == (0, True)
    assert len(set(again.output.splitlines())) == 1
    machine.lock.write_text(IMPOSSIBLE, "utf-8")
    assert machine.install().code == 3


def test_who_comes_second_uses_what_the_first_made(machine: Machine) -> None:
    """The other job's environment appears while this one is being made."""
    late = "import pathlib; rename = pathlib.Path.rename; "
    late += "pathlib.Path.rename = lambda at, to: (to.mkdir(), (to / 'x').touch(), rename(at, to))"
    done = machine.install(late)
    assert done.code == 0, done.text
    assert [place.name for place in next((machine.cache / "vsm-gate").iterdir()).iterdir()] == ["x"]


def test_a_cache_that_is_no_folder_is_passed_over(machine: Machine) -> None:
    machine.cache.rmdir()
    machine.cache.touch()
    done = machine.install()
    assert done.code == 0, done.text
    assert done.output.startswith(f"python={machine.temporary}/vsm-gate/")
    machine.environment["RUNNER_TEMP"] = str(machine.cache)
    assert machine.install().code == 3


@pytest.mark.parametrize("means", ["pip", "uv"])
def test_a_job_cannot_steer_the_installation(tmp_path: Path, means: str) -> None:
    uv = find("uv") if means == "uv" else None
    if means == "uv" and uv is None:
        pytest.skip("uv is not installed")
    machine = Machine(tmp_path).with_uv(uv)
    machine.environment |= {"PIP_TARGET": str(machine.temporary), "PIP_USER": "1"}
    machine.environment |= {"UV_SYSTEM_PYTHON": "1", "UV_PYTHON": "3.99"}
    machine.environment |= {"PYTHONPATH": "/nowhere", "VIRTUAL_ENV": "/nowhere"}
    done = machine.install()
    assert done.code == 0, done.text
    assert f"{means} installed" in done.text
