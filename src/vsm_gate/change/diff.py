r"""What git's raw diff and patch say, read as a stream.

The form read is that of `git diff-tree -r -z --raw -p -U0`: first one record a file, its parts
ended by NUL, so that a name may hold anything; then an empty record; then the patches, in the same
order. Of a patch only the places of its hunks are read, never the names in its headers, which
configuration and odd characters change. With `-U0` every line of content begins with `+`, `-` or
`\`, so that nothing a file says can pass for a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from vsm_gate.errors import GitError
from vsm_gate.model.change import FileChange

_MARK: Final = re.compile(
    rb"\n(?:@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@|(diff --git )|(Binary files ))"
)
_STATUS: Final = {"A": "added", "M": "modified", "T": "modified", "D": "deleted", "R": "renamed"}
_SUBMODULE: Final = "160000"
_SYMLINK: Final = "120000"


@dataclass(slots=True)
class _Record:
    """One record of the raw diff, and what its patch adds to it.

    `modes` are of the base and of the head; git writes zeros where there is no file.
    """

    modes: tuple[str, str]
    status: str
    path: str
    old_path: str | None = None
    added: int = 0
    deleted: int = 0
    hunks: list[range] = field(default_factory=list)
    gone: list[range] = field(default_factory=list)
    binary: bool = False

    @property
    def sections(self) -> int:
        """How many patches git prints: a file that becomes a link is deleted and made anew."""
        return 2 if self.status == "T" else 1

    def finish(self) -> FileChange:
        """The file change; of a link or a submodule there are no lines to be covered."""
        text = not self.binary
        plain = text and self.modes[1] not in {_SUBMODULE, _SYMLINK}
        return FileChange(
            path=self.path,
            status=_STATUS[self.status],
            added=self.added if text else 0,
            deleted=self.deleted if text else 0,
            added_lines=tuple(self.hunks) if plain else (),
            deleted_lines=tuple(self.gone) if plain else (),
            old_path=self.old_path,
            binary=self.binary,
            submodule=_SUBMODULE in self.modes,
        )


def parse(diff: Iterable[bytes], *, forced: bool = False) -> tuple[FileChange, ...]:
    """The changed files, sorted by path, of a diff that comes in chunks of any size.

    `forced`: the diff was made with `--text`, and a file is binary if a changed line of it holds
    a NUL. Raises `GitError` where the diff is not of the form that this module reads.
    """
    chunks = iter(diff)
    changes, rest = _records(chunks)
    _patches(changes, _blocks(rest, chunks), forced)
    return tuple(change.finish() for change in sorted(changes, key=lambda change: change.path))


def _records(chunks: Iterator[bytes]) -> tuple[list[_Record], bytes]:
    """The raw records up to the empty one, and the bytes already read behind it."""
    changes: list[_Record] = []
    parts: list[str] = []
    pending = b""
    for chunk in chunks:
        *ended, pending = (pending + chunk).split(b"\0")
        for index, part in enumerate(ended):
            if not part and not parts:
                return changes, b"\0".join((*ended[index + 1 :], pending))
            parts.append(part.decode("utf-8", "surrogateescape"))
            if len(parts) == (3 if parts[0].rpartition(" ")[2].startswith("R") else 2):
                changes.append(_record(parts))
                parts = []
    if parts or pending:
        raise GitError("git's diff ends in the middle of a record")
    return changes, b""


def _record(parts: list[str]) -> _Record:
    fields = parts[0].split(" ")
    if len(fields) != 5 or not fields[0].startswith(":") or fields[4][:1] not in _STATUS:
        raise GitError(f"git's diff has a record that cannot be read: {parts[0][:100]!r}")
    renamed = len(parts) == 3
    return _Record(
        modes=(fields[0].removeprefix(":"), fields[1]),
        status=fields[4][0],
        path=parts[-1],
        old_path=parts[1] if renamed else None,
    )


def _patches(changes: list[_Record], blocks: Iterator[bytes], forced: bool) -> None:
    """Give each change the hunks of its patches."""
    owners = (change for change in changes for _ in range(change.sections))
    current: _Record | None = None
    for block in blocks:
        before = 0
        for mark in _MARK.finditer(block):
            if forced and current is not None:
                current.binary |= block.find(b"\0", before, mark.start()) >= 0
            before = mark.start()
            *places, section, binary = mark.groups()
            if section:
                current = next(owners, None)
            if current is None:
                raise GitError("git's diff has more patches than records")
            if binary:
                current.binary = True
            elif not section:
                _hunk(current, *places)
        if forced and current is not None:
            current.binary |= block.find(b"\0", before) >= 0
    if next(owners, None) is not None:
        raise GitError("git's diff has fewer patches than records")


def _hunk(
    change: _Record, old: bytes, deleted: bytes | None, new: bytes, added: bytes | None
) -> None:
    """One hunk; a count that is not written is 1."""
    gone = range(int(old), int(old) + int(1 if deleted is None else deleted))
    come = range(int(new), int(new) + int(1 if added is None else added))
    change.deleted += len(gone)
    change.added += len(come)
    if gone:
        change.gone.append(gone)
    if come:
        change.hunks.append(come)


def _blocks(rest: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The text again, in blocks that end with whole lines, each with the line end before it."""
    kept = [b"\n", rest]
    for chunk in chunks:
        end = chunk.rfind(b"\n")
        if end < 0:
            kept.append(chunk)
            continue
        yield b"".join((*kept, chunk[:end]))
        kept = [chunk[end:]]
    yield b"".join(kept)
