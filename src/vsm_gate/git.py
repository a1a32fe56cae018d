"""git, run without touching the user's checkout."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final

from vsm_gate.errors import GitError

# Configuration of the machine must not change what git prints, and nothing may ask for input.
_ENVIRONMENT: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_DIFF_OPTS": "",
    "LC_ALL": "C",
}

_CHUNK: Final = 1 << 20


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

    def stream(self, *arguments: str) -> Iterator[bytes]:
        """Standard output of `git ARGUMENTS` in chunks, for what may be larger than memory.

        Raises `GitError` where git fails, after what it printed until then.
        """
        with tempfile.TemporaryFile() as said, self._start(arguments, said) as process:
            if process.stdout is not None:
                yield from iter(partial(process.stdout.read, _CHUNK), b"")
            if process.wait():
                said.seek(0)
                lines = said.read().decode("utf-8", "replace").strip().splitlines()
                what = lines[-1] if lines else process.returncode
                raise GitError(f"git {arguments[0]} failed: {what}")

    def serve(self, *arguments: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a git that answers many questions over its pipes. The caller ends it."""
        return self._start(arguments, said, subprocess.PIPE)

    def _start(
        self, arguments: Sequence[str], said: IO[bytes], stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", *arguments],
                cwd=self.folder,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=said,
                env={**self.environment, **_ENVIRONMENT},
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or the folder does not exist") from None
