"""git, run without touching the user's checkout."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vsm_gate.errors import GitError

# Configuration of the machine must not change what git prints, and nothing may ask for input.
_ENVIRONMENT: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Git:
    """git in a folder, with the environment it is to have.

    Names that come from outside go behind `--` or `--end-of-options`, never where an option
    could be read.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> bytes:
        """Standard output of `git ARGUMENTS`. Raises `GitError` where it fails and `check`."""
        done = self.call(arguments, stdin)
        if check and done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise GitError(f"git {arguments[0]} failed: {said[-1] if said else done.returncode}")
        return done.stdout

    def text(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> str:
        """Standard output as text, without the line end."""
        out = self.run(*arguments, stdin=stdin, check=check)
        return out.decode("utf-8", "surrogateescape").rstrip("\n")

    def ok(self, *arguments: str) -> bool:
        """Whether `git ARGUMENTS` succeeds."""
        return self.call(arguments).returncode == 0

    def call(
        self, arguments: Sequence[str], stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git and return all that came of it. Raises `GitError` where there is no git."""
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                input=stdin,
                capture_output=True,
                env={**self.environment, **_ENVIRONMENT},
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or the folder does not exist") from None
