"""What happened on a forge before a run: reviews, labels, jobs, as the description has them."""

from __future__ import annotations

from typing import Any

from tests.support.github_server import GitHubServer
from tests.support.openapi import Json


def pull(server: GitHubServer, number: int = 7, *, author: str = "ann", **changes: Any) -> None:
    """What is special of a pull request; `labels` are names, `merged_by` is a login."""
    example: Json = server.describes.example("pull-request")
    made: Json = {"number": number, "user": example["user"] | {"login": author}, "merged_at": None}
    names = changes.pop("labels", [])
    made["labels"] = [example["labels"][0] | {"name": name} for name in names]
    who = changes.pop("merged_by", None)
    made["merged_by"] = None if who is None else example["user"] | {"login": who}
    server.pulls[number] = made | changes


def review(server: GitHubServer, who: str, state: str = "APPROVED", **changes: Any) -> None:
    """Someone's review, by a member unless it says otherwise."""
    [made] = server.describes.example("pull-request-review-items")
    made |= {"id": len(server.reviews) + 1, "state": state}
    made["author_association"] = changes.pop("rights", "MEMBER")
    made["user"] |= {"login": who, "type": changes.pop("kind", "User")}
    server.reviews.append(made | changes)


def happened(server: GitHubServer, kind: str, at: str, *, by: str = "ann", **changes: Any) -> None:
    """An event of the timeline: `labeled` with a `label`, `review_requested`."""
    events = server.describes.example("timeline-issue-events")
    made = next(each for each in events if each["event"] == "labeled")
    label = {"name": changes.pop("label", ""), "color": "99dd88"}
    made |= {"event": kind, "created_at": at, "id": len(server.timeline) + 1}
    made["actor"] |= {"login": by}
    if kind == "review_requested":
        made["review_requester"] = made["actor"]
    server.timeline.append(made | {"label": label} | changes)


def committed(server: GitHubServer, at: str) -> None:
    """A commit of the pull request's timeline, authored and committed at a time."""
    who = {"name": "Ann", "email": "ann@example.org", "date": at}
    place = "https://api.github.com/repos/acme/payments/git/commits/aaa"
    server.timeline.append(
        {
            "event": "committed",
            "sha": "a" * 40,
            "node_id": "C_1",
            "url": place,
            "html_url": place,
            "author": who,
            "committer": who,
            "message": "A change",
            "tree": {"sha": "b" * 40, "url": place},
            "parents": [{"sha": "c" * 40, "url": place, "html_url": place}],
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        }
    )


def job(
    server: GitHubServer, name: str, times: tuple[str, str, str | None], **changes: Any
) -> None:
    """A job of run 5: when it was queued, when it started, when it ended (None: it has not)."""
    made: Json = server.describes.example("job-paginated")["jobs"][0]
    queued, started, ended = times
    made |= {"id": len(server.jobs) + 1, "name": name, "run_id": 5, "run_attempt": 1}
    made |= {"created_at": queued, "started_at": started, "completed_at": ended}
    running = {"status": "in_progress", "conclusion": None}
    done = {"status": "completed", "conclusion": "success"}
    server.jobs.append(made | (running if ended is None else done) | changes)
