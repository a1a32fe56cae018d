"""The commits of a branch from its root on, with what each of them changes."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history import limits
from vsm_gate.history.environment import said
from vsm_gate.history.objects import Objects
from vsm_gate.history.store import told_as_history_error
from vsm_gate.history.verification import Change, Step, Walk, together

if TYPE_CHECKING:
    from vsm_gate.history.replay import Replay

_AT_ONCE: Final = 1_000
_CHUNK: Final = 1 << 20


class Verifier:
    """Every commit of a branch and of its shards, from their roots on."""

    def __init__(self, git: Git, objects: Objects, heads: Sequence[str]) -> None:
        self._git = git
        self._objects = objects
        self._heads = heads

    def walk(self, replay: bool) -> Walk:
        """What is found, all together. With `replay` decisions are made again."""
        replaying = _replaying(self._objects) if replay else None
        with told_as_history_error("the history cannot be read"):
            walks = [self._one(head, replaying) for head in self._heads]
            found = together(walks)
            if replaying is not None:
                found.faults += replaying.faults()
                found.replayed = replaying.result
            self._measure(found)
        return found

    def _one(self, head: str, replaying: Replay | None) -> Walk:
        """One branch. What a record of it saw may be a commit of another one."""
        others = [other for other in self._heads if other != head]
        elsewhere = self._git.text("rev-list", *others).split() if others else ()
        result = Walk(elsewhere=frozenset(elsewhere))
        if replaying is not None:
            result.observe = replaying.see
        for batch in _batches(_steps(self._git, head)):
            wanted = {
                change.new
                for step in batch
                for change in step.changes
                if change.status != "D" and change.mode.startswith("100")
            }
            contents = dict(zip(wanted, self._objects.find_all(wanted), strict=True))
            for step in batch:
                result.take(step, contents)
        return result

    def _measure(self, found: Walk) -> None:
        """Warn of what nears a forge's limits."""
        size = self._git.text(
            "rev-list", "--disk-usage", "--objects", *self._heads, check=False
        )  # none where an object is missing, which is a fault
        found.warnings += limits.of_branch(int(size or 0))
        refs = len(self._git.text("for-each-ref", "--format=.").splitlines())
        found.warnings += limits.of_refs(refs, "refs")


def _replaying(objects: Objects) -> Replay:
    from vsm_gate.history.replay import Replay

    return Replay(objects)


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
