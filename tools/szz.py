"""Which changes brought the defects that later commits fixed: SZZ (Śliwerski et al., MSR 2005).

A commit whose title says that it fixes a defect deletes or changes lines; `git blame` says which
commit each of these lines came from, and that commit's change is said to have brought the defect.
Tests, documentation, generated and vendored files do not count, nor do blank lines, comments and
lone brackets; blame ignores white space. A fix of many files or lines is left out: it is taken to
be something else as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from vsm_gate.change.paths import is_generated, is_test, is_vendored, suffix
from vsm_gate.collect.line import Commit
from vsm_gate.git import Git

CODE: Final = re.compile(
    r"\.(?:pyi?|pyx|[jt]sx?|[mc]js|go|java|kt|scala|[ch]|cc|[ch]pp|cs|rb|rs|swift|php)"
)
_MOST_FILES: Final = 20
_MOST_LINES: Final = 500
_TRIVIAL: Final = re.compile(r"\s*(?:$|#|//|\*|/\*|\"\"\"|'''|[\]})({\[;,]+\s*$)")
_HUNK: Final = re.compile(r"@@ -(\d+)")
_BLAMED: Final = re.compile(r"^([0-9a-f]{40}) \d+ \d+", re.MULTILINE)
_DIFF: Final = ("diff-tree", "-p", "-U0", "-w", "--no-color", "--no-ext-diff", "--no-textconv",
                "--find-renames=50%", "--diff-filter=MR", "--no-commit-id")  # fmt: skip


def induced(git: Git, graph: Mapping[str, Commit], carrier: Mapping[str, str]) -> dict[str, int]:
    """Change → when the first fix of a defect that it brought landed, in seconds.

    `carrier` says by which change of the line each commit landed.
    """
    fixes = [
        name
        for name, commit in graph.items()
        if commit.is_fix and len(commit.parents) == 1 and name in carrier
    ]
    found: dict[str, int] = {}
    with ThreadPoolExecutor(2) as pool:
        for fix, blamed in zip(fixes, pool.map(partial(_blamed, git), fixes), strict=True):
            landed = graph[carrier[fix]].time
            for change in {carrier[name] for name in blamed if name in carrier} - {carrier[fix]}:
                found[change] = min(found.get(change, landed), landed)
    return found


def _blamed(git: Git, fix: str) -> set[str]:
    """The commits that the lines come from which a fix deletes or changes."""
    files = _deleted(git.text(*_DIFF, fix, "--"))
    found: set[str] = set()
    if len(files) > _MOST_FILES:
        return found
    for path, lines in files.items():
        if len(lines) <= _MOST_LINES:
            asked = [f"-L{line},{line}" for line in lines]
            out = git.text("blame", "-w", "-s", "-l", "--porcelain", *asked, f"{fix}^", "--", path)
            found.update(_BLAMED.findall(out))
    return found


def _deleted(diff: str) -> dict[str, list[int]]:
    """The lines of code, by file before the fix, that a diff without context deletes."""
    found: dict[str, list[int]] = {}
    path, number = "", 0
    for line in diff.split("\n"):
        if line.startswith("diff --git"):
            path = ""
        elif line.startswith("--- a/"):
            named = line[6:].rstrip("\t")
            path = named if is_code(named) else ""
        elif match := _HUNK.match(line):
            number = int(match[1])
        elif path and line.startswith("-"):
            if not _TRIVIAL.match(line[1:]):
                found.setdefault(path, []).append(number)
            number += 1
    return found


def is_code(path: str) -> bool:
    """Whether a file is one whose lines can be blamed."""
    return CODE.fullmatch(suffix(path)) is not None and not (
        is_test(path) or is_generated(path) or is_vendored(path)
    )
