"""What SimpleCov's two formats share: a count a line, null where there is no code."""

from __future__ import annotations

from typing import Final

from vsm_gate.model.coverage import FileCoverage
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_list, as_whole

IGNORED: Final = "ignored"


def mark_lines(marker: Marker, file: FileCoverage, counts: object) -> None:
    """Counts from line 1 on. Null and `"ignored"` (`# :nocov:`) are not coverable."""
    for line, count in enumerate(as_list(counts, "`lines`"), 1):
        if count is not None and count != IGNORED:
            marker.mark(file, line, as_whole(count, "a line's count") > 0)
