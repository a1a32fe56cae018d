"""A repository with a history, made up for audits: most changes in order, some of each fault.

Every change has a number; its fault, if it has one, follows from the number, so that tests know
what has to be found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from tests.support import imports
from tests.support.repository import Repository

from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import SCHEMA, Record

REPOSITORY: Final = "acme/shop"
START: Final = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
PEOPLE: Final = ("alex", "bo", "chris", "dana", "eli", "fran", "gale", "hao")
TITLES: Final = (
    "Round prices once", "Show the delivery date", "Cache the tax table", "Retry the webhook",
    "Drop the old checkout", "Validate postal codes", "Log refused cards", "Speed up the search",
)  # fmt: skip

# Changes with these remainders by `EVERY` have these faults; all others are in order.
EVERY: Final = 400
FAULTS: Final = {
    17: "no-record",
    41: "gate-crashed",
    63: "merged-past-red",
    97: "direct-push",
    131: "self-approved",
    167: "stale-approval",
    199: "late-approval",
    223: "not-approved",
    251: "approval-unknown",
    311: "break-glass-unreviewed",
    353: "break-glass",
}


@dataclass(frozen=True, slots=True)
class Story:
    """A change: its number, when it was merged, and its fault; empty where it has none."""

    number: int
    merged: datetime
    fault: str

    @property
    def author(self) -> str:
        return PEOPLE[self.number % len(PEOPLE)]

    @property
    def reviewer(self) -> str:
        return PEOPLE[(self.number + 3) % len(PEOPLE)]

    @property
    def head(self) -> str:
        """The head of its pull request, which a squash leaves behind."""
        return hashlib.sha1(f"head {self.number}".encode(), usedforsecurity=False).hexdigest()

    @property
    def subject(self) -> str:
        title = TITLES[self.number % len(TITLES)]
        return title if self.fault == "direct-push" else f"{title} (#{self.number})"


def stories(count: int, days: int) -> list[Story]:
    """So many changes, spread evenly over days."""
    step = timedelta(days=days) / count
    return [
        Story(number, START + (number * step), FAULTS.get(number % EVERY, ""))
        for number in range(1, count + 1)
    ]


def repository(folder: Path, made: Sequence[Story]) -> tuple[Repository, list[str]]:
    """A repository with one squashed commit a change; and their ids."""
    folder.mkdir(parents=True)
    found = Repository(folder)
    imports.bring(found, map(_commit, made), "--export-marks=marks")
    marks = dict(
        line.split() for line in (folder / "marks").read_text("ascii").splitlines() if line
    )
    (folder / "marks").unlink()
    found.git("remote", "add", "origin", f"https://forge.example/{REPOSITORY}.git")
    found.git("update-ref", "refs/remotes/origin/main", "refs/heads/main")
    found.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    found.git("reset", "--quiet", "--hard", "main")
    return found, [marks[f":{story.number}"] for story in made]


def _commit(story: Story) -> str:
    return imports.commit(
        int(story.merged.timestamp()),
        {f"part{story.number % 50}": f"{story.number}\n"},
        mark=story.number,
        title=story.subject,
        author=f"{story.author} <{story.author}@example.com>",
        committer="GitHub <noreply@forge.example>",
    )


def record(ledger: Ledger, documents: Sequence[dict[str, Any]]) -> None:
    """Append them in one go."""
    ledger.append([Record.of(document) for document in documents])


def days_of(
    documents: Sequence[dict[str, Any]],
) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
    """The documents by the day on which they were recorded, with the end of that day."""
    ordered = sorted(documents, key=lambda each: str(each["time"]))
    for day, some in groupby(ordered, key=lambda each: str(each["time"])[:10]):
        yield datetime.fromisoformat(f"{day}T23:59:59+00:00"), list(some)


def documents(
    made: Sequence[Story], commits: Sequence[str], *, each: int = 10
) -> Iterator[dict[str, Any]]:
    """The records of all changes, and a deployment after `each` of them."""
    for story, commit in zip(made, commits, strict=True):
        yield from _records(story, commit)
        if story.number % each == 0:
            began = story.merged + timedelta(minutes=20)
            yield _event(
                "deployment",
                began + timedelta(minutes=4),
                id=f"deploy-{story.number // each}",
                commit=commit,
                status="success",
                environment="production",
                started=iso(began),
                finished=iso(began + timedelta(minutes=4)),
                caused_by=None,
            )


def _records(story: Story, commit: str) -> Iterator[dict[str, Any]]:
    if story.fault == "no-record":
        return
    before, after = story.merged - timedelta(hours=2), story.merged + timedelta(minutes=5)
    if story.fault == "gate-crashed":
        yield {**_check(story, story.head, before), **_CRASHED}
        return
    if story.fault == "direct-push":
        yield _check(story, commit, after, landed=True)
        return
    found = _check(story, story.head, before)
    if story.fault in {"merged-past-red", "break-glass", "break-glass-unreviewed"}:
        found |= {"verdict": "fail", "conclusion": "fail", "would_block": True, "blocked": True}
    if story.fault.startswith("break-glass"):
        found |= {"conclusion": "warn", "blocked": False, "break_glass": _glass(story)}
    yield found
    yield _check(story, commit, after, landed=True)
    if story.fault == "break-glass":
        at = story.merged + timedelta(days=1)
        yield _event("approval", at, commit=commit, by=story.reviewer, at=iso(at))


_CRASHED: Final = {
    "kind": "heartbeat",
    "forge": None,
    "problem": "GitError: git fetch failed: time-out",
}


def _check(story: Story, commit: str, time: datetime, *, landed: bool = False) -> dict[str, Any]:
    return {
        **_common("check", time),
        "change": {
            "head": commit,
            "tested": commit,
            "branch": "main" if landed else f"change-{story.number}",
            "default_branch": landed,
            "event": "push" if landed else "pull_request",
            "pull_request": None if landed else story.number,
            "attempt": 1,
            "job": "gate",
            "actor": story.author,
        },
        "measurements": {
            "tests.failed": {"value": 0, "unit": "count"},
            "coverage.patch": {"value": 92.5, "numerator": 37, "denominator": 40, "unit": "%"},
        },
        "objectives": {
            name: {
                "metric": metric, "status": "pass", "score": 100, "value": value, "weight": 1,
                "key": True, "phase": "enforce", "waiver": None, "pass": criterion,
            }
            for name, metric, value, criterion in (
                ("tests-green", "tests.failed", 0, "== 0"),
                ("patch-coverage", "coverage.patch", 92.5, ">= 80%"),
            )
        },
        "score": 96,
        "verdict": "pass",
        "conclusion": "pass",
        "would_block": False,
        "blocked": False,
        "waivers": [],
        "break_glass": None,
        "evidence": [{"path": "junit.xml", "sha256": "5" * 64, "size": 1234}],
        "policy": {"source": f"scorecards/shop.yaml at {story.number:010x}", "sha256": "7" * 64},
        "forge": None if story.fault == "direct-push" else _forge(story, landed=landed),
    }  # fmt: skip


def _forge(story: Story, *, landed: bool) -> dict[str, Any]:
    at = story.merged - timedelta(hours=1)
    given = {"by": story.reviewer, "at": iso(at), "final": True}
    approvals: list[dict[str, Any]] | None = [given]
    match story.fault:
        case "self-approved":
            given["by"] = story.author
        case "stale-approval":
            given["final"] = False
        case "late-approval":
            given["at"] = iso(story.merged + timedelta(hours=3))
        case "not-approved":
            approvals = []
        case "approval-unknown":
            approvals = None
    missing = {"reviews": "the forge's reviews were not read"} if approvals is None else {}
    return {
        "pull_request": story.number,
        "opened": iso(story.merged - timedelta(days=1)),
        "merged": iso(story.merged) if landed else None,
        "author": story.author,
        "merged_by": story.reviewer if landed else None,
        "labels": [],
        "approvals": approvals,
        "missing": missing,
    }


def _glass(story: Story) -> dict[str, Any]:
    return {
        "label": "break-glass",
        "by": story.author,
        "at": iso(story.merged - timedelta(hours=1)),
        "reason": "payments are down",
        "review_by": f"{story.merged + timedelta(days=7):%Y-%m-%d}",
    }


def _event(kind: str, time: datetime, **event: Any) -> dict[str, Any]:
    return {**_common(kind, time), "event": event}


def _common(kind: str, time: datetime) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": kind,
        "time": iso(time),
        "repository": REPOSITORY,
        "team": "payments",
        "components": [],
        "tool": {"version": "1.0.0"},
    }


def iso(time: datetime) -> str:
    """UTC to the second."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
