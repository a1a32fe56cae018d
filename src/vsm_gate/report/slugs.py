"""File names for teams: safe on any file system, and never the same for two names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,50}")
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)


def slug(name: str) -> str:
    """A file name for a name. What had to be changed carries sixteen digits of the digest.

    A changed name has `--` before its digest, and no name that has `--` is left as it is: a plain
    name can therefore not be chosen to collide with a changed one.
    """
    plain = _PLAIN.fullmatch(name) is not None and "--" not in name and name not in _RESERVED
    if plain:
        return name
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    stem = _UNSAFE.sub("-", name.lower()).strip("-")[:40].rstrip("-") or "team"
    return f"{stem}--{mark}"


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Name → file name."""
    return {name: slug(name) for name in names}
