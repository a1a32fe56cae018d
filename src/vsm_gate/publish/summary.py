"""The step summary: Markdown for the page of a run."""

from __future__ import annotations

from typing import Final

from vsm_gate.publish import parts
from vsm_gate.publish.fit import fit
from vsm_gate.publish.result import CheckResult

# What the forge takes for one step; more is refused as a whole.
LIMIT: Final = 1024 * 1024
_PLACES: Final = 50
_FAILURES: Final = 50


def summary(result: CheckResult) -> str:
    """Verdict, what to do, the objectives, what is reached, where the team stands, the evidence."""
    text = parts.together(
        parts.head(result),
        parts.steps(result, _PLACES),
        parts.scorecard(result),
        parts.impact(result),
        parts.graph(result),
        parts.stand(result),
        parts.failures(result, _FAILURES),
        parts.details(result),
    )
    return fit(text, LIMIT, "the result file of this run")
