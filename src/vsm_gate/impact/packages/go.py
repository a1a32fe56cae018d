"""Go's `go.mod` and `go.sum`. A module of version 2 and up is called with its version left out."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "Go modules"

_COMMENT: Final = re.compile(r"//[^\n]*")
_REQUIRED: Final = re.compile(
    r"^[ \t]*+(?:require[ \t]++)?([^\s()]++)[ \t]++(v\d\S*)[ \t\r]*$", re.MULTILINE
)
_SUM: Final = re.compile(r"^(\S+) (v[^\s/]+) h1:", re.MULTILINE)
_MAJOR: Final = re.compile(r"(?:/|\.)v\d+$")


def wants(path: str) -> bool:
    """The module and its sums."""
    return named(path, "go.mod", "go.sum")


def read(text: str) -> Packages:
    """The modules that are required, or whose sums are known."""
    found = _SUM.findall(text) or _REQUIRED.findall(_COMMENT.sub("", text))
    return collected((_MAJOR.sub("", name), version) for name, version in found)
