"""The first-parent line: which commits each change carried, and which files it touched."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from vsm_gate.change.history import says_fix
from vsm_gate.collect.change import OWN_ATTRIBUTES, SPELT_OUT
from vsm_gate.git import Git
from vsm_gate.model.change import FileChange

_AGAINST_FIRST_PARENT: Final = ("--diff-merges=first-parent", "--root", "--no-show-signature", "-z")
_LOG: Final = (*OWN_ATTRIBUTES, "log", *_AGAINST_FIRST_PARENT, *SPELT_OUT, "--format=%x01%H")
_AHEAD: Final = 16
_COMMITS: Final = ("log", "-z", "--no-show-signature", "--no-color")
_FORMAT: Final = "--format=%H%x01%P%x01%ct%x01%aE%x01%B"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its parents, its time in seconds, who wrote it (in memory only), whether it says
    that it fixes a defect.
    """

    parents: tuple[str, ...]
    time: int
    author: str
    is_fix: bool


@dataclass(frozen=True, slots=True)
class Landed:
    """A change of the line, by its commit there: whoever wrote the last commit that it merged is
    its author; it is a fix where one of its commits says so.
    """

    commit: str
    time: int
    author: str
    is_fix: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """A file that a change touched; `old` is its former path where it was renamed."""

    path: str
    old: str | None = None


def commits(git: Git, tips: Sequence[str], without: Sequence[str] = ()) -> dict[str, Commit]:
    """All commits reachable from `tips` and not from `without`."""
    asked = (*_COMMITS, _FORMAT, *tips, *(f"^{commit}" for commit in without), "--")
    found = {}
    for part in _parts(git.stream(*asked)):
        name, parents, time, author, message = part.split("\x01", 4)
        found[name] = Commit(tuple(parents.split()), int(time), author.lower(), says_fix(message))
    return found


def authors(git: Git, names: Iterable[str]) -> dict[str, str]:
    """Who wrote each of these changes of the line."""
    parents: dict[str, tuple[str, ...]] = {}
    wrote: dict[str, str] = {}
    ask = list(dict.fromkeys(names))
    for again in (True, False):
        stdin = "".join(f"{name}\n" for name in ask).encode()
        command = (*_COMMITS, "--no-walk=unsorted", "--stdin", "--format=%H%x01%P%x01%aE")
        out = git.text(*command, stdin=stdin) if ask else ""
        for part in filter(None, out.split("\0")):
            name, above, author = part.split("\x01", 2)
            wrote[name] = author.lower()
            if again:
                parents[name] = tuple(above.split())
        ask = [above[1] for above in parents.values() if len(above) > 1]
    return {
        name: wrote.get(above[1], wrote[name]) if len(above) > 1 else wrote[name]
        for name, above in parents.items()
    }


def landed(graph: Mapping[str, Commit], tip: str) -> list[Landed]:
    """The changes of the first-parent line up to `tip`, oldest first, as far as `graph` has them.

    A commit belongs to the first change that carried it.
    """
    line: list[str] = []
    current: str | None = tip
    while current is not None and current in graph:
        line.append(current)
        current = next(iter(graph[current].parents), None)
    carried = set(line)
    changes = []
    for name in reversed(line):
        own = graph[name]
        is_fix, ahead = own.is_fix, list(own.parents[1:])
        while ahead:
            commit = ahead.pop()
            if commit in graph and commit not in carried:
                carried.add(commit)
                is_fix = is_fix or graph[commit].is_fix
                ahead.extend(graph[commit].parents)
        wrote = graph.get(own.parents[1], own) if len(own.parents) > 1 else own
        changes.append(Landed(name, own.time, wrote.author, is_fix))
    return changes


def touches(git: Git, tip: str, without: str | None) -> Iterator[tuple[str, list[Touch]]]:
    """What each change of the line touched, oldest first, down to and without a commit of it."""
    stop = () if without is None else (f"^{without}",)
    asked = (*_LOG, "--first-parent", "--reverse", "--name-status", tip, *stop, "--")
    parts = _parts(_ahead(git.stream(*asked)))
    name = ""
    files: list[Touch] = []
    for part in parts:
        if part.startswith("\x01"):
            if name:
                yield name, files
            name, files = part[1:], []
            continue
        status = part.lstrip("\n")
        if status.startswith(("R", "C")):
            old = next(parts)
            files.append(Touch(next(parts), old))
        elif status:
            files.append(Touch(next(parts)))
    if name:
        yield name, files


def line_names(git: Git, tip: str, count: int = -1) -> Iterator[str]:
    """The newest commits of the first-parent line up to `tip`, newest first; -1: all."""
    rest = b""
    for chunk in git.stream("rev-list", "--first-parent", f"--max-count={count}", tip, "--"):
        *names, rest = (rest + chunk).split(b"\n")
        yield from (name.decode("ascii") for name in names)


def sizes(git: Git, names: Sequence[str]) -> dict[str, list[FileChange]]:
    """The files of each of these changes, with the lines that it added to and deleted from them."""
    if not names:
        return {}
    stdin = "".join(f"{name}\n" for name in names).encode()
    out = git.run(*_LOG, "--no-walk=unsorted", "--stdin", "--numstat", stdin=stdin)
    parts = iter(out.decode("utf-8", "surrogateescape").split("\0"))
    found: dict[str, list[FileChange]] = {}
    files: list[FileChange] = []
    for part in parts:
        if part.startswith("\x01"):
            files = found.setdefault(part[1:], [])
        elif part:
            added, deleted, path = part.lstrip("\n").split("\t", 2)
            if not path:
                _, path = next(parts), next(parts)
            lines = (0, 0) if added == "-" else (int(added), int(deleted))
            files.append(FileChange(path, "modified", *lines, binary=added == "-"))
    return found


def _ahead(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, some of them read while the one before is worked on: git need not wait."""
    with ThreadPoolExecutor(1) as beside:
        reading = deque(beside.submit(next, chunks, b"") for _ in range(_AHEAD))
        while chunk := reading.popleft().result():
            reading.append(beside.submit(next, chunks, b""))
            yield chunk


def _parts(chunks: Iterator[bytes]) -> Iterator[str]:
    """The parts of a stream in which each ends with NUL (the last may not)."""
    rest = b""
    for chunk in chunks:
        whole, end, rest_of = chunk.rpartition(b"\0")
        if not end:
            rest += chunk
            continue
        yield from (rest + whole).decode("utf-8", "surrogateescape").split("\0")
        rest = rest_of
    if rest:
        yield rest.decode("utf-8", "surrogateescape")
