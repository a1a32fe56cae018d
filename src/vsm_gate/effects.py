"""What a run is asked for, and what acts on the world for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from vsm_gate.change.model import RiskModel
from vsm_gate.collect.reports import Pattern
from vsm_gate.git import Git
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.snapshots import Snapshots
from vsm_gate.impact.codeowners import Codeowners
from vsm_gate.model.change import Change, Context, Membership
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.impact import Component
from vsm_gate.publish import plan
from vsm_gate.publish.apply import Forge
from vsm_gate.reaching import Budgets
from vsm_gate.scorecards.policy import Policy


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: where to look, who asks, and where results go.

    `sensitive` overrides classes of sensitive files.
    """

    root: Path
    context: Context
    change: Change
    team: str | None
    patterns: tuple[Pattern, ...]
    components: tuple[Component, ...]
    now: datetime
    tool_version: str
    targets: plan.Targets
    sensitive: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of the decision, in UTC: a record says no other, and a replay needs the same."""
        return self.now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Effects:
    """What acts on the world. `ledger` None: no history is kept; `ledger_name` is for messages,
    `ledger_arguments` are what names it on a command line.

    `policy` reads the policy and says where it came from; `notes` are what was noticed in doing so;
    `progress` tells a waiting person what is being done; `forge` is None where there is no token.
    `facts` (what it knows of the change) and `membership` (in a team, of a person) ask the forge.
    `proposed` reads the policy as the change leaves it, None where it does not edit it.
    `risk_model` reads the model that risk is ranked by, None where there is none. `budgets`
    reads what is left of error budgets. `seconds` tells how long the run took so far, None where
    its clock stands still.
    """

    git: Git
    policy: Callable[[], tuple[Policy, str]]
    codeowners: Callable[[], Codeowners | None]
    notes: Callable[[], tuple[str, ...]]
    ledger: Ledger | None
    ledger_name: str
    ledger_arguments: tuple[str, ...]
    snapshots: Snapshots | None
    emit: Callable[[str], None]
    progress: Callable[[str], None]
    forge: Forge | None = None
    facts: Callable[[], ForgeFacts] = ForgeFacts
    membership: Callable[[str, str], Membership] = lambda _team, _login: Membership()
    proposed: Callable[[], tuple[Policy, str] | None] = lambda: None
    risk_model: Callable[[], RiskModel | None] = lambda: None
    budgets: Budgets = lambda _: ((), ())
    seconds: Callable[[], float | None] = lambda: None
