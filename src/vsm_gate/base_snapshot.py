"""The snapshot of the base: which one to compare with, and leaving one for those who come after."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vsm_gate.change.since_base import (
    TestsSinceBase,
    across_attempts,
    compare_tests,
    indirect_losses,
    remembered,
)
from vsm_gate.errors import VsmGateError
from vsm_gate.git import Git
from vsm_gate.history.snapshots import Snapshots
from vsm_gate.model.change import Change
from vsm_gate.model.results import Receipt
from vsm_gate.model.snapshot import Snapshot, decode, encode
from vsm_gate.normalize import Normalized


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from the base.

    `tests` and `lost` are None where no snapshot of the base is known; `problem` says why it could
    not be read, where that is so. `across` are the cases with both outcomes in attempts of this
    commit, `lost` the lines by file that lost coverage though the change did not touch them.
    """

    tests: TestsSinceBase | None = None
    across: frozenset[int] = frozenset()
    lost: dict[str, tuple[int, ...]] | None = None
    newest: Snapshot | None = field(default=None, repr=False)
    problem: str | None = None


def compare(snapshots: Snapshots | None, git: Git, change: Change, found: Normalized) -> Comparison:
    """Compare with the newest snapshot whose commit the base of the change descends from."""
    if snapshots is None:
        return Comparison()
    try:
        listed = snapshots.newest()
        base = next((each for each in listed if _is_ancestor(git, each.commit, change.base)), None)
        earlier = next((each for each in listed if each.commit == change.tested), None)
        wanted = {each.oid: each for each in (base, earlier, *listed[:1]) if each is not None}
        read = {oid: decode(snapshots.read(each)) for oid, each in wanted.items()}
    except VsmGateError as problem:
        return Comparison(problem=f"the snapshots could not be read: {problem.message}")
    except ValueError as problem:
        return Comparison(problem=str(problem))
    against = read[base.oid] if base else None
    cases = found.tests.cases if found.tests else None
    attempt = read[earlier.oid] if earlier else None
    return Comparison(
        tests=compare_tests(against, cases) if against and cases is not None else None,
        across=across_attempts(attempt, cases) if cases is not None else frozenset(),
        lost=(
            indirect_losses(against, change, found.coverage) if against and found.coverage else None
        ),
        newest=read[listed[0].oid] if listed else None,
    )


def _is_ancestor(git: Git, commit: str, base: str) -> bool:
    """False also where this clone cannot tell."""
    return git.ok("merge-base", "--is-ancestor", commit, base)


def keep(
    snapshots: Snapshots, change: Change, found: Normalized, compared: Comparison, now: datetime
) -> Receipt:
    """Leave a snapshot of this commit. Only evidence without problems is worth comparing with."""
    whole = found.tests is not None and not found.test_problems
    cases = found.tests.cases if found.tests and whole else None
    covered = found.coverage if found.coverage and not found.coverage_problems else None
    snapshot = Snapshot(
        change.tested,
        cases,
        {path: bytes(file.lines) for path, file in covered.files.items()} if covered else None,
        remembered(compared.newest, cases, compared.across),
    )
    try:
        snapshots.add(change.tested, encode(snapshot), now)
    except VsmGateError as problem:
        return Receipt("snapshot", ok=False, detail=problem.message)
    return Receipt("snapshot", ok=True, detail=f"kept for {change.tested[:12]}")
