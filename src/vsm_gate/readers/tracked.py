"""The files that git tracks, indexed so that a path can be found by its last parts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Final

FEW: Final = 32

_AFTER_ALL: Final = "\U0010ffff"


class TrackedFiles:
    """The files of the repository (`git ls-files`), indexed once for any number of reports.

    `go_modules` maps the module path of each `go.mod` to the folder that it lies in.
    """

    def __init__(self, paths: Iterable[str], go_modules: Mapping[str, str] | None = None) -> None:
        self.exact = View({path: path for path in paths if not path.endswith("/")}, str)
        self.go_modules = dict(go_modules or {})

    @cached_property
    def folded(self) -> View:
        """The same without regard to case; paths that differ by nothing else are left out."""
        fold = str.casefold
        counts = Counter(map(fold, self.exact.by_key))
        return View({fold(p): p for p in self.exact.by_key if counts[fold(p)] == 1}, fold)


class View:
    """Tracked paths by a key that is made of a path, and by the longest suffix of it."""

    def __init__(self, by_key: dict[str, str], key_of: Callable[[str], str]) -> None:
        self.by_key = by_key
        self._key_of = key_of

    def get(self, path: str) -> str | None:
        """The tracked file of that path."""
        return self.by_key.get(self._key_of(path))

    def has_all(self, paths: Iterable[str]) -> bool:
        """Whether every path is a key as it stands."""
        return self.by_key.keys() >= set(paths)

    @cached_property
    def _backwards(self) -> list[str]:
        """Keys with their folders in reverse order, sorted: a common suffix is now a prefix."""
        return sorted(map(_reversed, self.by_key))

    def longest(self, path: str) -> tuple[int, list[str]]:
        """How many of a path's last parts the best tracked files share, and those files: all of
        them, but no more than a few.
        """
        keys = self._backwards
        wanted = _reversed(self._key_of(path))
        place = bisect_left(keys, wanted)
        near = keys[max(0, place - 1) : place + 1]
        shared = max((_shared(wanted, key) for key in near), default=0)
        if not shared:
            return 0, []
        prefix = wanted[:shared]
        first = bisect_left(keys, prefix)
        last = bisect_left(keys, prefix + _AFTER_ALL)
        found = (_reversed(key)[:-1] for key in keys[first : min(last, first + FEW)])
        return prefix.count("/"), [self.by_key[key] for key in found]


def _reversed(path: str) -> str:
    return "/".join(reversed(path.removesuffix("/").split("/"))) + "/"


def _shared(mine: str, other: str) -> int:
    """Length of the common prefix of two reversed paths, in whole folders."""
    end = 0
    for at, (left, right) in enumerate(zip(mine, other, strict=False)):
        if left != right:
            break
        if left == "/":
            end = at + 1
    return end
