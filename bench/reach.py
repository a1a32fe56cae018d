"""What a change reaches among 100,000 components with a million dependencies."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.measure import PYTHON, RUNS, Row, Sample

# The components are made first: what is timed, in CPU time, is the reach with its notes alone.
_TASK: Final = """
import random, resource, time
from vsm_gate.impact.reach import reach
from vsm_gate.model.impact import Component

dice = random.Random(1)
names = [f"c{number}" for number in range(100_000)]
components = [
    Component(
        name,
        (f"services/{name}/**",),
        tier=number % 4 + 1,
        depends_on=tuple(names[int(dice.random() * (number + 1))] for _ in range(10)),
    )
    for number, name in enumerate(names)
]
changed = [f"services/c{number}/main.go" for number in range(0, 100_000, 100)]
begun = time.process_time()
found = reach(components, changed)
took = time.process_time() - begun
assert len(found.touched) == 1000 and len(found.reached) > 50_000, len(found.reached)
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def rows(_: Path) -> Iterator[Row]:
    """The fastest of some runs."""
    said = [
        subprocess.run([PYTHON, "-c", _TASK], check=True, capture_output=True, text=True).stdout
        for _ in range(RUNS)
    ]
    runs = [tuple(map(float, line.split())) for line in said]
    ours = Sample(min(run[0] for run in runs), max(run[1] for run in runs))
    yield Row("reach, 100 k components, 1 M edges", ours, "", None, "≤ 1 s", ours.seconds <= 1)
