"""Elixir's `mix.lock`."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "Mix lock"

_ENTRY: Final = re.compile(r"^\s*+\"([^\"\n]+)\": \{:hex, :[\w\"]+, \"([^\"\n]+)\"", re.MULTILINE)


def wants(path: str) -> bool:
    """The lock file."""
    return named(path, "mix.lock")


def read(text: str) -> Packages:
    """The packages from Hex."""
    return collected(_ENTRY.findall(text))
