"""JUnit XML: a million cases in one file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.data import CASES, junit
from bench.measure import PYTHON, Row, measure

_FLOOR: Final = """
import sys
from xml.parsers import expat
parser = expat.ParserCreate()
parser.StartElementHandler = lambda name, attributes: None
with open(sys.argv[1], "rb") as stream:
    parser.ParseFile(stream)
"""
_JUNITPARSER: Final = """
import sys
if sys.argv[2] == "without":
    sys.modules["lxml"] = None
from junitparser import JUnitXml
print(sum(1 for suite in JUnitXml.fromfile(sys.argv[1]) for case in suite))
"""


def rows(folder: Path) -> Iterator[Row]:
    """Against the floor that CPython sets, and against junitparser."""
    file = str(junit(folder / "junit.xml"))
    ours = measure([PYTHON, "-m", "vsm_gate", "inspect", "--format", "json", file])
    floor = measure([PYTHON, "-c", _FLOOR, file])
    work = f"JUnit XML, {CASES:,} cases, with identities"
    yield Row(
        work,
        ours,
        "expat with one empty handler",
        floor,
        "≤ 2× its time, ≤ 100 MB",
        ours.seconds <= 2 * floor.seconds and ours.megabytes <= 100,
    )
    peer = measure([PYTHON, "-c", _JUNITPARSER, file, "without"], runs=1)
    faster = peer.seconds / ours.seconds
    yield Row(work, ours, "junitparser", peer, "≥ 2.5× faster", faster >= 2.5)
    with_lxml = measure([PYTHON, "-c", _JUNITPARSER, file, "with"], runs=1)
    yield Row(work, ours, "junitparser, with lxml installed", with_lxml, "", met=True)
