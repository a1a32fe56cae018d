"""What differs from the base: tests that newly fail, tests that are gone, lines that lost coverage.

The base is a snapshot of the default branch that the change descends from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from vsm_gate.model.change import Change, FileChange
from vsm_gate.model.coverage import COVERED, MISSED, CoverageReport
from vsm_gate.model.snapshot import Snapshot
from vsm_gate.model.tests import RED, CaseTable, Outcome

# Identities are compared in parts, so that no table holds more than about this many at once.
_PART: Final = 500_000

# For how many snapshots a case is remembered as flaky after it was last seen to be.
REMEMBERED: Final = 20


@dataclass(frozen=True, slots=True)
class TestsSinceBase:
    """Tests against those of the commit `base`, by identity.

    `new_failures` are red cases that were not red at the base, `known_failures` those that were;
    one that is known to be flaky is in `flaky_failures` instead. `unnamed_failures` counts red
    cases without a name, which cannot be compared. `removed` counts the cases that are gone.
    `slowdown` is the change of time in % over the cases that passed in both, None where they carry
    no time.
    """

    base: str
    new_failures: frozenset[int] = frozenset()
    known_failures: frozenset[int] = frozenset()
    flaky_failures: frozenset[int] = frozenset()
    unnamed_failures: int = 0
    removed: int = 0
    slowdown: Fraction | None = None


def compare_tests(base: Snapshot, here: CaseTable) -> TestsSinceBase | None:
    """Compare by identity; None where the base has no test evidence. Linear in the cases."""
    if base.cases is None:
        return None
    known_flaky = frozenset(base.flaky)
    red: dict[int, bool] = {}
    removed = before = after = 0
    parts = len(base.cases) // _PART + 1
    for part in range(parts):
        then, now = _part_of(base.cases, part, parts), _part_of(here, part, parts)
        removed += sum(1 for identity in then if identity not in now)
        for identity, index in now.items():
            earlier = then.get(identity)
            if here.outcomes[index] in RED:
                red[identity] = earlier is not None and base.cases.outcomes[earlier] in RED
            elif earlier is not None:
                times = _times(base.cases, earlier, here, index)
                before, after = before + times[0], after + times[1]
    return TestsSinceBase(
        base=base.commit,
        new_failures=frozenset(i for i, known in red.items() if not known) - known_flaky,
        known_failures=frozenset(i for i, known in red.items() if known) - known_flaky,
        flaky_failures=frozenset(red) & known_flaky,
        unnamed_failures=_unnamed(here),
        removed=removed,
        slowdown=Fraction(100 * (after - before), before) if before else None,
    )


def _part_of(cases: CaseTable, part: int, parts: int) -> dict[int, int]:
    """The index of each identity of one part; of several cases the worst counts."""
    found: dict[int, int] = {}
    outcomes = cases.outcomes
    for index, identity in enumerate(cases.identities):
        if identity and identity % parts == part:
            other = found.setdefault(identity, index)
            if other != index and outcomes[index] in RED:
                found[identity] = index
    return found


def _times(then: CaseTable, earlier: int, now: CaseTable, index: int) -> tuple[int, int]:
    """Microseconds of a case then and now; nothing where it did not pass twice or has no time."""
    both = then.outcomes[earlier] == now.outcomes[index] == Outcome.PASSED
    before, after = then.micros_of(earlier), now.micros_of(index)
    return (before, after) if both and before is not None and after is not None else (0, 0)


def _unnamed(cases: CaseTable) -> int:
    pairs = zip(cases.identities, cases.outcomes, strict=True)
    return sum(1 for identity, outcome in pairs if not identity and outcome in RED)


def across_attempts(earlier: Snapshot | None, here: CaseTable) -> frozenset[int]:
    """The cases that passed in one attempt of a commit and failed in the other."""
    if earlier is None or earlier.cases is None:
        return frozenset()
    found: set[int] = set()
    parts = len(here) // _PART + 1
    for part in range(parts):
        then, now = _part_of(earlier.cases, part, parts), _part_of(here, part, parts)
        for identity, index in now.items():
            if identity in then:
                pair = {earlier.cases.outcomes[then[identity]], here.outcomes[index]}
                if Outcome.PASSED in pair and not pair.isdisjoint(RED):
                    found.add(identity)
    return frozenset(found)


def remembered(
    before: Snapshot | None, here: CaseTable | None, across: frozenset[int]
) -> dict[int, int]:
    """The known flaky cases after this run: those seen now, and earlier ones for a while yet."""
    earlier = before.flaky if before else {}
    kept = {identity: left - 1 for identity, left in earlier.items() if left > 1}
    now = dict.fromkeys(across, REMEMBERED)
    if here is not None and Outcome.FLAKY in here.outcomes:
        pairs = zip(here.identities, here.outcomes, strict=True)
        now |= {i: REMEMBERED for i, outcome in pairs if i and outcome == Outcome.FLAKY}
    return kept | now


def indirect_losses(
    base: Snapshot, change: Change, coverage: CoverageReport
) -> dict[str, tuple[int, ...]] | None:
    """Lines that were covered at the base, are missed here, and that the change did not touch.

    Numbers are of the head. None where the base has no coverage. A file that was renamed is
    followed; lines that the change added, modified or deleted are left out.
    """
    if base.lines is None:
        return None
    changed = {file.path: file for file in change.files}
    losses: dict[str, tuple[int, ...]] = {}
    for path, now in coverage.files.items():
        file = changed.get(path)
        then = base.lines.get((file.old_path if file else None) or path)
        if then is None:
            continue
        pairs = _kept_lines(file, len(then), len(now.lines))
        lost = tuple(
            here for there, here in pairs if then[there] == COVERED and now.lines[here] == MISSED
        )
        if lost:
            losses[path] = lost
    return losses


def _kept_lines(file: FileChange | None, then: int, now: int) -> Iterator[tuple[int, int]]:
    """Pairs of line numbers, at the base and at the head, of lines that the change left alone."""
    if file is None:
        return ((line, line) for line in range(1, min(then, now)))
    old = _without(file.deleted_lines, then)
    return zip(old, _without(file.added_lines, now), strict=False)


def _without(ranges: Sequence[range], end: int) -> Iterator[int]:
    """The numbers from 1 to before `end` that are in none of the ascending ranges."""
    start = 1
    for gap in ranges:
        yield from range(start, min(gap.start, end))
        start = gap.stop
    yield from range(start, end)
