"""What became of a JUnit case, from all that its children and attributes say of it.

What it says is a set of bits, the worst last: a case is what the worst of it says.
"""

from __future__ import annotations

from typing import Final

from vsm_gate.model.tests import Outcome

REPEATED, STATED_SKIPPED, STATED_FAILED, STATED_ERRORED = 1, 2, 4, 8
SKIPPED, FLAKY, RERUN_FAILED, RERUN_ERRORED, FAILED, ERRORED = 16, 32, 64, 128, 256, 512
_OUTCOMES: Final = (
    Outcome.PASSED,
    Outcome.PASSED,
    Outcome.SKIPPED,
    Outcome.FAILED,
    Outcome.ERRORED,
    Outcome.SKIPPED,
    Outcome.FLAKY,
    Outcome.FAILED,
    Outcome.ERRORED,
    Outcome.FAILED,
    Outcome.ERRORED,
)
KINDS: Final = {
    "skipped": SKIPPED,
    "skip": SKIPPED,
    "ignored": SKIPPED,
    "disabled": SKIPPED,
    "flakyFailure": FLAKY,
    "flakyError": FLAKY,
    "rerunFailure": RERUN_FAILED,
    "rerunError": RERUN_ERRORED,
    "failure": FAILED,
    "error": ERRORED,
}
_STATUSES: Final = (
    dict.fromkeys(("notrun", "not run", "not_run", "disabled", "suppressed"), STATED_SKIPPED)
    | dict.fromkeys(("skipped", "skip", "ignored", "pending", "todo"), STATED_SKIPPED)
    | dict.fromkeys(("fail", "failed", "failure"), STATED_FAILED)
    | dict.fromkeys(("error", "errored"), STATED_ERRORED)
)

# What attributes say where no child says anything: GoogleTest, CTest and their relatives; Eclipse.
STATED: Final = {
    "status": _STATUSES,
    "result": _STATUSES,
    "ignored": {"true": STATED_SKIPPED},
    "incomplete": {"true": STATED_ERRORED},
}


def outcome_of(kinds: int) -> Outcome:
    """The outcome of a case that says all of this of itself."""
    return _OUTCOMES[kinds.bit_length()]
