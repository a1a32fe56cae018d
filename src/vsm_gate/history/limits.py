"""What forges bear: a word of warning before a branch comes to it. Pure.

GitHub refuses files of 100 MiB, and advises at most 3,000 entries in a folder, 5,000 branches and
10 GB on disk; others refuse repositories of 4 GB, or advise 1 GB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

MIB: Final = 1 << 20
GIB: Final = 1 << 30
LARGEST_FILE: Final = 90 * MIB  # what is larger is not written
_LARGE_FILE: Final = 50 * MIB
_WIDE_FOLDER: Final = 2_400
_MANY_REFS: Final = 4_000
_LARGE_BRANCH: Final = GIB
_LESS: Final = "`history: {shards: 16}` or a branch a repository takes less on each"


def of_day(day: date, size: int) -> Iterator[str]:
    """Of a sealed day's file."""
    if size >= _LARGE_FILE:
        yield (
            f"the records of {day} come to {_shown(size)}, and forges refuse files of 100 MiB: "
            f"{_LESS}"
        )


def of_folders(repositories: Iterable[str]) -> Iterator[str]:
    """Of the folders of an open day, from the folder of each of its records."""
    for repository, count in sorted(Counter(repositories).items()):
        if count >= _WIDE_FOLDER:
            yield (
                f"{count:,} records of {repository} in one day, and forges advise at most 3,000 "
                f"entries in a folder: {_LESS}"
            )


def of_refs(count: int, what: str) -> Iterator[str]:
    """Of refs: those that wait in the inbox, or all that a repository has."""
    if count >= _MANY_REFS:
        yield f"{count:,} {what}, and forges advise at most 5,000 refs"


def of_branch(size: int) -> Iterator[str]:
    """Of all that a branch takes on disk."""
    if size >= _LARGE_BRANCH:
        yield (
            f"the branch takes {_shown(size)}, and forges advise at most 1 to 10 GB: "
            "begin another one (`history: {branch: …}`), and read both with `history sync`"
        )


def _shown(size: int) -> str:
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{size / MIB:.0f} MiB"
