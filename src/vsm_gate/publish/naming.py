"""Names by which a run finds its own results again, and leaves those of others alone."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from vsm_gate.publish.fit import short
from vsm_gate.publish.result import CheckResult

# Events of one pull request on its way in: a required check must report under one name in all.
_PROPOSED: Final = frozenset(
    {"pull_request", "pull_request_target", "pull_request_review", "merge_group"}
)
_NAME: Final = 100


def name(result: CheckResult) -> str:
    """`vsm-gate: team (job)`: the name of the check and of the status.

    The job tells jobs of one team apart. So does the event, where it is not one of a pull request's
    way in, since a commit may be pushed and proposed at the same time.
    """
    context = result.context
    text = f"vsm-gate: {short(result.policy.team, _NAME)}"
    if context.job:
        text += f" ({short(context.job, _NAME)})"
    return text if context.event in _PROPOSED else f"{text} on {short(context.event, 40)}"


def key(result: CheckResult) -> str:
    """What tells results of different teams and jobs apart, as hexadecimal digits."""
    text = f"{result.policy.team}\0{result.context.job}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def attempt(result: CheckResult) -> str:
    """What tells this attempt from every other one, so that it can be found again."""
    context = result.context
    return f"{key(result)}/{context.event}/{context.run or 0}/{context.attempt}"
