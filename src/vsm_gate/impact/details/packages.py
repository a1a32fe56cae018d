"""Manifests and lock files: the packages that come, go and change, and the major bumps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.packages.contract import Packages
from vsm_gate.impact.packages.registry import format_of
from vsm_gate.impact.packages.versions import is_lower, is_major, newest

NAME: Final = "packages"
CLASS: Final = "dependencies"

_NAMED: Final = 10


def wants(path: str) -> bool:
    """Every format of packages."""
    return format_of(path) is not None


def find(file: Versions) -> Iterator[Finding | Unread]:
    """Major bumps and steps back each by name, the rest counted and the first of it named."""
    form = format_of(file.path)
    if form is None:
        return
    try:
        before = form.read(file.base) if file.base is not None else {}
        after = form.read(file.head) if file.head is not None else {}
    except ValueError as problem:
        yield Unread(str(problem))
        return
    yield from _compared(before, after)


def _compared(before: Packages, after: Packages) -> Iterator[Finding]:
    added = sorted(after.keys() - before.keys())
    removed = sorted(before.keys() - after.keys())
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    major = [name for name in changed if is_major(before[name], after[name])]
    lower = [name for name in changed if is_lower(before[name], after[name])]
    for what, names in (("a major version up", major), ("a step back", lower)):
        for name in names[:_NAMED]:
            yield Finding(f"{_moved(name, before, after)}: {what}", "warning")
        if len(names) > _NAMED:
            yield Finding(f"{len(names) - _NAMED} more packages: {what}", "warning")
    minor = [name for name in changed if name not in {*major, *lower}]
    for verb, names in (("adds", added), ("removes", removed), ("changes", minor)):
        if names:
            yield Finding(_listed(verb, names, after if verb == "adds" else {}))


def _moved(name: str, before: Packages, after: Packages) -> str:
    return f"`{name}` {newest(before[name])} → {newest(after[name])}"


def _listed(verb: str, names: Sequence[str], versions: Packages) -> str:
    shown = ", ".join(
        f"`{name}`" + (f" {newest(versions[name])}" if name in versions else "")
        for name in names[:_NAMED]
    )
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    packages = "package" if len(names) == 1 else "packages"
    return f"{verb} {len(names)} {packages}: {shown}{more}"
