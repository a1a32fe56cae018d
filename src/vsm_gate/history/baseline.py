"""The baseline: what the newest good records of the default branch say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from typing import Final

from vsm_gate.history.record import Record
from vsm_gate.model.results import Baseline
from vsm_gate.scorecards.recorded import AGGREGATES, exact, of_default_branch, part

# How far back to look for records that qualify, so that a branch that is red for long, or one that
# a whole organisation writes to, costs a bounded time.
MAX_LOOKED_AT: Final = 5_000


def baseline(
    newest: Iterable[Record], *, repository: str, team: str, window: int, aggregate: str
) -> Baseline:
    """Aggregate each metric over the last `window` good records of the default branch.

    Good is a check of this repository and team, after a merge, whose verdict was pass or warn; of
    several for one commit the newest counts.
    `newest` gives records newest first and is read no further than need be.
    """
    looked_at = islice(newest, MAX_LOOKED_AT)
    good = (record for record in looked_at if _qualifies(record, repository, team))
    chosen = list(islice(_one_a_commit(good), window))
    values: dict[str, list[Fraction]] = {}
    for record in chosen:
        for metric, measured in part(record.document, "measurements").items():
            value = exact(measured)
            if value is not None:
                values.setdefault(metric, []).append(value)
    reduce = AGGREGATES[aggregate]
    return Baseline(
        values={metric: reduce(found) for metric, found in values.items()},
        records=tuple(record.id for record in chosen),
        scores=tuple(_scores(reversed(chosen))),
    )


def pinned(newest: Iterable[Record], digest: str) -> Baseline:
    """What the one check record says that a policy pins: nothing where it is not to be found,
    which is missing evidence and no first run. Looks back as far as there are records.
    """
    for record in newest:
        if record.id == digest and record.kind == "check":
            found = part(record.document, "measurements").items()
            values = {metric: exact(measured) for metric, measured in found}
            known = {metric: value for metric, value in values.items() if value is not None}
            return Baseline(known, (digest,))
    return Baseline(problem=f"the pinned record {digest[:12]} is not in the history")


def _scores(records: Iterable[Record]) -> Iterator[Fraction]:
    for record in records:
        score = exact({"value": record.document.get("score")})
        if score is not None:
            yield score


def _one_a_commit(newest: Iterable[Record]) -> Iterator[Record]:
    """The newest record of each tested commit: runs that are repeated do not fill the window."""
    seen: set[str] = set()
    for record in newest:
        commit = str(part(record.document, "change").get("tested") or record.id)
        if commit not in seen:
            seen.add(commit)
            yield record


def _qualifies(record: Record, repository: str, team: str) -> bool:
    return (
        record.kind == "check"
        and record.repository == repository
        and record.team == team
        and of_default_branch(record.document)
        and record.document.get("verdict") in {"pass", "warn"}
    )
