"""Which of very many patterns match a path.

Patterns are told apart by what is fixed in them, so that a path is held only against those that
stand for one of its own folders, its name or its suffix. A hundred thousand components cost a
look-up for each folder of the path, and only patterns that could match are ever compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from vsm_gate.globs import compile_glob

_WILD: Final = re.compile(r"[*?\[]")


@dataclass(slots=True)
class PatternIndex:
    """Globs of `vsm_gate.globs`, each with the number that stands for it."""

    _exact: dict[str, list[int]] = field(default_factory=dict)
    _below: dict[str, list[int]] = field(default_factory=dict)
    _named: dict[str, list[int]] = field(default_factory=dict)
    _suffixed: dict[str, list[int]] = field(default_factory=dict)
    _globs: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def add(self, pattern: str, number: int) -> None:
        """Let `number` stand for the paths that `pattern` matches."""
        glob = clean(pattern)
        folder = glob.removesuffix("/**")
        last = glob.removeprefix("**/")
        if not _WILD.search(glob):
            self._exact.setdefault(glob, []).append(number)
        elif glob in {"**", "**/*"}:
            self._below.setdefault("", []).append(number)
        elif folder != glob and not _WILD.search(folder):
            self._below.setdefault(folder, []).append(number)
        elif last != glob and "/" not in last and not _WILD.search(last):
            self._named.setdefault(last, []).append(number)
        elif last != glob and last.startswith("*.") and _is_ending(last[1:]):
            self._suffixed.setdefault(last[1:], []).append(number)
        else:
            self._globs.setdefault(_fixed_folder(glob), []).append((glob, number))

    def matches(self, path: str) -> Iterator[int]:
        """The numbers of the patterns that match a path, in no order, some of them repeated."""
        yield from self._exact.get(path, ())
        yield from self._named.get(path.rpartition("/")[2], ())
        yield from self._suffixed.get(_ending(path), ())
        for folder in folders(path):
            yield from self._below.get(folder, ())
            for glob, number in self._globs.get(folder, ()):
                if self._pattern(glob).fullmatch(path):
                    yield number

    def _pattern(self, glob: str) -> re.Pattern[str]:
        found = self._compiled.get(glob)
        if found is None:
            found = self._compiled[glob] = compile_glob(glob)
        return found


def clean(pattern: str) -> str:
    """A glob without what only marks it as starting at the root; `folder/` is all below it."""
    glob = pattern.removeprefix("./").removeprefix("/")
    return f"{glob}**" if glob.endswith("/") else glob or "**"


def folders(path: str) -> Iterator[str]:
    """The folders above a path, the root (the empty name) first."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _ending(path: str) -> str:
    """From the last dot on, as it is written; the whole name where there is no dot."""
    return "".join(path.rpartition("/")[2].rpartition(".")[1:])


def _is_ending(text: str) -> bool:
    return _ending(text) == text and not _WILD.search(text)


def _fixed_folder(glob: str) -> str:
    """The folder that every match of a glob is in, as far as it is fixed."""
    wild = _WILD.search(glob)
    return glob[: wild.start()].rpartition("/")[0] if wild else glob.rpartition("/")[0]
