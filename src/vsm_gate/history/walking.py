"""The commits of a branch from its root on, with what each of them changes."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.environment import said
from vsm_gate.history.objects import Objects
from vsm_gate.history.verification import Change, Step, Walk

_AT_ONCE: Final = 1_000
_CHUNK: Final = 1 << 20


def walk(git: Git, objects: Objects, head: str, result: Walk) -> None:
    """Check every commit from the root to `head`, in one pass, and add to what is known."""
    for batch in _batches(_steps(git, head)):
        wanted = {
            change.new
            for step in batch
            for change in step.changes
            if change.status != "D" and change.mode.startswith("100")
        }
        contents = dict(zip(wanted, objects.find_all(wanted), strict=True))
        for step in batch:
            result.take(step, contents)


def _batches(steps: Iterator[Step]) -> Iterator[list[Step]]:
    """Commits in lots that change some hundred files, so that their contents fit in memory."""
    batch: list[Step] = []
    files = 0
    for step in steps:
        batch.append(step)
        files += len(step.changes) + 1
        if files >= _AT_ONCE:
            yield batch
            batch, files = [], 0
    yield batch


def _steps(git: Git, head: str) -> Iterator[Step]:
    """Commits, parents first, each with its changes against its first parent."""
    listing = git.run("rev-list", "--parents", "--timestamp", "--topo-order", "--reverse", head)
    commits = [line.split() for line in listing.decode("ascii").splitlines()]
    _require_whole(git, commits[0][1])
    pairs = "".join(" ".join(words[1:3]) + "\n" for words in commits).encode()
    for words, changes in zip(commits, _changes(git, pairs, len(commits)), strict=True):
        when = datetime.fromtimestamp(int(words[0]), UTC)
        yield Step(words[1], tuple(words[2:]), when, changes)


def _changes(git: Git, pairs: bytes, count: int) -> Iterator[tuple[Change, ...]]:
    """The changes of each `commit parent` (or root) of a list, in its order."""
    arguments = ["diff-tree", "--stdin", "-z", "-r", "--root", "--raw", "--no-renames"]
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as errors:
        asked.write(pairs)
        asked.seek(0)
        process = subprocess.Popen(
            ["git", *arguments, "--no-abbrev", "--always"],
            cwd=git.folder,
            env=dict(git.environment),
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        with process:
            if process.stdout is None:
                raise HistoryError("git was started without a pipe")
            yield from _grouped(_items(process.stdout), count)
        if process.returncode:
            errors.seek(0)
            raise HistoryError(f"the history cannot be read: {said(errors.read())}")


def _items(stream: IO[bytes]) -> Iterator[str]:
    """Items that end with NUL."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *items, rest = (rest + chunk).split(b"\0")
        yield from (item.decode("utf-8", "surrogateescape") for item in items)


def _grouped(items: Iterator[str], count: int) -> Iterator[tuple[Change, ...]]:
    """`commit`, then `:mode mode blob blob status`, `path`, and so on, for each commit."""
    changes: list[Change] = []
    begun = 0
    for item in items:
        if item.startswith(":"):
            _, mode, _, new, status = item[1:].split()
            changes.append(Change(next(items), status[0], mode, new))
        else:
            if begun:
                yield tuple(changes)
            begun += 1
            changes = []
    if begun != count:
        raise HistoryError(f"the history cannot be read: git told of {begun} of {count} commits")
    yield tuple(changes)


def _require_whole(git: Git, root: str) -> None:
    """Raise `HistoryError` where a shallow clone cuts the branch."""
    if b"\nparent " in git.run("cat-file", "commit", root).partition(b"\n\n")[0]:
        raise HistoryError(
            f"the history is cut at {root}: the clone is shallow",
            hint="git fetch --unshallow, or verify the remote with --history-remote",
        )
