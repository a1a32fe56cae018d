"""How far apart two versions of a package are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import Final

_NUMBERS: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})*")


def numbers(version: str) -> tuple[int, ...]:
    """The first numbers in a version or a range; none where there are none."""
    match = _NUMBERS.search(version)
    return tuple(map(int, match[0].split("."))) if match else ()


def line_of(version: str) -> tuple[int, ...]:
    """What may not change without breaking: the major version, before 1.0 the minor one too.

    Semantic Versioning promises nothing before 1.0; Cargo and npm take the minor one for it.
    """
    found = numbers(version)
    if found[:1] == (0,):
        return found[:2] if found[1:2] != (0,) else found[:3]
    return found[:1]


def newest(versions: Iterable[str]) -> str:
    """The highest of some versions."""
    return max(versions, key=lambda version: (numbers(version), version))


def is_major(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether a package comes in a higher line of versions than any that was there."""
    old, new = line_of(newest(before)), line_of(newest(after))
    return bool(old) and bool(new) and new > old


def is_lower(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether the highest version is lower than it was; 1.0 is the same as 1.0.0."""
    old, new = numbers(newest(before)), numbers(newest(after))
    if not old or not new:
        return False
    return any(a < b for a, b in islice(_apart(new, old), 1))


def _apart(first: tuple[int, ...], second: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """The places in which two versions differ."""
    return ((a, b) for a, b in zip_longest(first, second, fillvalue=0) if a != b)
