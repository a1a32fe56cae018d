"""A sample that anybody can draw again, and nobody can steer once the seed is chosen.

Each change has the rank `SHA-256("SEED:COMMIT")`, as hexadecimal digits; the sample is the N
changes with the lowest ranks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from heapq import nsmallest


def rank(seed: str, commit: str) -> str:
    """The rank of a commit, 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{commit}".encode("utf-8", "surrogateescape")).hexdigest()


def draw(commits: Iterable[str], number: int, seed: str) -> list[str]:
    """`number` of the commits, in order of their ranks; all of them where there are fewer."""
    return nsmallest(number, commits, key=lambda commit: rank(seed, commit))
