"""git, run without touching the user's checkout."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

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
            raise _failure(arguments, done.returncode, done.stderr)
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
        with self._start(arguments) as process, ThreadPoolExecutor(1) as beside:
            said = beside.submit(process.stderr.read) if process.stderr else None
            if process.stdout:
                # Whoever stops early must not leave git waiting for a reader.
                with process.stdout:
                    yield from iter(partial(process.stdout.read, _CHUNK), b"")
            if process.wait():
                raise _failure(arguments, process.returncode, said.result() if said else b"")

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**self.environment, **_ENVIRONMENT},
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or the folder does not exist") from None


def _failure(arguments: Sequence[str], code: int, said: bytes) -> GitError:
    """The error of a git that failed: its command, past any `-c`, the last that it said, and the
    first error before that, which is often the cause.
    """
    command = next(
        word
        for before, word in zip(("", *arguments), arguments, strict=False)
        if "-c" not in {before, word}
    )
    lines = said.decode("utf-8", "replace").strip().splitlines()
    causes = [line for line in lines[:-1] if line.startswith("error:")][:1]
    return GitError(f"git {command} failed: {'; '.join([*causes, *lines[-1:]]) or code}")
