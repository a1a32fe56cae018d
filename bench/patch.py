"""Patch coverage: a report of 5,000 files, a change of 200 of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.data import CHANGED, FILES, cobertura, lcov, repository
from bench.measure import PYTHON, Row, measure

_OURS: Final = """
import os, sys
from pathlib import Path
from vsm_gate.change.patch import patch_coverage
from vsm_gate.collect.change import find_change, tracked_files
from vsm_gate.collect.reports import Pattern, collect
from vsm_gate.git import Git
from vsm_gate.model.change import Context
from vsm_gate.normalize import normalize
git = Git(Path.cwd(), dict(os.environ))
change = find_change(git, Context("bench/bench", base_ref="main"))
tracked = tracked_files(git)
found = normalize(collect(Path.cwd(), [Pattern("coverage", sys.argv[1])], tracked), tracked)
patch = patch_coverage(change, found.coverage)
print(patch.covered, patch.coverable)
"""


def rows(folder: Path) -> Iterator[Row]:
    """Against diff-cover on the same report and the same diff."""
    checkout = repository(folder / "repository")
    diff_cover = str(Path(sys.executable).parent / "diff-cover")
    for make, name, least in ((cobertura, "cobertura.xml", 4.0), (lcov, "lcov.info", 3.0)):
        make(checkout / name)
        ours = measure([PYTHON, "-c", _OURS, name], folder=checkout)
        theirs = measure([diff_cover, name, "--compare-branch=main"], folder=checkout)
        ratio = theirs.seconds / ours.seconds
        memory = " and ≤ 60 MB" if least == 4.0 else ""
        yield Row(
            f"patch coverage, {name}, {FILES:,} files, {CHANGED} changed",
            ours,
            "diff-cover",
            theirs,
            f"≥ {least:g}× faster{memory}",
            ratio >= least and (not memory or ours.megabytes <= 60),
        )
