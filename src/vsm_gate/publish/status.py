"""The commit status: one line on the head commit, for what does not know checks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from vsm_gate.model.results import Verdict
from vsm_gate.publish import links, naming, view
from vsm_gate.publish.fit import short
from vsm_gate.publish.result import CheckResult

DESCRIPTION: Final = 140
STATES: Final = {
    Verdict.PASS: "success",
    Verdict.WARN: "success",
    Verdict.INCONCLUSIVE: "error",
    Verdict.FAIL: "failure",
}


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """What is put on the commit `head` under the name `context`; a later one takes its place."""

    publisher: ClassVar[str] = "status"
    head: str
    context: str
    state: str
    description: str
    target_url: str


def commit_status(result: CheckResult) -> CommitStatus:
    """The status of a result."""
    said = view.because(result) or view.figures(result)
    return CommitStatus(
        head=result.change.head,
        context=naming.name(result),
        state=STATES[result.decision.conclusion],
        description=short(f"{view.headline(result)}: {said}", DESCRIPTION),
        target_url=links.run(result),
    )
