"""pip's requirement and constraint files."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected

NAME: Final = "pip requirements"

_FILE: Final = re.compile(
    r"(?:.*/)?(?:requirements|constraints)[^/]*\.txt|(?:.*/)?requirements/[^/]+\.txt"
)
_CONTINUED: Final = re.compile(r"\\\r?\n")
REQUIREMENT: Final = re.compile(
    r"[ \t]*+([A-Za-z0-9][A-Za-z0-9._-]*+)(?:[ \t]*+\[[^\]\n]*+\])?[ \t]*+([^;#\n]*)"
)


def wants(path: str) -> bool:
    """Files of the usual names."""
    return _FILE.fullmatch(path) is not None


def read(text: str) -> Packages:
    """The packages that are asked for by name; those by address, and options, are left out."""
    lines = _CONTINUED.sub(" ", text).splitlines()
    return collected(found for line in lines if (found := requirement(line)) is not None)


def requirement(line: str) -> tuple[str, str] | None:
    """The normal name and the range of a requirement; None where a line is none by name."""
    match = REQUIREMENT.match(line)
    if match is None or line.lstrip().startswith("-") or "://" in line.partition("@")[0]:
        return None
    name = re.sub(r"[-_.]+", "-", match[1]).lower()
    return name, match[2].partition(" --")[0].strip() or "any"
