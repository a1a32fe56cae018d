"""What the forge knows of a change: few requests, and a reason for whatever it does not tell.

A pull request takes four: itself, its reviews, its timeline, the jobs of the run. A push to the
default branch takes one more, for the pull request that its commit came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from vsm_gate.api.client import STRANGE, ApiError, Client, Json, moment, number, text
from vsm_gate.api.permissions import NEEDS
from vsm_gate.collect.reviews import read_reviews
from vsm_gate.collect.runs import read_runs
from vsm_gate.collect.timeline import Timeline, labels_of, read_timeline
from vsm_gate.model.change import Context
from vsm_gate.model.forge import ForgeFacts, PullRequest

Found = TypeVar("Found")

# Events whose commit on the default branch has just come there.
_MERGED: Final = frozenset({"push", "workflow_run"})
_QUEUED: Final = re.compile(r"gh-readonly-queue/.+/pr-([1-9][0-9]{0,9})-[0-9a-f]{40,64}")


def read_facts(client: Client, context: Context, now: datetime) -> ForgeFacts:
    """Everything that can be had; each part that cannot is missing, for its own reason.

    The pull request comes first, then the jobs, its reviews and its timeline: each list leaves a
    request to each that comes after it.
    """
    missing: dict[str, str] = {}

    def part(name: str, read: Callable[[], Found]) -> Found | None:
        try:
            return read()
        except ApiError as refused:
            need = NEEDS[name]
            why = refused.problem.needing(need.permission)
            missing[name] = f"{need.called} cannot be read: {why}"
            return None

    which = part("pull_request", lambda: _which(client, context))
    found = part("pull_request", lambda: _pull_request(client, which)) if which else None
    if found is not None:
        client.comments = number(found[1], "comments") or 0
    runs = part("runs", lambda: read_runs(client, context, now)) if context.run else None
    if which is None or found is None:
        missing.setdefault("pull_request", _why_none(context))
        return ForgeFacts(None, runs, missing)
    pull, answer = found
    head = context.head if context.pull_request is not None else pull.head
    reviews = part("reviews", lambda: read_reviews(client, which, author=pull.author, head=head))
    timeline = part("timeline", lambda: read_timeline(client, which)) or Timeline()
    if timeline.cut:
        missing["timeline"] = timeline.cut
    whole = replace(
        pull,
        labels=labels_of(answer, timeline),
        reviews=reviews,
        review_requested=timeline.review_requested,
        first_commit=timeline.first_commit,
    )
    return ForgeFacts(whole, runs, missing)


def _which(client: Client, context: Context) -> int | None:
    """Which pull request it is: the run's own, the group's, or the one that a commit came from."""
    if context.pull_request is not None:
        return context.pull_request
    queued = _QUEUED.fullmatch(context.branch) if context.event == "merge_group" else None
    if queued:
        return int(queued[1])
    if context.event not in _MERGED or not context.default_branch:
        return None
    for each in client.pages(f"/commits/{context.head}/pulls", most=1):
        if moment(each, "merged_at") and text(each, "base", "ref") == context.branch:
            return number(each, "number")
    return None


def _why_none(context: Context) -> str:
    if context.event in _MERGED and context.default_branch:
        return "the commit came to the branch without a pull request"
    return "the run is not of a pull request"


def _pull_request(client: Client, asked: int) -> tuple[PullRequest, Json]:
    """A pull request, and all that the forge says of it."""
    answer = client.get(f"/pulls/{asked}")
    opened = moment(answer, "created_at")
    if opened is None:
        raise ApiError(STRANGE)
    pull = PullRequest(
        number=asked,
        opened=opened,
        author=text(answer, "user", "login"),
        head=text(answer, "head", "sha"),
        merged=moment(answer, "merged_at"),
        merged_by=text(answer, "merged_by", "login") or None,
        commits=number(answer, "commits"),
        review_comments=number(answer, "review_comments"),
    )
    return pull, answer
