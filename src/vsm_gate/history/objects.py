"""git objects, read and written through two long-lived processes instead of one for each."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.environment import Settings, with_settings

BLOB_MODE: Final = "100644"
TREE_MODE: Final = "40000"
_AHEAD: Final = 256

Changes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree."""

    mode: str
    oid: str

    @property
    def is_tree(self) -> bool:
        """Whether it is a folder."""
        return self.mode == TREE_MODE


class _Process:
    """A git that answers over its pipes."""

    def __init__(self, git: Git, *arguments: str) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (it lives as long as the process)
        self._process = subprocess.Popen(
            ["git", *arguments],
            cwd=git.folder,
            env=dict(git.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )

    def send(self, content: bytes) -> None:
        """Write a question."""
        try:
            _open(self._process.stdin).write(content)
            _open(self._process.stdin).flush()
        except OSError:
            raise self._ended() from None

    def line(self) -> bytes:
        """The next line of the answer, without its end."""
        line = _open(self._process.stdout).readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        return line[:-1]

    def object(self) -> bytes | None:
        """One answer of `cat-file --batch`: `<oid> <type> <size>`, the content, a line end.

        None where it is `<oid> missing`.
        """
        head = self.line().split()
        if len(head) != 3:
            return None
        size = int(head[2])
        content = _open(self._process.stdout).read(size + 1)
        if len(content) != size + 1:
            raise self._ended()
        return content[:size]

    def stop(self) -> None:
        """End it, whatever it is at."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                _open(stream).close()
        self._process.wait()
        self._said.close()

    def _ended(self) -> HistoryError:
        """The error of a process that ended early, with what it said last."""
        self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else f"git ended with {self._process.returncode}"
        return HistoryError(f"the history cannot be read or written: {reason}")


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise HistoryError("git was started without pipes")
    return stream


class Objects:
    """The objects of one repository. Names that are given to it are object ids."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self.signing: Settings = ()  # git settings to sign commits with; none: they are not signed
        self._processes: dict[str, _Process] = {}
        self.close = weakref.finalize(self, _stop, self._processes)

    def forget(self) -> None:
        """Begin anew with what is there now: the repository was replaced by another one."""
        _stop(self._processes)

    def read(self, oid: str) -> bytes:
        """Content of an object. Raises `HistoryError` where it is missing or damaged."""
        return next(self.read_all([oid]))

    def read_all(self, oids: Iterable[str]) -> Iterator[bytes]:
        """Contents of objects, in order, streamed."""
        for oid, content in self._answers(oids):
            yield _there(oid, content)

    def find_all(self, oids: Iterable[str]) -> Iterator[bytes | None]:
        """Contents of objects, in order; None for one that is missing or damaged."""
        wanted = iter(oids)
        while lot := list(islice(wanted, _AHEAD)):
            for oid, content in self._answers_or_none(lot):
                whole = content is not None and object_id("blob", content, len(oid)) == oid
                yield content if whole else None

    def stream(self, oids: Iterable[str]) -> Iterator[bytes]:
        """As `read_all`, one object in memory at a time, and git unpacks ahead."""
        process = _Process(self._git, "cat-file", "--batch")
        wanted = iter(oids)
        try:
            while asked := list(islice(wanted, _AHEAD)):
                process.send("".join(f"{oid}\n" for oid in asked).encode())
                for oid in asked:
                    yield _there(oid, process.object())
        finally:
            process.stop()

    def _answers_or_none(self, oids: list[str]) -> list[tuple[str, bytes | None]]:
        """Answers one by one where git ends over a damaged object."""
        try:
            return list(self._answers(oids))
        except HistoryError:
            if len(oids) == 1:
                return [(oids[0], None)]
            return [answer for oid in oids for answer in self._answers_or_none([oid])]

    def _answers(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        wanted = iter(oids)
        while asked := list(islice(wanted, _AHEAD)):
            process = self._process("cat-file", "--batch")
            try:
                process.send("".join(f"{oid}\n" for oid in asked).encode())
                contents = [process.object() for _ in asked]
            except HistoryError:
                _stop(self._processes)  # its other answers may still be in the pipe
                raise
            yield from zip(asked, contents, strict=True)

    def tree(self, oid: str) -> dict[str, Entry]:
        """Entries of a tree by name."""
        content = self.read(oid)
        width = len(oid) // 2
        entries: dict[str, Entry] = {}
        at = 0
        while at < len(content):
            blank, end = content.index(b" ", at), content.index(b"\0", at)
            name = content[blank + 1 : end].decode("utf-8", "surrogateescape")
            mode = content[at:blank].decode("ascii")
            entries[name] = Entry(mode, content[end + 1 : end + 1 + width].hex())
            at = end + 1 + width
        return entries

    def tree_of(self, commit: str) -> str:
        """The root tree of a commit."""
        first = self.read(commit).split(b"\n", 1)[0]
        if not first.startswith(b"tree "):
            raise HistoryError(f"{commit} is no commit")
        return first[5:].decode("ascii")

    def time_of(self, commit: str) -> int:
        """When a commit was made, in seconds since 1970."""
        head = self.read(commit).partition(b"\n\n")[0]
        line = next(each for each in head.split(b"\n") if each.startswith(b"committer "))
        return int(line.split()[-2])

    def write_blobs(self, contents: Sequence[bytes]) -> list[str]:
        """Write blobs; their ids in the same order."""
        with tempfile.TemporaryDirectory(prefix="vsm-gate-") as folder:
            paths = [Path(folder) / str(number) for number in range(len(contents))]
            for path, content in zip(paths, contents, strict=True):
                path.write_bytes(content)
            listing = "".join(f"{path}\n" for path in paths).encode()
            out = self._git.text(
                "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listing
            )
        return out.split()

    def write_tree(self, entries: Mapping[str, Entry]) -> str:
        """Write a tree; its id."""
        process = self._process("mktree", "--batch", "-z", "--missing")
        lines = [_tree_line(name, entry) for name, entry in entries.items()]
        process.send(b"".join(lines) + b"\0")
        return process.line().decode("ascii")

    def edit(self, tree: str | None, changes: Changes) -> str:
        """A tree with files put (path → blob id) or files and folders taken away (None)."""
        steps = {tuple(path.split("/")): oid for path, oid in changes.items()}
        return self._edit(tree, steps) or self.write_tree({})

    def _edit(self, tree: str | None, changes: dict[tuple[str, ...], str | None]) -> str | None:
        entries = {} if tree is None else self.tree(tree)
        below: dict[str, dict[tuple[str, ...], str | None]] = {}
        for (name, *rest), oid in changes.items():
            if rest:
                below.setdefault(name, {})[tuple(rest)] = oid
            elif oid is None:
                entries.pop(name, None)
            else:
                entries[name] = Entry(BLOB_MODE, oid)
        for name, inner in below.items():
            old = entries.get(name)
            new = self._edit(old.oid if old is not None and old.is_tree else None, inner)
            if new is None:
                entries.pop(name, None)
            else:
                entries[name] = Entry(TREE_MODE, new)
        return self.write_tree(entries) if entries else None

    def commit(self, tree: str, parent: str | None, message: str, when: datetime) -> str:
        """Write a commit with our own name on it, signed where `signing` says so; its id."""
        stamp = f"{int(when.timestamp())} +0000"
        environment = {
            **self._git.environment,
            "GIT_AUTHOR_NAME": "vsm-gate",
            "GIT_AUTHOR_EMAIL": "vsm-gate@noreply.invalid",
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_NAME": "vsm-gate",
            "GIT_COMMITTER_EMAIL": "vsm-gate@noreply.invalid",
            "GIT_COMMITTER_DATE": stamp,
        }
        parents = () if parent is None else ("-p", parent)
        git = Git(self._git.folder, with_settings(environment, self.signing))
        signed = ("-S",) if self.signing else ()
        return git.text("commit-tree", *signed, *parents, tree, stdin=f"{message}\n".encode())

    def _process(self, *arguments: str) -> _Process:
        process = self._processes.get(arguments[0])
        if process is None:
            process = _Process(self._git, *arguments)
            self._processes[arguments[0]] = process
        return process


def object_id(kind: str, content: bytes, width: int) -> str:
    """The id of an object, where ids have `width` digits (40: SHA-1, 64: SHA-256)."""
    made = hashlib.sha256 if width == 64 else hashlib.sha1
    head = f"{kind} {len(content)}\0".encode("ascii")
    return made(head + content, usedforsecurity=False).hexdigest()


def _there(oid: str, content: bytes | None) -> bytes:
    if content is None:
        raise HistoryError(
            f"the history cannot be read: object {oid} is missing",
            hint="`git fsck` tells what else is; fetch it again from where it is whole",
        )
    return content


def _tree_line(name: str, entry: Entry) -> bytes:
    kind = {TREE_MODE: "tree", "160000": "commit"}.get(entry.mode, "blob")
    line = f"{entry.mode} {kind} {entry.oid}\t{name}\0"
    return line.encode("utf-8", "surrogateescape")


def _stop(processes: dict[str, _Process]) -> None:
    for process in processes.values():
        process.stop()
    processes.clear()
