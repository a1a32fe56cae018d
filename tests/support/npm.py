"""Data of npm packages, fetched by npm once and kept, cut down to what is in use, in the cache."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def data(package: str, member: str, cut: Callable[[Any], Any], *, kept_as: str) -> tuple[Any, str]:
    """The JSON of a file in a package such as `@scope/name@1.2.3`, after `cut`.

    None, and the reason, where it cannot be had.
    """
    place = _cache() / f"{kept_as}.json"
    with (_cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            content, why = _fetch(package, member)
            if content is None:
                return None, why
            part = place.with_suffix(".part")
            part.write_text(json.dumps(cut(json.loads(content))), "utf-8")
            part.replace(place)
    return json.loads(place.read_text("utf-8")), ""


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(base) / "vsm-gate-tests"
    place.mkdir(parents=True, exist_ok=True)
    return place


@cache
def _fetch(package: str, member: str) -> tuple[bytes | None, str]:
    """A file of a package, or None and the reason; npm is asked once."""
    npm = shutil.which("npm")
    if npm is None:
        return None, "it comes by npm, which is not installed"
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--loglevel=error", "--fetch-retries=1", package]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        archives = list(Path(folder).glob("*.tgz"))
        if not archives:
            return None, f"npm says {done.stderr.strip()[-200:]}"
        with tarfile.open(archives[0]) as archive:
            found = archive.extractfile(f"package/{member}")
            assert found is not None
            return found.read(), ""
