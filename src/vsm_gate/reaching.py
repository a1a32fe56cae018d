"""What a change reaches, what its sensitive files do, and how its components fared.

This joins what is pure with git and the history; the rules are in `vsm_gate.impact`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vsm_gate.collect.details import find_details
from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.ledger import Ledger
from vsm_gate.impact.codeowners import Codeowners
from vsm_gate.impact.operations import DAYS, KINDS, operations
from vsm_gate.impact.reach import reach
from vsm_gate.model.change import Change
from vsm_gate.model.impact import Budget, Component, Impact, Operations

# The budgets of some components, and why others could not be read.
Budgets = Callable[[Impact], tuple[Sequence[Budget], Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a repository beside its change.

    `sensitive` overrides classes of sensitive files; `ledger` None: there is no history; `budgets`
    reads what is left of error budgets now.
    """

    repository: str
    now: datetime
    components: Sequence[Component] = ()
    codeowners: Codeowners | None = None
    sensitive: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ledger: Ledger | None = None
    budgets: Budgets = lambda _: ((), ())


def find_impact(git: Git, change: Change, known: Known) -> Impact:
    """The impact of a change, but for its risk."""
    impact = reach(known.components, change.paths, known.codeowners, sensitive=known.sensitive)
    lived = _operations(impact, known)
    return replace(
        impact,
        details=find_details(git, change, impact.sensitive),
        operations=lived,
        notes=(*impact.notes, *lived.notes),
    )


def _operations(impact: Impact, known: Known) -> Operations:
    """One pass over the events of the window; a history that cannot be read is a reason."""
    budgets, problems = known.budgets(impact)
    missing = "" if known.ledger else "no history is kept"
    documents = []
    if known.ledger is not None:
        try:
            records = known.ledger.records(
                since=known.now - timedelta(days=DAYS),
                until=known.now + timedelta(microseconds=1),  # what happens now is known
                repository=known.repository,
                kinds=KINDS,
            )
            documents = [record.document for record in records]
        except HistoryError as problem:
            missing = f"the history could not be read: {problem.message}"
    found = operations(documents, impact, budgets)
    return replace(found, missing=missing, notes=tuple(problems))
