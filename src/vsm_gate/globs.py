"""Glob patterns over repository paths, translated once into a regular expression.

`*` and `?` stay within a folder, `**` crosses folders, `[abc]` is a set, a trailing `/` means all
that is below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_STAR: Final = "*"
_FOLDERS: Final = "(?:[^/]+/)*?"
_ANYTHING: Final = ".*?"
_SET: Final = re.compile(r"\[([!^]?[^\]]+)\]")
_CROSSING: Final = frozenset({_FOLDERS, _ANYTHING})


@lru_cache(maxsize=4096)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern; it is to be used with `fullmatch`."""
    text = pattern.removeprefix("./")
    if text.endswith("/"):
        text += "**"
    return re.compile(_translate(text.removeprefix("/")), re.DOTALL)


def _translate(text: str) -> str:
    """The expression of a glob, whose time grows with the square of the path at worst.

    Every wildcard but the last takes the least that it can and is never tried again: what a longer
    match would take from the next wildcard, the next can take itself.
    """
    runs: list[tuple[str, list[str]]] = [("", [])]
    for atom in _atoms(text):
        if atom in _CROSSING:
            runs.append((atom, []))
        else:
            runs[-1][1].append(atom)
    *earlier, (wild, last) = runs
    out = [f"(?>{before}{_run(run, tail='[^/]*?')})" for before, run in earlier]
    return f"{''.join(out)}{wild}{_run(last, tail='[^/]*')}"


def _run(atoms: list[str], *, tail: str) -> str:
    """What stands between wildcards that cross folders; the last wildcard in it is `tail`."""
    chunks = [""]
    for atom in atoms:
        if atom == _STAR:
            chunks.append("")
        else:
            chunks[-1] += atom
    first, *rest = chunks
    earlier = "".join(f"(?>[^/]*?{chunk})" for chunk in rest[:-1])
    return f"{first}{earlier}{tail}{rest[-1]}" if rest else first


def _atoms(text: str) -> Iterator[str]:
    """The parts of a glob, each as an expression. No set matches a slash."""
    at = 0
    while at < len(text):
        step = 1
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            step = 3
            yield _FOLDERS
        elif text.startswith("**", at):
            step = 2
            yield _ANYTHING
        elif text[at] == "*":
            yield _STAR
        elif text[at] == "?":
            yield "[^/]"
        elif text[at] == "[" and (inside := _SET.match(text, at)) and (found := _set(inside[1])):
            step = len(inside[0])
            yield found
        else:
            yield re.escape(text[at])
        at += step


def _set(inside: str) -> str | None:
    """The expression of a set, or None where it is none, such as `z-a`. It matches no slash."""
    negated = inside.startswith(("!", "^"))
    members = re.sub(r"[\\\[\]&~|^]|(?<=-)-", r"\\\g<0>", inside[1:] if negated else inside)
    found = f"(?!/)[{'^' if negated else ''}{members}]"
    try:
        re.compile(found)
    except re.error:
        return None
    return found
