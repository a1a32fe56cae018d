"""What the forge knows of a change, what it takes to ask, and what is missing without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from tests.support.forge import NAME
from tests.support.github_facts import committed, happened, job, pull, review
from tests.support.github_server import (
    READABLE,
    TOKEN,
    Fault,
    GitHubServer,
    broken,
    limited,
    once,
    serving,
    truncated,
)
from werkzeug.wrappers import Request, Response

from vsm_gate.api.client import BUDGET, Client
from vsm_gate.collect.facts import read_facts
from vsm_gate.collect.timeline import Timeline, labels_of
from vsm_gate.measure import measure_forge
from vsm_gate.model.change import Context, LabelSet
from vsm_gate.model.forge import ForgeFacts

HEAD, MERGED = "a" * 40, "d" * 40
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PROPOSED = Context(NAME, event="pull_request", head=HEAD, pull_request=7, author="ann", run="5")
PUSHED = Context(
    NAME, event="push", branch="main", default_branch=True, head=MERGED, author="", run="5"
)


FIELDS = frozenset(
    {
        *("number", "name", "event", "label", "labels", "actor", "user", "login", "type", "jobs"),
        *("state", "submitted_at", "created_at", "merged_at", "merged_by", "head", "base", "sha"),
        *("ref", "author", "date", "body", "commits", "review_comments", "status", "conclusion"),
        *("started_at", "completed_at", "run_attempt", "author_association", "commit_id"),
    }
)


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    """A forge with a pull request that was asked a review of, and is labelled and approved."""
    with serving() as server:
        server.heads[7] = HEAD
        pull(server, created_at="2026-11-20T09:00:00Z", labels=["bug", "Emergency"])
        committed(server, "2026-11-19T17:00:00Z")
        committed(server, "2026-11-19T16:00:00Z")
        happened(server, "review_requested", "2026-11-20T10:00:00Z")
        happened(server, "labeled", "2026-11-20T10:30:00Z", label="emergency", by="eve")
        happened(server, "labeled", "2026-11-20T11:00:00Z", label="emergency", by="cem")
        review(server, "bob", commit_id=HEAD, submitted_at="2026-11-20T12:30:00Z")
        job(
            server, "test", ("2026-11-22T09:00:00Z", "2026-11-22T09:01:30Z", "2026-11-22T09:10:00Z")
        )
        yield server


def read(server: GitHubServer, context: Context = PROPOSED) -> ForgeFacts:
    client = Client(replace(context, api_url=server.url), TOKEN, sleep=lambda _: None)
    return read_facts(client, context, NOW)


def shown(facts: ForgeFacts) -> dict[str, Any]:
    """Values by metric, or the reason why there is none."""
    return {
        name: found.missing if found.value is None else found.value
        for name, found in measure_forge(facts).items()
    }


def test_a_pull_request_takes_four_requests(server: GitHubServer) -> None:
    facts = read(server)
    assert [each.path.split(f"{NAME}/")[1] for each in server.log] == [
        "pulls/7",
        "actions/runs/5/jobs",
        "pulls/7/reviews",
        "issues/7/timeline",
    ]
    assert facts.missing == {}
    found = facts.pull_request
    assert found is not None
    assert (found.number, found.author, found.merged) == (7, "ann", None)
    assert found.opened == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert found.first_commit == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert found.review_requested == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert found.reviews is not None
    assert found.reviews.first == datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert found.labels.standing == (
        LabelSet("bug", ""),
        LabelSet("Emergency", "cem", datetime(2026, 11, 20, 11, tzinfo=UTC)),
    )


def test_they_are_measured(server: GitHubServer) -> None:
    pull(server, review_comments=3)
    found = shown(read(server))
    assert found["change.approvals"] == 1
    assert found["change.review_comments"] == 3
    assert found["change.self_merge"] == "the pull request is not merged yet"
    assert found["waste.queue"] == Fraction(3, 2)
    assert found["waste.rerun"] == found["waste.flaky"] == 0
    assert found["waste.review_wait"] == 150


@pytest.mark.parametrize(
    ("merged_by", "approved", "expected"),
    [
        ("bob", False, 0),
        ("ann", True, 0),
        ("ann", False, 1),
        ("github-merge-queue[bot]", True, 0),
        ("github-merge-queue[bot]", False, 1),
    ],
)
def test_who_merges_alone(
    server: GitHubServer, merged_by: str, approved: bool, expected: int
) -> None:
    server.came_from[MERGED] = 7
    pull(server, merged_at="2026-11-21T09:00:00Z", merged_by=merged_by)
    if not approved:
        server.reviews.clear()
    facts = read(server, PUSHED)
    assert shown(facts)["change.self_merge"] == expected
    assert len(server.log) == 5
    assert facts.pull_request is not None
    assert facts.pull_request.merged_by == merged_by


def test_an_approval_counts_on_what_was_merged(server: GitHubServer) -> None:
    server.came_from[MERGED] = 7
    pull(server, merged_at="2026-11-21T09:00:00Z", merged_by="ann")
    server.heads[7] = "e" * 40
    assert shown(read(server, PUSHED))["change.approvals"] == 0


def test_a_commit_without_a_pull_request_says_so(server: GitHubServer) -> None:
    found = shown(read(server, PUSHED))
    without = "the commit came to the branch without a pull request"
    assert found["change.approvals"] == found["change.self_merge"] == without
    assert found["waste.queue"] == Fraction(3, 2)


def test_a_pull_request_that_is_not_merged_is_none_that_a_commit_came_from(
    server: GitHubServer,
) -> None:
    server.came_from[MERGED] = 7
    assert read(server, PUSHED).pull_request is None


def test_a_group_of_the_merge_queue_has_the_pull_request_that_it_is_named_for(
    server: GitHubServer,
) -> None:
    branch = f"gh-readonly-queue/release/2.x/pr-7-{'b' * 40}"
    context = Context(NAME, event="merge_group", branch=branch, head="c" * 40, run="5")
    facts = read(server, context)
    assert facts.pull_request is not None
    assert facts.pull_request.approvers == {"bob"}
    named_alike = replace(context, event="push")
    assert read(server, named_alike).pull_request is None


def test_other_runs_are_of_no_pull_request(server: GitHubServer) -> None:
    context = replace(PUSHED, event="schedule")
    assert read(server, context).why("pull_request") == "the run is not of a pull request"
    assert [each.path.rpartition("/")[2] for each in server.log] == ["jobs"]


@pytest.mark.parametrize(
    ("permission", "missing", "metrics"),
    [
        ("actions", "`actions: read`", {"waste.queue", "waste.rerun", "waste.flaky"}),
        (
            "pull-requests",
            "`pull-requests: read`",
            {
                *["change.approvals", "change.self_merge", "change.review_comments"],
                "waste.review_wait",
            },
        ),
    ],
)
def test_a_missing_permission_costs_its_own_metrics_and_is_named(
    server: GitHubServer, permission: str, missing: str, metrics: set[str]
) -> None:
    server.readable = READABLE - {permission}
    found = measure_forge(read(server))
    without = {name for name, each in found.items() if missing in str(each.missing)}
    assert without == metrics


@pytest.mark.parametrize(
    ("place", "metrics"),
    [
        ("reviews", {"change.approvals", "waste.review_wait"}),
        ("timeline", {"waste.review_wait"}),
        ("jobs", {"waste.queue", "waste.rerun", "waste.flaky"}),
    ],
)
def test_what_one_answer_lacks_the_others_tell(
    server: GitHubServer, place: str, metrics: set[str]
) -> None:
    server.fault = lambda request, _: (
        broken(410)(request, _) if request.path.endswith(place) else None
    )
    found = measure_forge(read(server))
    assert {name for name, each in found.items() if "cannot be read: 410" in str(each.missing)} == (
        metrics
    )


def test_an_outage_is_asked_no_more_than_once(server: GitHubServer) -> None:
    server.fault = broken(502)
    found = measure_forge(read(server))
    assert all("GitHub answers 502" in str(each.missing) for each in found.values())
    assert len(server.log) == 3


@pytest.mark.parametrize(
    "fault",
    [limited("You have exceeded a secondary rate limit."), broken(500), truncated],
    ids=["secondary limit", "500", "truncated"],
)
@pytest.mark.parametrize("place", ["jobs", "pulls/7", "reviews", "timeline"])
def test_one_failure_is_waited_out(server: GitHubServer, place: str, fault: Fault) -> None:
    server.fault = once(fault, "GET", f"{place}$")
    assert read(server).missing == {}
    assert len(server.log) == 5


def test_a_limit_that_ends_late_is_not_waited_for(server: GitHubServer) -> None:
    said = "API rate limit exceeded for installation ID 1."
    server.fault = limited(said, x_ratelimit_remaining="0", x_ratelimit_reset="99999999999")
    assert "rate limit, for" in read(server).missing["pull_request"]


def test_reruns_are_counted_and_what_was_carried_over_is_not(server: GitHubServer) -> None:
    times = ("2026-11-22T09:20:00Z", "2026-11-22T09:21:00Z", "2026-11-22T09:25:00Z")
    server.jobs[0]["conclusion"] = "success"
    job(server, "flaky", times, conclusion="failure")
    again = ("2026-11-22T09:30:00Z", "2026-11-22T09:30:30Z", "2026-11-22T09:36:30Z")
    job(server, "flaky", again, run_attempt=2)
    server.jobs.append(server.jobs[0] | {"id": 9, "run_attempt": 2})
    job(server, "gate", ("2026-11-22T09:50:00Z", "2026-11-22T09:50:00Z", None), run_attempt=2)
    job(server, "later", (again[0], again[0], None), status="queued", run_attempt=2)
    job(server, "left out", times, conclusion="skipped")
    facts = read(server)
    assert facts.runs is not None
    assert [(each.name, each.attempt, each.conclusion) for each in facts.runs] == [
        ("flaky", 1, "failure"),
        ("test", 1, "success"),
        ("flaky", 2, "success"),
        ("gate", 2, None),
    ]
    found = shown(facts)
    assert found["waste.rerun"] == 6 + 10
    assert found["waste.flaky"] == 6
    assert found["waste.queue"] == Fraction(3, 2) + 1 + Fraction(1, 2)


def test_a_job_that_began_before_it_was_queued_did_not_queue(server: GitHubServer) -> None:
    server.jobs[0]["created_at"] = "2026-11-22T09:05:00Z"
    assert shown(read(server))["waste.queue"] == 0


def test_a_timeline_that_goes_on_for_ever_names_nobody(server: GitHubServer) -> None:
    for _ in range(600):
        happened(server, "unlabeled", "2026-11-20T11:00:00Z", label="emergency")
    facts = read(server)
    assert facts.pull_request is not None
    assert facts.pull_request.labels.standing == (LabelSet("bug", ""), LabelSet("Emergency", ""))
    assert facts.pull_request.review_requested is not None
    assert "more than 500 entries" in facts.missing["timeline"]
    assert len(server.log) == 8


def test_many_comments_leave_less_for_reading(server: GitHubServer) -> None:
    pull(server, comments=299)
    for _ in range(600):
        happened(server, "unlabeled", "2026-11-20T11:00:00Z", label="emergency")
    assert "more than 300 entries" in read(server).missing["timeline"]
    assert len(server.log) == 6


def test_lists_without_end_leave_enough_for_publishing(server: GitHubServer) -> None:
    for number in range(700):
        happened(server, "unlabeled", "2026-11-20T11:00:00Z", label="emergency")
        review(server, f"r{number}", "COMMENTED", commit_id=HEAD)
        job(server, f"j{number}", ("2026-11-22T09:00:00Z", "2026-11-22T09:01:30Z", None))
    facts = read(server)
    assert len(server.log) == BUDGET - 4
    assert set(facts.missing) == {"runs", "reviews", "timeline"}
    assert "there are more than" in shown(facts)["change.approvals"]


def test_a_review_without_being_asked_is_no_wait(server: GitHubServer) -> None:
    server.timeline.clear()
    found = measure_forge(read(server))["waste.review_wait"]
    assert (found.missing, found.denominator) == ("nobody was asked for a review", 0)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Break-glass: payments are down", "payments are down"),
        ("First.\r\n**Break-glass**: `prod` is down\r\nmore", "`prod` is down"),
        ("- break-glass:\n", ""),
        ("We do not break-glass: ever" + " " * 60_000 + "x", ""),
        ("break-glass:" + "*" * 60_000 + "x", "x"),
        (None, ""),
    ],
    ids=["plain", "marked up", "empty", "inside", "long", "none"],
)
def test_a_reason_stands_on_a_line_of_its_own(body: str | None, reason: str) -> None:
    labels = labels_of({"body": body, "labels": [{"name": "x"}]}, Timeline())
    assert labels.standing == (LabelSet("x", "", None, reason),)


JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    7,
    "x",
    "2026-11-20T10:00:00",
    [],
    [7],
    ["x"],
    {},
    {"login": 7},
    [{}],
)


def spoil(answer: Any, chance: Random) -> Any:
    """An answer with one of its parts replaced by something else."""
    if chance.random() < 0.05 or not isinstance(answer, dict | list) or not answer:
        return chance.choice(JUNK)
    places = [key for key in answer if key in FIELDS] if isinstance(answer, dict) else None
    key = chance.choice(places or list(answer if isinstance(answer, dict) else range(len(answer))))
    answer[key] = spoil(answer[key], chance)
    return answer


@pytest.mark.parametrize("seed", range(150))
def test_no_answer_is_a_traceback(server: GitHubServer, seed: int) -> None:
    chance = Random(seed)
    server.came_from[MERGED] = 7
    pull(server, merged_at="2026-11-21T09:00:00Z", merged_by="bob", labels=["bug"], body="x")

    def answered(_: Request, real: Callable[[], Response]) -> Response:
        answer = spoil(json.loads(real().get_data()), chance)
        return Response(json.dumps(answer), 200, content_type="application/json")

    server.fault = answered
    for context in (PROPOSED, PUSHED):
        measure_forge(read(server, context))


@pytest.mark.parametrize("strange", [{"created_at": "yesterday"}, {"created_at": None}])
def test_an_answer_that_is_none_is_missing(server: GitHubServer, strange: dict[str, Any]) -> None:
    server.pulls[7] |= strange
    assert "not what was asked for" in read(server).missing["pull_request"]
    server.wrong.clear()
