"""Make the virtual environment of this checkout, with nothing but Python's standard library.

Debian's python3 cannot make one by itself: without python3-venv, an installed pip makes up for it,
and failing that root installs the package.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

MINIMUM = (3, 11)


def main() -> None:
    """Create the environment and install the lock into it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, required=True)
    parser.add_argument("--lock", type=Path, required=True)
    options = parser.parse_args()
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or newer is needed, and {sys.executable} is {found}: make PYTHON=…")
    print(f"setting up {options.venv} …", flush=True)
    python = options.venv / "bin" / "python"
    if not python.exists():
        create(options.venv)
    # uv resolves nothing here, it only installs in parallel; pip brings it, pinned by hash
    quiet = [os.fspath(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*quiet, "--require-hashes", "-r", "requirements/uv.txt"])
    uv = [os.fspath(options.venv / "bin" / "uv"), "pip", "install", "--quiet"]
    uv += ["--python", os.fspath(python)]
    run([*uv, "--require-hashes", "-r", os.fspath(options.lock)])
    run([*uv, "--no-deps", "--no-build-isolation", "--editable", "."])


def create(venv: Path) -> None:
    """A virtual environment that has pip."""
    if not importlib.util.find_spec("ensurepip"):
        if importlib.util.find_spec("pip"):
            run([sys.executable, "-m", "venv", "--without-pip", os.fspath(venv)])
            python = os.fspath(venv / "bin" / "python")
            run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "pip"])
            return
        if os.geteuid() or not shutil.which("apt-get"):
            sys.exit("this Python cannot make virtual environments: install python3-venv")
        print("installing python3-venv, which Debian's python3 lacks …", flush=True)
        run(["apt-get", "-qq", "update"])
        run(["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "python3-venv"])
    run([sys.executable, "-m", "venv", os.fspath(venv)])


def run(command: list[str]) -> None:
    """Run a command; where it fails, its own words are the message."""
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
