"""Real git repositories, made quickly and always the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from vsm_gate.git import Git

FIRST_SECOND: Final = 1_700_000_000
IDENTITY: Final = {
    "GIT_AUTHOR_NAME": "A Developer",
    "GIT_AUTHOR_EMAIL": "developer@example.com",
    "GIT_COMMITTER_NAME": "A Developer",
    "GIT_COMMITTER_EMAIL": "developer@example.com",
}


def clean_environment(home: Path) -> dict[str, str]:
    """An environment with an identity and with nothing of this machine's configuration in it."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "SYSTEMROOT"}}
    return {
        **kept,
        **IDENTITY,
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


class Repository:
    """A git repository in a folder. What changes it returns it, so that calls can be chained.

    Commits have a fixed identity, and dates a minute apart: the same calls make the same ids.
    """

    def __init__(self, path: Path, *, branch: str = "main", create: bool = True) -> None:
        self.path = path
        self.environment = clean_environment(path.parent)
        self._commits = 0
        if create:
            path.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", f"--initial-branch={branch}")

    @property
    def client(self) -> Git:
        """The repository as the code under test sees it."""
        return Git(self.path, self.environment)

    def git(
        self, *arguments: str | bytes, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> str:
        """Standard output of git, without the line end at its end."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            env={**self.environment, **(env or {})},
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, path: str, content: str | bytes = "") -> Repository:
        """Write a file, with its folders."""
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return self

    def link(self, path: str, target: str) -> Repository:
        """Make a symbolic link in place of whatever is there."""
        self.remove(path)
        (self.path / path).symlink_to(target)
        return self

    def remove(self, path: str) -> Repository:
        """Remove a file, if it is there."""
        (self.path / path).unlink(missing_ok=True)
        return self

    def move(self, path: str, to: str) -> Repository:
        """Move a file."""
        target = self.path / to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).rename(target)
        return self

    def commit(
        self,
        message: str = "Change",
        *,
        env: Mapping[str, str] | None = None,
        ignored: bool = True,
    ) -> str:
        """Commit all that is in the work tree, also where nothing changed. Returns the id.

        `ignored`: with the files that `.gitignore` names.
        """
        self.git("add", "--all", *(["--force"] if ignored else []))
        return self._commit(("commit", "--quiet", "--allow-empty", "-m", message), env)

    def merge(self, *branches: str, message: str = "Merge") -> str:
        """Merge branches into this one with a merge commit. Returns its id."""
        return self._commit(("merge", "--quiet", "--no-ff", "-m", message, *branches), None)

    def _commit(self, command: tuple[str, ...], env: Mapping[str, str] | None) -> str:
        self._commits += 1
        moment = f"{FIRST_SECOND + 60 * self._commits} +0000"
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        self.git(*command, env={**dates, **(env or {})})
        return self.head

    @property
    def head(self) -> str:
        """The id of the commit that is checked out."""
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str, at: str = "HEAD") -> Repository:
        """Make a branch and check it out."""
        self.git("checkout", "--quiet", "-b", name, at)
        return self

    def checkout(self, what: str) -> Repository:
        """Check out a branch or a commit."""
        self.git("checkout", "--quiet", what)
        return self

    def hook(self, name: str, script: str) -> Path:
        """Let git run a shell script on an occasion of this name. Returns its file."""
        file = self.path / self.git("rev-parse", "--git-path", f"hooks/{name}")
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o755)
        return file

    def clone(self, path: Path, *options: str) -> Repository:
        """Clone by git's own protocol, as from another machine; `--depth=1` works."""
        self.git("clone", "--quiet", *options, "--", self.path.as_uri(), str(path))
        return Repository(path, create=False)
