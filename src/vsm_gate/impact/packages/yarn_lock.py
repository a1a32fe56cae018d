"""Yarn's `yarn.lock`, of the classic and of later versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "Yarn lock"

_NAME: Final = re.compile(r"^\"?((?:@[^/@\s\"]+/)?[^@\s\",]+)@([^\n]*):[ \t]*$")
_VERSION: Final = re.compile(r"^  version:? \"?([^\"\s]+)\"?[ \t]*$")


def wants(path: str) -> bool:
    """The lock file."""
    return named(path, "yarn.lock")


def read(text: str) -> Packages:
    """What is installed; members of the workspace are left out."""
    if text.strip() and "yarn lockfile" not in text[:300] and "__metadata" not in text:
        raise ValueError("it has neither of Yarn's heads: it is not what Yarn writes")
    return collected(_entries(text))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    name = ""
    for line in text.splitlines():
        head = _NAME.match(line)
        version = _VERSION.match(line)
        if head:
            name = "" if "@workspace:" in line else head[1]
        elif version and name:
            yield name, version[1]
