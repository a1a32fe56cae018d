"""Mutation tests of what decides a verdict: `make mutants`.

`mutmut` changes one thing at a time in the files that pyproject.toml names, in a copy under
`mutants/`, and runs the tests that reach it. What no test notices is shown; some minutes.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

# What a mutant that never ends may take until its time is over.
_MEMORY = 4 * 1024**3
MUTMUT = [sys.executable, "-m", "mutmut"]


def main() -> int:
    """Run from scratch, show every survivor. Returns 1 where there is one."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    folder = Path("mutants")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    log = folder / "mutmut.log"
    with log.open("wb") as stream:
        code = subprocess.run([*MUTMUT, "run"], stdout=stream, check=False).returncode
    if code:
        print(f"mutmut ended with {code}: see {log}", file=sys.stderr)
        return code
    survivors = list(_survivors())
    for name in survivors:
        shown = subprocess.run([*MUTMUT, "show", name], capture_output=True, text=True, check=True)
        changed = (line for line in shown.stdout.splitlines() if line.startswith(("+", "-")))
        print(name, *(line for line in changed if line[:3] not in {"+++", "---"}), sep="\n  ")
    print(f"{len(survivors)} survived")
    return 1 if survivors else 0


def _survivors() -> list[str]:
    done = subprocess.run([*MUTMUT, "results"], capture_output=True, text=True, check=True)
    pairs = (line.strip().rpartition(": ") for line in done.stdout.splitlines())
    return [name for name, _, state in pairs if state in {"survived", "no tests"}]


if __name__ == "__main__":
    sys.exit(main())
