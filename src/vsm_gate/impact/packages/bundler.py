"""Bundler's `Gemfile.lock`."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected

NAME: Final = "Bundler lock"

_GEM: Final = re.compile(r"^    ([A-Za-z0-9][\w.-]*) \(([^)\s]+)\)\r?$", re.MULTILINE)


def wants(path: str) -> bool:
    """Lock files."""
    return path.rpartition("/")[2] in {"Gemfile.lock", "gems.locked"}


def read(text: str) -> Packages:
    """The gems that are locked."""
    return collected(_GEM.findall(text))
