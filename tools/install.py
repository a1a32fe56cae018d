"""Install what the action needs and nothing else, and output the Python to run it with.

The packages of `requirements/core.txt` go, each held to its hash, into a virtual environment
outside of the workspace, in the runner's cache of tools where there is one; its name is made from
the lock and the Python, so that a later run uses it again. vsm-gate itself is not installed: it is
run from the folder of the action, which has the same ref as the lock.

Nothing here reads the workspace. It is the change that is to be judged, and a `venv.py` or a
`uv.toml` in it must not decide how the judge is installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MINIMUM = (3, 11)
LOCK = Path(__file__).resolve().parents[1] / "requirements" / "core.txt"
PACKAGES = ["--quiet", "--require-hashes", "--only-binary", ":all:", "-r", os.fspath(LOCK)]
USAGE, UNREADABLE = 2, 3

# Settings by which a job steers its own installations, and would steer this one elsewhere.
STEERING = {"PIP_PREFIX", "PIP_TARGET", "PIP_USER", "UV_PYTHON", "UV_SYSTEM_PYTHON", "VIRTUAL_ENV"}


def main() -> None:
    """Find the environment, or make it."""
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        raise failed(
            f"vsm-gate needs Python 3.11 or newer, and python3 is {found} here: "
            "put actions/setup-python before it",
            USAGE,
        )
    environment = cache() / name()
    if environment.is_dir():
        print(f"vsm-gate: found what it needs in {environment}", flush=True)
    else:
        started = time.monotonic()
        means = install(environment)
        seconds = time.monotonic() - started
        print(f"vsm-gate: {means} installed what it needs in {seconds:.1f} s", flush=True)
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"python={environment / 'bin' / 'python'}\n")


def name() -> str:
    """What the environment depends on: the lock, the Python, the machine."""
    told = (LOCK.read_bytes(), sys.version.encode(), os.fsencode(os.path.realpath(sys.executable)))
    digest = hashlib.sha256(b"\0".join(told)).hexdigest()
    return f"{sys.implementation.cache_tag}-{platform.machine()}-{digest[:16]}"


def cache() -> Path:
    """The runner's cache of tools; where that cannot be written, the folder of the job."""
    for variable in ("RUNNER_TOOL_CACHE", "RUNNER_TEMP"):
        folder = Path(os.environ.get(variable, os.devnull)) / "vsm-gate"
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    raise failed("it could not be installed: RUNNER_TEMP is no folder that can be written")


def install(environment: Path) -> str:
    """Make the environment, whole or not at all: others may be making it just now."""
    with tempfile.TemporaryDirectory(prefix="making-", dir=environment.parent) as folder:
        made = Path(folder) / "environment"
        uv = shutil.which("uv")
        if uv:
            with_uv(uv, made)
        else:
            with_pip(made)
        try:
            made.rename(environment)
        except OSError:
            # a job beside this one was faster, and what it made is the same
            if not environment.is_dir():
                raise
    return "uv" if uv else "pip"


def with_uv(uv: str, environment: Path) -> None:
    """By uv, which needs no pip."""
    run(uv, "venv", "--quiet", "--no-project", "--python", sys.executable, os.fspath(environment))
    python = os.fspath(environment / "bin" / "python")
    run(uv, "pip", "install", "--python", python, *PACKAGES)


def with_pip(environment: Path) -> None:
    """By Python's own means."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise failed(
            f"{sys.executable} cannot make virtual environments: install Debian's package "
            "python3-venv, or put astral-sh/setup-uv or actions/setup-python before vsm-gate",
            USAGE,
        )
    run(sys.executable, "-I", "-m", "venv", os.fspath(environment))
    python = os.fspath(environment / "bin" / "python")
    run(python, "-I", "-m", "pip", "--disable-pip-version-check", "install", *PACKAGES)


def run(*command: str) -> None:
    """Run a command in an empty folder, unsteered; where it fails, its own words are shown."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in STEERING and not name.startswith("PYTHON")
    }
    with tempfile.TemporaryDirectory(prefix="vsm-gate-") as nowhere:
        done = subprocess.run(command, cwd=nowhere, env=kept, check=False)
    if done.returncode:
        words = " ".join(command[:4])
        raise failed(f"it could not be installed: `{words} …` ended with {done.returncode}")


def failed(message: str, code: int = UNREADABLE) -> SystemExit:
    """What ends the step, with an annotation that says why."""
    print(f"::error title=vsm-gate cannot judge::{message}", flush=True)
    return SystemExit(code)


if __name__ == "__main__":
    main()
