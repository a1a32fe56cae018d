"""What a simulated forge tells of a change: its pull request, its jobs, and the waste in both."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

LABELS: Final = ("feature", "feature", "feature", "bug", "bug", "security", "refactoring")
_PEOPLE: Final = ("alex", "kim", "robin", "sam", "toni")


@dataclass(frozen=True, slots=True)
class Run:
    """An attempt of the gate's job: seconds in the queue and at work, and whether it was green."""

    queued: float
    lasted: float
    green: bool


@dataclass(slots=True)
class PullRequest:
    """A pull request, its times filled in as it goes on."""

    number: int
    opened: datetime
    author: str
    reviewer: str
    label: str
    reviewed: datetime
    changes_requested: int
    approved: datetime | None = None
    merged: datetime | None = None


def pull_request(
    number: int, opened: datetime, review_hours: float, dice: random.Random
) -> PullRequest:
    """A pull request that waits about so long for its first review."""
    author, reviewer = dice.sample(_PEOPLE, 2)
    wait = timedelta(hours=review_hours * dice.lognormvariate(0, 0.5))
    return PullRequest(
        number, opened, author, reviewer, dice.choice(LABELS), opened + wait,
        changes_requested=int(dice.random() < 0.15),
    )  # fmt: skip


def run(dice: random.Random, *, green: bool) -> Run:
    """An attempt."""
    return Run(dice.lognormvariate(3.5, 0.6), dice.lognormvariate(6.1, 0.2), green)


def told(pull: PullRequest, time: datetime) -> dict[str, Any]:
    """The `forge` block of a record made at `time`: only what had happened by then."""

    def past(moment: datetime | None) -> str | None:
        if moment is None or moment > time:
            return None
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    approved = past(pull.approved)
    return {
        "pull_request": pull.number,
        "opened": past(pull.opened),
        "merged": past(pull.merged),
        "author": pull.author,
        "merged_by": pull.author if past(pull.merged) else None,
        "labels": [pull.label],
        "first_review_requested": past(pull.opened),
        "first_review": past(pull.reviewed),
        "approvals": [{"by": pull.reviewer, "at": approved, "final": True}] if approved else [],
        "changes_requested": pull.changes_requested if past(pull.reviewed) else 0,
        "review_comments": 0,
        "missing": {},
    }


def jobs(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """The `runs` block: the attempts so far of the only job."""
    return [
        {
            "name": "gate",
            "attempt": attempt,
            "queued_s": round(each.queued, 1),
            "duration_s": round(each.lasted, 1),
            "conclusion": "success" if each.green else "failure",
        }
        for attempt, each in enumerate(runs, 1)
    ]


def wasted(pull: PullRequest, runs: Sequence[Run], time: datetime) -> dict[str, Any]:
    """The measurements of waste, in minutes."""
    again = sum(each.lasted for each in runs[1:]) / 60
    flaky = sum(each.lasted for each in runs[:-1]) / 60 if runs[-1].green else 0.0
    found: dict[str, Any] = {
        "waste.queue": _minutes(sum(each.queued for each in runs) / 60),
        "waste.rerun": _minutes(again),
        "waste.flaky": _minutes(flaky),
    }
    if pull.reviewed <= time:
        wait = (pull.reviewed - pull.opened) / timedelta(minutes=1)
        found["waste.review_wait"] = _minutes(wait)
    else:
        found["waste.review_wait"] = {"missing": "nobody has reviewed it yet"}
    return found


def _minutes(value: float) -> dict[str, Any]:
    return {"value": round(value, 2), "unit": "min"}
