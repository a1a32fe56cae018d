"""Files as a commit has them, many in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vsm_gate.git import Git

_ARGUMENTS: Final = 500  # paths on one command line
_LISTED: Final = ("--literal-pathspecs", "ls-tree", "-z", "--long", "--full-tree")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: its id and size in bytes."""

    oid: str
    size: int


def blobs_at(git: Git, commit: str, paths: Sequence[str]) -> dict[str, Blob]:
    """The files of these paths that a commit has; neither links nor submodules."""
    found: dict[str, Blob] = {}
    for at in range(0, len(paths), _ARGUMENTS):
        listed = git.run(*_LISTED, commit, "--", *paths[at : at + _ARGUMENTS])
        for entry in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]:
            about, _, path = entry.partition("\t")
            mode, kind, oid, size = about.split()
            if kind == "blob" and mode != "120000":
                found[path] = Blob(oid, int(size))
    return found


def contents(git: Git, blobs: Sequence[Blob]) -> Iterator[bytes]:
    """The contents of blobs, in their order."""
    if not blobs:
        return
    asked = "".join(f"{blob.oid}\n" for blob in blobs).encode()
    answer = memoryview(git.run("cat-file", "--batch", stdin=asked))
    at = 0
    for blob in blobs:
        at += len(f"{blob.oid} blob {blob.size}\n")
        yield bytes(answer[at : at + blob.size])
        at += blob.size + 1


def text_of(content: bytes) -> str | None:
    """Text, in UTF-8 or in UTF-16 with its mark; None where it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return None if b"\0" in content[:8000] else content.decode("utf-8-sig", "replace")
