"""The real runner of workflows, `act`, in host mode: no container, no network.

It serves `actions/checkout` itself, as a copy of the folder that it is started in: what the tests
put there is what a checkout leaves.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.repository import clean_environment

ROOT: Final = Path(__file__).parents[2]
TOKEN: Final = "a-token-that-nobody-may-see"
ACTION: Final = "vsm-gate/vsm-gate"
# Where no test serves an API nobody answers: never the real forge.
NOWHERE: Final = "http://127.0.0.1:9"

# What the action is made of. Its folder on a runner is a clone of the repository at a ref.
_PARTS: Final = ("action.yml", "requirements", "scorecards", "src", "tools")
# How the packages of the lock are reached is the machine's affair.
_INSTALLATION: Final = ("PIP_", "UV_", "SSL_", "HTTP_", "HTTPS_", "NO_PROXY", "http", "no_proxy")


def find(tool: str) -> str | None:
    """A tool beside this Python, or on the PATH."""
    return shutil.which(tool, path=str(Path(sys.executable).parent)) or shutil.which(tool)


@dataclass(frozen=True, slots=True)
class Remark:
    """An annotation, as the runner understood it."""

    level: str
    message: str
    title: str
    file: str | None
    line: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """What the runner said of a run, in events."""

    events: tuple[dict[str, Any], ...]
    text: str

    @property
    def jobs(self) -> dict[str, str]:
        """`success` or `failure` by job."""
        return {each["jobID"]: each["jobResult"] for each in self.events if "jobResult" in each}

    @property
    def exit_code(self) -> int:
        """Of the action's last step; 0 where it succeeded."""
        ends = [
            each["msg"].removeprefix("exit status ")
            for each in self.events
            if each["msg"].startswith("exit status ") and each.get("stepID", [""])[0] == "vsm"
        ]
        return int(ends[0]) if ends else 0

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the action."""
        return self.outputs_of("vsm")

    def outputs_of(self, *step: str) -> dict[str, str]:
        """The outputs of a step, or of a step of an action."""
        found = [each for each in self._of("set-output") if each["stepID"] == [*step]]
        return {each["name"]: each["arg"] for each in found}

    @property
    def remarks(self) -> list[Remark]:
        """The annotations, in order."""
        found = self._of("error", "warning", "notice")
        return [_remark(each["raw"].strip()) for each in found]

    @property
    def commands(self) -> set[str]:
        """Every kind of command that the runner saw; `ignored` are those of a stopped stretch."""
        return {each["command"] for each in self.events if "command" in each}

    @property
    def summary(self) -> str:
        """The summaries of all steps. An action's steps and the action itself tell the same one."""
        return "".join(dict.fromkeys(each["content"] for each in self._of("summary")))

    @property
    def log(self) -> str:
        """What the steps printed and the runner did not take for commands."""
        return "".join(each["msg"] for each in self.events if each.get("raw_output"))

    def _of(self, *commands: str) -> list[dict[str, Any]]:
        return [each for each in self.events if each.get("command") in commands]


def _remark(command: str) -> Remark:
    """An annotation from its command: up to the first `::` properties, from there the message.

    (This runner takes the last `::`, the forge's own the first.)
    """
    head, _, message = command.removeprefix("::").partition("::")
    level, _, properties = head.partition(" ")
    given = dict(each.split("=", 1) for each in properties.split(",") if "=" in each)
    pairs = {name: _plain(value) for name, value in given.items()}
    title, file, line = pairs.get("title", ""), pairs.get("file"), pairs.get("line")
    return Remark(level, _plain(message), title, file, line)


def _plain(text: str) -> str:
    for sign in (":", ",", "\r", "\n", "%"):
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text


def artifacts(folder: Path, workflow: str) -> dict[str, Path]:
    """Stand-ins for the actions by which a workflow leaves a file and another takes it."""
    kept = folder / "artifacts"
    kept.mkdir(exist_ok=True)
    scripts = {
        "upload-artifact": f'cp "$WHERE" "{kept}/bundle.json"',
        "download-artifact": f'mkdir -p "$WHERE" && cp "{kept}"/* "$WHERE"',
    }
    found = {}
    for name, script in scripts.items():
        step = {"shell": "bash", "run": script, "env": {"WHERE": "${{ inputs.path }}"}}
        inputs = ("name", "path", "run-id", "github-token")
        action = {
            "name": name,
            "description": "A stand-in",
            "inputs": {each: {"description": each} for each in inputs},
            "runs": {"using": "composite", "steps": [step]},
        }
        place = folder / name
        place.mkdir(exist_ok=True)
        (place / "action.yml").write_text(json.dumps(action), "utf-8")
        for used in re.findall(rf"uses: (actions/{name}@\w+)", workflow):
            found[used] = place
    return found


class Runner:
    """A runner with a cache of its own, and the action as it would be fetched from its ref.

    It has the uv that is given, and no other.
    """

    def __init__(self, folder: Path, *, uv: str | None) -> None:
        self.folder = folder
        self.action = folder / "action"
        for part in _PARTS:
            source, target = ROOT / part, self.action / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                ignore = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
        self._path = self._searched(uv)

    def run(
        self,
        event: str,
        payload: Mapping[str, Any],
        *,
        workflow: Path,
        checkout: Path,
        environment: Mapping[str, str] | None = None,
        actions: Mapping[str, Path] | None = None,
    ) -> Run:
        """Run a workflow for an event in a checkout; `actions` are stand-ins, by their names."""
        act = find("act")
        assert act is not None
        place = checkout.with_name(f"{checkout.name}.event.json")
        place.write_text(json.dumps(payload), "utf-8")
        command = [act, event, "--eventpath", str(place), "--workflows", str(workflow), "--json"]
        command += ["--platform", "ubuntu-latest=-self-hosted", "--pull=false"]
        command += ["--no-cache-server", "--rm", "--secret-file", str(self._secrets())]
        for action, folder in {f"{ACTION}@v1": self.action, **(actions or {})}.items():
            command += ["--local-repository", f"{action}={folder}"]
        for name, value in {"GITHUB_API_URL": NOWHERE, **(environment or {})}.items():
            command += ["--env", f"{name}={value}"]
        done = subprocess.run(
            command, cwd=checkout, env=self._environment(), capture_output=True, check=False
        )
        text = done.stdout.decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.startswith("{")]
        assert lines, text + done.stderr.decode("utf-8", "replace")
        return Run(tuple(json.loads(line) for line in lines), text)

    def _environment(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        kept = {n: v for n, v in os.environ.items() if n.startswith(_INSTALLATION)}
        return {
            **kept,
            **clean_environment(home),
            "PATH": self._path,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }

    def _secrets(self) -> Path:
        """In a file, since the steps inherit the environment of a runner in host mode."""
        place = self.folder / "secrets"
        place.write_text(f"GITHUB_TOKEN={TOKEN}\n", "utf-8")
        return place

    def _searched(self, uv: str | None) -> str:
        """The PATH: this uv or none, and the Python behind the tests as python3."""
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "python3").symlink_to(getattr(sys, "_base_executable", sys.executable))
        if uv is not None:
            (folder / "uv").symlink_to(uv)
        places = os.environ.get("PATH", os.defpath).split(os.pathsep)
        rest = [place for place in places if not (Path(place) / "uv").exists()]
        return os.pathsep.join([str(folder), *rest])
