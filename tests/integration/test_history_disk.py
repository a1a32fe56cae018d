"""A disk that is full or read-only: it is said, nothing half is left, and the next run mends it."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.ledgers import bare_machine, checkout, numbers, opened, record, server
from tests.support.places import public_folder

_APPEND = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from vsm_gate.errors import HistoryError
from vsm_gate.history.ledger import Ledger, Options
from vsm_gate.history.record import parse
from vsm_gate.history.store import Pauses

def append(repository, remote, content):
    ledger = Ledger.open(
        Path(repository), remote=remote or None, environment=dict(os.environ),
        now=datetime(2026, 11, 22, 10, tzinfo=UTC), options=Options(pauses=Pauses(lambda _: None)),
    )
    ledger.append([parse(content.encode())])

def tried(*arguments):
    try:
        append(*arguments)
    except HistoryError as problem:
        return [problem.message, problem.hint]
    return "recorded"
"""
_READ_ONLY = f"{_APPEND}\nprint(json.dumps(tried(*sys.argv[1:])))"
_FULL = f"""{_APPEND}
disk, *arguments = sys.argv[1:]
junk = os.path.join(disk, "junk")
with open(junk, "wb", buffering=0) as stream:
    try:
        while True:
            stream.write(bytes(512))
    except OSError:
        pass
full = tried(*arguments)
os.unlink(junk)
print(json.dumps([full, tried(*arguments)]))
"""


def run(
    script: str, *arguments: str, before: tuple[str, ...] = (), **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    return subprocess.run(
        [*before, sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that any user of the machine may look into."""
    with public_folder("vsm-gate-test-") as folder:
        yield folder


@pytest.mark.parametrize("where", ["own", "server"])
def test_a_read_only_place_is_an_error_that_says_so(place: Path, where: str) -> None:
    """Root may write everywhere: as root the test gives up the right to."""
    work, bare = checkout(place / "work"), server(place / "history.git")
    env = bare_machine(place)
    kept = work if where == "own" else bare
    for folder in (kept.path, *kept.path.rglob("*")):
        folder.chmod(folder.stat().st_mode & ~0o222 | stat.S_IROTH)
    scratch = place / "scratch"
    scratch.mkdir()
    scratch.chmod(0o777)
    remote = "" if where == "own" else f"file://{bare.path}"
    trust = place / "gitconfig"
    trust.write_text("[safe]\n\tdirectory = *\n", "utf-8")
    settings = {
        **env,
        "GIT_CONFIG_GLOBAL": str(trust),
        "TMPDIR": str(scratch),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    modest = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    before = modest if os.geteuid() == 0 else ()
    content = record(1).content.decode()
    done = run(_READ_ONLY, str(work.path), remote, content, before=before, env=settings)
    for folder in (kept.path, *kept.path.rglob("*")):
        folder.chmod(folder.stat().st_mode | stat.S_IWUSR)
    assert done.returncode == 0, done.stderr
    message, hint = json.loads(done.stdout)
    said = {"own": "written: .*permission", "server": "pushed: .*unable to create"}[where]
    assert re.search(f"cannot be {said}", message), message
    assert hint
    opened(kept.path, env).append([record(1)])
    assert numbers(opened(kept.path, env)) == [1]


def _small_disk(folder: Path) -> tuple[str, ...]:
    """The command before another one that gives it a small disk in a folder."""
    mount = f'mount -t tmpfs -o size=2m none "{folder}"'
    namespace = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "-r", "--mount")
    before = (*namespace, "sh", "-c", f'{mount} && exec "$@"', "sh")
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not there: install util-linux")
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a disk cannot be mounted here: it takes root, or user namespaces")
    return before


@pytest.mark.parametrize("where", ["own", "server"])
def test_a_full_disk_is_an_error_that_says_so_and_is_mended_by_the_next_run(
    place: Path, where: str
) -> None:
    disk = place / "disk"
    disk.mkdir()
    before = _small_disk(disk)
    env = bare_machine(place)
    work, bare = checkout(place / "work"), server(place / "history.git")
    copied = work.path if where == "own" else bare.path
    repository = f"{disk}/copy" if where == "own" else str(work.path)
    remote = "" if where == "own" else f"file://{disk}/copy"
    settings = {**env, "PYTHONPATH": os.pathsep.join(sys.path)}
    content = record(1).content.decode()
    prepared = (*before, "sh", "-c", f'cp -r "{copied}" "{disk}/copy" && exec "$@"', "sh")
    done = run(_FULL, str(disk), repository, remote, content, before=prepared, env=settings)
    assert done.returncode == 0, done.stderr
    (message, hint), after = json.loads(done.stdout)
    assert "space" in message.lower(), message
    assert hint
    assert after == "recorded"
