"""What the JSON of gcov and of gcovr share: a line an instance, with counts and branches."""

from __future__ import annotations

from typing import Any

from vsm_gate.model.coverage import FileCoverage
from vsm_gate.readers.marking import Marker
from vsm_gate.readers.strict import as_list, as_object, as_whole


def mark_file(marker: Marker, entry: dict[str, Any]) -> None:
    """The lines of one file. A line stands there once for each function or template instance that
    it belongs to; it is covered if any instance ran it, and so is the nth outcome of its branches.
    """
    file = marker.report.file(str(entry.get("file")))
    for found in as_list(entry.get("lines", []), "`lines`"):
        line = as_object(found, "a line")
        if not line.get("gcovr/noncode") and not line.get("gcovr/excluded"):
            _mark_line(marker, file, line)


def _mark_line(marker: Marker, file: FileCoverage, line: dict[str, Any]) -> None:
    number = as_whole(line.get("line_number"), "a line number")
    marker.mark(file, number, as_whole(line.get("count"), "a line's count") > 0)
    for place, found in enumerate(as_list(line.get("branches", []), "`branches`")):
        branch = as_object(found, "a branch")
        if not branch.get("gcovr/excluded"):
            hit = as_whole(branch.get("count"), "a branch's count") > 0
            marker.outcome(file, number, (number, place), hit)
