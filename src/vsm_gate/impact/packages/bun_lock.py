"""Bun's `bun.lock`: a list of packages, each on a line of its own."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "Bun lock"

_ENTRY: Final = re.compile(
    r"^ {4}\"[^\"\n]+\": \[\"((?:@[^/@\"\n]+/)?[^/@\"\n]+)@(\d[^\"\n]*)\"", re.MULTILINE
)


def wants(path: str) -> bool:
    """The lock file in text; the binary one cannot be read."""
    return named(path, "bun.lock")


def read(text: str) -> Packages:
    """What is installed from a registry."""
    if "lockfileVersion" not in text:
        raise ValueError("it names no lockfileVersion: it is not what Bun writes")
    return collected(_ENTRY.findall(text))
