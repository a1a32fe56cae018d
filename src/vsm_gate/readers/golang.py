"""What the two outputs of `go test` have in common: subtests, and what a failed test said."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.model.tests import Outcome
from vsm_gate.readers.attempts import Case
from vsm_gate.readers.cases import line_number

RESULTS: Final = {
    "pass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
}
_PLACE: Final = re.compile(r"\s+(?P<file>[^\s:]+\.go):(?P<line>\d+): (?P<message>.*)")
_FRAMING: Final = ("=== ", "--- ")


def mark_parents(test: str, marked: set[str]) -> None:
    """Mark all tests that this one is a subtest of."""
    at = test.rfind("/")
    while at > 0 and (parent := test[:at]) not in marked:
        marked.add(parent)
        at = parent.rfind("/")


def failed_case(package: str, test: str, output: list[str]) -> Case:
    """A failed test with what it said; the last place that it names is where it failed."""
    lines = [line for line in output if not line.lstrip().startswith(_FRAMING)]
    said = "".join(lines)
    case = Case(classname=package, name=test, text=said, message=said.strip().partition("\n")[0])
    places = (place for line in reversed(lines) if (place := _PLACE.match(line)))
    if place := next(places, None):
        case.seen_in, case.message = place["file"], place["message"]
        case.line = line_number(place["line"])
    return case
