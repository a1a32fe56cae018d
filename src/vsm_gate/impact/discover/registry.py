"""The table of formats, the most telling first: where two disagree, the earlier one is believed."""

from __future__ import annotations

from typing import Final, cast

from vsm_gate.impact.discover import (
    bazel,
    cargo,
    catalog,
    compose,
    golang,
    gradle,
    maven,
    node,
    nx,
    python,
    turbo,
)
from vsm_gate.impact.discover.contract import Format

FORMATS: Final = cast(
    "tuple[Format, ...]",
    (catalog, nx, turbo, bazel, node, python, cargo, golang, maven, gradle, compose),
)
ENDINGS: Final = (
    ".json",
    ".jsonl",
    ".dot",
    ".yaml",
    ".yml",
    ".toml",
    ".xml",
    ".gradle",
    ".kts",
    "go.mod",
    "go.work",
)
