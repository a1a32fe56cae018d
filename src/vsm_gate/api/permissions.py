"""What a run asks GitHub for, event by event: where, with which permission, what is lost without.

It is data: publishers and readers say from it which permission a job lacks, and the table of the
documentation is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# What happens to a repository, as far as it is told apart; several that are alike stand together.
EVENTS: Final = (
    "pull_request",
    "pull_request of a fork",
    "merge_group",
    "push",
    "schedule, workflow_dispatch",
    "workflow_run",
    "deployment_status, release, issues",
)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a run asks for. `places` says by event where it is put or what it is of."""

    called: str
    permission: str
    without: str
    places: Mapping[str, str]
    metrics: tuple[str, ...] = ()


def _on(*places: str) -> dict[str, str]:
    """Places in the order of the events; empty where there is none."""
    return {event: place for event, place in zip(EVENTS, places, strict=True) if place}


_ON_COMMIT: Final = _on(
    "its head", "", "the group", "the pushed commit", "`GITHUB_SHA`", "the fork's head", ""
)
_OF_PULL: Final = _on(
    "itself", "itself", "the one it is named for", "the one it came from", "", "", ""
)

NEEDS: Final = {
    "check-run": Need(
        "the check", "checks: write", "annotations are printed as commands in the log", _ON_COMMIT
    ),
    "comment": Need(
        "the comment",
        "pull-requests: write",
        "the summary of the run says the same",
        _on("itself", "", "", "", "", "the fork's", ""),
    ),
    "status": Need("the status", "statuses: write", "the check and the job say it", _ON_COMMIT),
    "history": Need(
        "the record",
        "contents: write",
        "nothing is recorded; the log says so, and the bundle can be replayed",
        _on("of the run", "", "of the run", "of the run", "of the run", "", "of the event"),
    ),
    "pull_request": Need(
        "the pull request",
        "pull-requests: read",
        "these metrics are missing",
        _OF_PULL,
        ("change.self_merge", "change.review_comments"),
    ),
    "reviews": Need(
        "the forge's reviews",
        "pull-requests: read",
        "these metrics are missing",
        _OF_PULL,
        ("change.approvals", "waste.review_wait"),
    ),
    "timeline": Need(
        "the timeline of the pull request",
        "pull-requests: read",
        "this metric is missing, and break-glass does not act",
        _OF_PULL,
        ("waste.review_wait",),
    ),
    "runs": Need(
        "the jobs of the run",
        "actions: read",
        "these metrics are missing",
        _on("its run", "its run", "its run", "its run", "its run", "", ""),
        ("waste.queue", "waste.rerun", "waste.flaky"),
    ),
}
