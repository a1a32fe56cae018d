"""Ways of tampering with a history branch, each rewriting it as someone with access could."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.support.repository import Repository

from vsm_gate.history.record import Record, canonical, digest, parse, path_of

BRANCH = "vsm-history"


@dataclass
class Commit:
    """A commit as it is to be written again: its files, its message and its time."""

    files: dict[str, bytes]
    message: str
    time: int
    id: str = ""


class History:
    """The branch, read whole into memory, to be changed and written again.

    `key`: who writes signs with it.
    """

    def __init__(self, repository: Repository, key: Path | None = None) -> None:
        self.repository = repository
        self.key = key
        self._blobs: dict[str, bytes] = {}
        self.commits = [self._read(line) for line in self._ids()]

    def _ids(self) -> list[str]:
        return self.repository.git("rev-list", "--reverse", BRANCH).splitlines()

    def _read(self, commit: str) -> Commit:
        lines = self.repository.git("ls-tree", "-r", commit).splitlines()
        found = (line.replace("\t", " ").split(" ", 3)[2:] for line in lines)
        files = {name: self._blob(oid, name) for oid, name in found}
        shown = self.repository.git("log", "-1", "--format=%ct %s", commit)
        time, _, message = shown.partition(" ")
        return Commit(files, message, int(time), commit)

    def _blob(self, oid: str, name: str) -> bytes:
        if oid not in self._blobs:
            content = self.repository.git("cat-file", "blob", oid).encode()
            self._blobs[oid] = content + (b"" if name.endswith(".json") else b"\n")
        return self._blobs[oid]

    def write(self, *, first: int = 0, parents: dict[int, list[str]] | None = None) -> None:
        """Write the commits from `first` on again, and move the branch to the last one."""
        parent = self.commits[first - 1].id if first else None
        for number, commit in enumerate(self.commits[first:], first):
            above = (parents or {}).get(number, [parent] if parent else [])
            commit.id = parent = self._write(commit, above)
        self.repository.git("update-ref", f"refs/heads/{BRANCH}", parent or "")

    def _write(self, commit: Commit, parents: list[str]) -> str:
        git = self.repository.git
        index = {"GIT_INDEX_FILE": str(self.repository.path / ".git" / "tampering")}
        git("read-tree", "--empty", env=index)
        known = {content: oid for oid, content in self._blobs.items()}
        entries = []
        for name, content in commit.files.items():
            oid = known.get(content) or git("hash-object", "-w", "--stdin", stdin=content)
            self._blobs[oid] = content
            entries.append(f"100644 {oid}\t{name}\n")
        git("update-index", "--index-info", env=index, stdin="".join(entries).encode())
        tree = git("write-tree", env=index)
        date = {
            "GIT_AUTHOR_DATE": f"{commit.time} +0000",
            "GIT_COMMITTER_DATE": f"{commit.time} +0000",
        }
        above = [word for parent in parents for word in ("-p", parent)]
        signing = ["-c", "gpg.format=ssh", "-c", f"user.signingKey={self.key}"]
        before, signed = (signing, ["-S"]) if self.key else ([], [])
        message = commit.message
        return git(*before, "commit-tree", *signed, *above, "-m", message, tree, env=date)


Tampering = Callable[[History, Random], None]


def change(found: Record, **fields: object) -> Record:
    """A record with other fields, and the id that follows from them."""
    return Record.of({**found.document, **fields})


def _loose(commit: Commit) -> list[str]:
    return sorted(name for name in commit.files if name.startswith("records/"))


def _sealed(commit: Commit) -> list[str]:
    return sorted(name for name in commit.files if name.startswith("sealed/"))


def edit(history: History, random: Random) -> None:
    """Change a record in a commit on top."""
    last = history.commits[-1]
    name = random.choice(_loose(last))
    files = dict(last.files)
    files[name] = change(parse(files[name]), verdict="warn").content
    _on_top(history, files)


def edit_and_rename(history: History, random: Random) -> None:
    """Put another record in the place of one, under the name that it would have."""
    last = history.commits[-1]
    files = dict(last.files)
    name = random.choice(_loose(last))
    other = change(parse(files.pop(name)), verdict="warn")
    files[path_of(other)] = other.content
    _on_top(history, files)


def delete(history: History, random: Random) -> None:
    """Take a record away."""
    files = dict(history.commits[-1].files)
    del files[random.choice(_loose(history.commits[-1]))]
    _on_top(history, files)


def misname(history: History, random: Random) -> None:
    """Add a record under the name of another one."""
    last = history.commits[-1]
    name = random.choice(_loose(last))
    added = change(parse(last.files[name]), number=random.randrange(10**6, 10**7))
    _on_top(history, {**last.files, name[:-17] + "0" * 12 + ".json": added.content})


def redate(history: History, random: Random) -> None:
    """Record something today in a day long past."""
    last = history.commits[-1]
    old = parse(last.files[random.choice(_loose(last))])
    added = change(old, time=f"2026-10-{random.randint(10, 20)}T10:00:00Z")
    _on_top(history, {**last.files, path_of(added): added.content})


def foreign(history: History, random: Random) -> None:
    """Add a file that is no record."""
    name = random.choice(["README", "records/2026/note.txt", "sealed/2026/11/32.jsonl", "FORMAT2"])
    _on_top(history, {**history.commits[-1].files, name: b"hello\n"})


def invalid(history: History, random: Random) -> None:
    """Add something under a right name that is no record."""
    last = history.commits[-1]
    document = parse(last.files[random.choice(_loose(last))]).document
    content = canonical({**document, "schema": "something else"})
    named = Record(digest(content), document)
    _on_top(history, {**last.files, path_of(named): content})


def reformat(history: History, random: Random) -> None:
    """Change the file FORMAT."""
    _on_top(history, {**history.commits[-1].files, "FORMAT": b"vsm-gate/history/v0\n"})


def edit_sealed(history: History, random: Random) -> None:
    """Change a line of a sealed day."""
    last = history.commits[-1]
    name = random.choice(_sealed(last))
    lines = last.files[name].splitlines()
    lines[0] = change(parse(lines[0]), verdict="warn").content
    _on_top(history, {**last.files, name: b"".join(line + b"\n" for line in lines)})


def truncate_sealed(history: History, random: Random) -> None:
    """Seal a day with a record less, and write the rest of the branch again."""
    number = _sealing(history, random)
    name = (set(_sealed(history.commits[number])) - set(_sealed(history.commits[number - 1]))).pop()
    for commit in history.commits[number:]:
        commit.files[name] = b"".join(commit.files[name].splitlines(keepends=True)[1:])
    history.write(first=number)


def swap_sealed(history: History, random: Random) -> None:
    """Put the lines of a sealed day into another order."""
    number = _sealing(history, random)
    name = (set(_sealed(history.commits[number])) - set(_sealed(history.commits[number - 1]))).pop()
    for commit in history.commits[number:]:
        commit.files[name] = b"".join(commit.files[name].splitlines(keepends=True)[::-1])
    history.write(first=number)


def _sealing(history: History, random: Random) -> int:
    return random.choice(
        [n for n, commit in enumerate(history.commits) if commit.message.startswith("Seal")]
    )


def rewrite(history: History, random: Random) -> None:
    """Take a record out of the past and write all that came later again."""
    number = random.randrange(1, len(history.commits) - 1)
    while history.commits[number].message.startswith("Seal"):
        number -= 1
    gone = set(_loose(history.commits[number])) - set(_loose(history.commits[number - 1]))
    path = min(gone) if gone else "FORMAT"
    content = history.commits[number].files[path]
    for commit in history.commits[number:]:
        commit.files.pop(path, None)
        for name in _sealed(commit):
            commit.files[name] = commit.files[name].replace(content + b"\n", b"")
    history.write(first=number)


def reorder(history: History, random: Random) -> None:
    """Exchange two commits of the past that only add, and write the rest again."""
    places = [
        n
        for n in range(2, len(history.commits) - 1)
        if not any(history.commits[m].message.startswith("Seal") for m in (n - 1, n))
    ]
    number = random.choice(places)
    before, first, second = history.commits[number - 2 : number + 1]
    added = {k: v for k, v in second.files.items() if k not in first.files}
    kept = {k: v for k, v in first.files.items() if k not in before.files}
    first.files = {**before.files, **added}
    second.files = {**first.files, **kept}
    history.write(first=number - 1)


def redate_commit(history: History, random: Random) -> None:
    """Give a commit of the past another time, and write all that came later again."""
    number = random.randrange(1, len(history.commits) - 4)
    history.commits[number].time += random.choice((-1, 1)) * random.randrange(1, 5_000)
    history.write(first=number)


def begin_anew(history: History, random: Random) -> None:
    """Begin the branch anew with a commit that has all files of the old one."""
    history.commits = history.commits[-1:]
    history.write()


def merge(history: History, random: Random) -> None:
    """Merge something into the branch."""
    last = history.commits[-1]
    other = history.repository.git("rev-parse", "main")
    history.commits.append(Commit(dict(last.files), "Merge", last.time))
    number = len(history.commits) - 1
    history.write(first=number, parents={number: [last.id, other]})


def _on_top(history: History, files: dict[str, bytes]) -> None:
    last = history.commits[-1]
    history.commits.append(Commit(files, "Record something", last.time + 60))
    history.write(first=len(history.commits) - 1)


WAYS: tuple[Tampering, ...] = (
    edit, edit_and_rename, delete, misname, redate, foreign, invalid, reformat, edit_sealed,
    truncate_sealed, swap_sealed, rewrite, reorder, redate_commit, begin_anew, merge,
)  # fmt: skip
