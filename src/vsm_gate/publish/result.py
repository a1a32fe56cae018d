"""What publishers are given: everything that a run found out, and nothing that acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.errors import NOT_PUBLISHED, OK
from vsm_gate.model.change import Change, Context
from vsm_gate.model.evidence import Evidence
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.model.impact import Component, Impact
from vsm_gate.model.results import (
    Baseline,
    Decision,
    Measurement,
    Phase,
    Practice,
    Receipt,
    Verdict,
)
from vsm_gate.model.tests import TestReport


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the policy that a change proposes would have said of it, and of the last `changes` of
    the team: how many it would have blocked, and how many the policy in force would have.

    `otherwise` are the objectives that would stand otherwise here. Where the proposal cannot be
    read, `mistake` says why, and nothing else is known.
    """

    source: str = ""
    sha256: str = ""
    verdict: Verdict | None = None
    conclusion: Verdict | None = None
    score: Fraction | None = None
    otherwise: tuple[str, ...] = ()
    changes: int = 0
    blocked: int = 0
    blocked_now: int = 0
    mistake: str | None = None

    @property
    def note(self) -> str:
        """The same in a sentence."""
        if self.conclusion is None:
            return f"the policy that this change proposes cannot be used: {self.mistake}"
        text = f"the policy that this change proposes would have concluded {self.conclusion.value}"
        if self.otherwise:
            text += f" (otherwise for {', '.join(self.otherwise)})"
        if self.changes:
            text += (
                f"; of the team's changes before, {self.changes} in all, it would have blocked "
                f"{self.blocked}, the one in force {self.blocked_now}"
            )
        return text


@dataclass(frozen=True, slots=True)
class PolicyUsed:
    """Which policy judged: where it came from, its digest, and what it says of the team.

    `document` is what is in force, as plain data in the shape of a scorecard; None where it is not
    known (a bundle).
    """

    team: str
    source: str
    sha256: str
    phase: Phase
    peer_group: str | None = None
    methodology: str | None = None
    proposed: Proposed | None = None
    document: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RecordWritten:
    """The record of a run. `id` is the SHA-256 of the document's canonical JSON.

    `policy` is the document of the record of the policy that judged, which is kept beside it.
    """

    id: str
    document: dict[str, Any]
    policy: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One run of the gate.

    `problems` are the inputs that were declared and not found, or found and not readable, each a
    sentence; `notes` what a reader should know beside it. `tests` and `patch` are None where there
    is no evidence of their kind, `since` where no snapshot of the base is known, `record` until it
    is made. `practice` is what a peer does better, where one is known. `seconds` is what the gate
    took until its verdict stood, None where its clock stands still.
    """

    now: datetime
    tool_version: str
    context: Context
    change: Change
    policy: PolicyUsed
    measurements: dict[str, Measurement]
    baseline: Baseline
    decision: Decision
    impact: Impact
    evidence: tuple[Evidence, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    record: RecordWritten | None = None
    tests: TestReport | None = None
    since: TestsSinceBase | None = None
    patch: PatchCoverage | None = None
    unmapped: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    practice: Practice | None = None
    forge: ForgeFacts = field(default_factory=ForgeFacts)
    seconds: float | None = None
    receipts: tuple[Receipt, ...] = field(default_factory=tuple)

    @property
    def exit_code(self) -> int:
        """The decision's; where that says OK and something required failed, that instead."""
        code = self.decision.exit_code
        lost = any(receipt.required and not receipt.ok for receipt in self.receipts)
        return NOT_PUBLISHED if code == OK and lost else code

    @property
    def recorded(self) -> bool:
        """Whether the record is in the history. False also where none is kept."""
        return self._outcomes("history") == {True}

    @property
    def needs_bundle(self) -> bool:
        """Whether the record is nowhere but in the bundle, which can replay it."""
        return self._outcomes("history") == {False} and self._outcomes("bundle") == {True}

    def _outcomes(self, publisher: str) -> set[bool]:
        return {each.ok for each in self.receipts if each.publisher == publisher}
