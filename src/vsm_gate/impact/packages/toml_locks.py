"""Lock files of Cargo, uv, Poetry and PDM: a table `[[package]]` with name and version for each."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "Cargo, uv, Poetry or PDM lock"

# They are written by tools, line by line; as TOML a large one takes seconds.
_PACKAGE: Final = re.compile(
    r"^\[\[package\]\]\r?\nname = \"([^\"\n]+)\"\r?\nversion = \"([^\"\n]+)\"", re.MULTILINE
)


def wants(path: str) -> bool:
    """Lock files of these tools."""
    return named(path, "Cargo.lock", "uv.lock", "poetry.lock", "pdm.lock")


def read(text: str) -> Packages:
    """The packages that have a version."""
    found = collected(_PACKAGE.findall(text))
    if not found and "[[package]]" in text:
        raise ValueError("its packages are not written as the tool writes them")
    return found
