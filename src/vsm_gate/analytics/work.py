"""What kinds of work there are (Kersten, Project to Product, 2018), and what calls them so."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = {
    "feature": ("feat", "feature", "features", "enhancement", "story", "improvement"),
    "defect": ("fix", "bug", "bugfix", "defect", "hotfix", "revert", "regression", "incident"),
    "risk": ("security", "sec", "risk", "compliance", "vulnerability", "dependencies", "deps"),
    "debt": (
        "debt", "tech-debt", "technical-debt", "techdebt", "refactor", "refactoring", "chore",
        "docs", "documentation", "test", "tests", "build", "ci", "perf", "style", "maintenance",
    ),
}  # fmt: skip

# The name of a label, or the type of a conventional commit, in small letters → the kind of work.
KINDS_OF_WORK: Final[dict[str, str]] = {name: work for work in _NAMES for name in _NAMES[work]}

# https://www.conventionalcommits.org/en/v1.0.0/: a type, a scope in brackets, `!`, a colon.
_CONVENTIONAL: Final = re.compile(r"([A-Za-z][A-Za-z-]{0,30})(?:\([^()]{0,80}\))?!?: ")


def conventional_type(subject: str) -> str | None:
    """The type of a conventional commit, in small letters; None where the subject is none."""
    found = _CONVENTIONAL.match(subject)
    if found is None:
        return "revert" if subject.startswith('Revert "') else None
    return found[1].lower()
