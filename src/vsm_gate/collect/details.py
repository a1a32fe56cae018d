"""What the sensitive files of a change do: their texts from git, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vsm_gate.collect.blobs import Blob, blobs_at, contents, text_of
from vsm_gate.collect.change import at_root
from vsm_gate.git import Git
from vsm_gate.impact.details.contract import Versions
from vsm_gate.impact.details.registry import details, wanted
from vsm_gate.model.change import Change
from vsm_gate.model.impact import Detail

MAX_SIZE: Final = 4 << 20
MAX_LOCK: Final = 16 << 20
MAX_TOTAL: Final = 64 << 20
MAX_FILES: Final = 500


def find_details(
    git: Git, change: Change, sensitive: Mapping[str, Sequence[str]]
) -> tuple[Detail, ...]:
    """What the sensitive files do; one that is too large, too many or no text is said to be."""
    classes = wanted(sensitive)
    return details(sensitive, _versions(at_root(git), change, classes)) if classes else ()


def _versions(
    git: Git, change: Change, classes: Mapping[str, str]
) -> Iterator[Versions | tuple[str, str]]:
    """Each file before and after, or the reason why it is not read."""
    moved = {file.path: file.old_path for file in change.files if file.old_path}
    left = set(moved.values()) - {file.path for file in change.files}
    paths = sorted(classes.keys() - left)
    befores = {path: moved.get(path) or path for path in paths}
    base = blobs_at(git, change.base, sorted(set(befores.values())))
    head = blobs_at(git, change.tested, paths)
    chosen: list[tuple[str, Blob | None, Blob | None]] = []
    room = MAX_TOTAL
    for path in paths:
        before, after = base.get(befores[path]), head.get(path)
        sizes = [blob.size for blob in (before, after) if blob]
        limit = MAX_LOCK if classes[path] == "dependencies" else MAX_SIZE
        if max(sizes, default=0) > limit:
            yield path, f"it is larger than {limit >> 20} MB"
        elif len(chosen) == MAX_FILES or sum(sizes) > room:
            yield path, "there are too many sensitive files to read them all"
        elif sizes:
            chosen.append((path, before, after))
            room -= sum(sizes)
    yield from _read(git, chosen)


def _read(
    git: Git, chosen: Sequence[tuple[str, Blob | None, Blob | None]]
) -> Iterator[Versions | tuple[str, str]]:
    blobs = [blob for _, *both in chosen for blob in both if blob]
    texts = (text_of(content) for content in contents(git, blobs))
    for path, before, after in chosen:
        old = next(texts) if before else None
        new = next(texts) if after else None
        if (before and old is None) or (after and new is None):
            yield path, "it is no text"
        else:
            yield Versions(path, old, new)
