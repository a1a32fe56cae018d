"""What the two outputs of `go test` have in common: subtests, and what a failed test said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vsm_gate.model.tests import MAX_TEXT, Outcome
from vsm_gate.readers.attempts import Case
from vsm_gate.readers.cases import line_number
from vsm_gate.readers.contract import ReadError

RESULTS: Final = {
    "pass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
}
# The tab is lost where the text was copied from a terminal.
UNBUILT: Final = re.compile(r"FAIL(?:\t| {4})(?P<name>\S+) \[(?:build|setup) failed\]")
_PLACE: Final = re.compile(r"\s+(?P<file>[^\s:]+\.go):(?P<line>\d+): (?P<message>.*)")
_MAX_DEPTH: Final = 16
_MAX_MARKED: Final = 1 << 20
_FRAMING: Final = ("=== ", "--- ")


def mark_parents(test: str, marked: set[int]) -> None:
    """Mark all tests that this one is a subtest of, by the hash of their names.

    Raises `ReadError` for more than anybody would write.
    """
    at = test.rfind("/")
    for _ in range(_MAX_DEPTH):
        if at <= 0 or (parent := hash(test[:at])) in marked:
            return
        marked.add(parent)
        at = test.rfind("/", 0, at)
    if len(marked) > _MAX_MARKED:
        raise ReadError(f"more than {_MAX_MARKED} subtests are open in one package")


def failed_case(package: str, test: str, output: Iterable[str]) -> Case:
    """A failed test with what it said; the last place that it names is where it failed."""
    lines = [line for line in output if not line.lstrip().startswith(_FRAMING)]
    said = "".join(lines)[-MAX_TEXT:]
    case = Case(classname=package, name=test, text=said, message=said.strip().partition("\n")[0])
    places = (place for line in reversed(lines) if (place := _PLACE.match(line)))
    if place := next(places, None):
        case.seen_in, case.message = place["file"], place["message"]
        case.line = line_number(place["line"])
    return case
