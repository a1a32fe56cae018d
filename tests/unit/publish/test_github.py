"""Publishing to a forge that speaks GitHub's API, and that fails in every way it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.support.forge import NAME
from tests.support.github_server import (
    TOKEN,
    Fault,
    GitHubServer,
    broken,
    forbidden,
    limited,
    once,
    serving,
    truncated,
)
from tests.support.openapi import ENTERPRISE
from tests.support.results import failing, objective, patch, result
from werkzeug.wrappers import Request, Response

from vsm_gate.api.client import BUDGET, PATIENCE, Client
from vsm_gate.model.change import Context
from vsm_gate.model.results import Receipt, Status, Verdict
from vsm_gate.publish.check_run import check_run
from vsm_gate.publish.comment import comment
from vsm_gate.publish.console import Style
from vsm_gate.publish.github import GitHub
from vsm_gate.publish.plan import Targets, then_posted
from vsm_gate.publish.result import CheckResult

HEAD = "a" * 40
SURFACES = ("check-run", "comment", "status")
TESTS = objective("tests-green", "tests.failed", Status.FAIL, key=True, value=Fraction(2))


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with serving() as server:
        server.heads[7] = HEAD
        yield server


class Sleeps(list[float]):
    """What would have been waited for."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def proposed(found: CheckResult | None = None, **changes: Any) -> CheckResult:
    """A result of a pull request's job, run 5, attempt 1."""
    given: dict[str, Any] = {
        "event": "pull_request",
        "branch": "feature",
        "head": HEAD,
        "tested": "c" * 40,
        "pull_request": 7,
        "run": "5",
        "job": "gate",
        "server_url": "https://github.com",
    }
    return replace(found or result([TESTS]), context=Context(NAME, **{**given, **changes}))


def publish(
    server: GitHubServer,
    found: CheckResult,
    *surfaces: str,
    sleep: Sleeps | None = None,
    **changes: Any,
) -> dict[str, Receipt]:
    """Publish on the surfaces, on all where none is named."""
    context = replace(found.context, api_url=changes.pop("api_url", server.url))
    token = changes.pop("token", TOKEN)
    named = changes.pop("named", frozenset())
    asked = changes.pop("asked", 0)
    client = Client(context, token, sleep=Sleeps() if sleep is None else sleep, **changes)
    client.requests = asked
    forge = GitHub(client, fork=context.from_fork, named=named)
    wanted = frozenset(surfaces or SURFACES)
    steps = then_posted(found, Targets(Style(False, True), guard="g", forge=wanted))
    receipts = [forge.post(step) for step in steps]  # type: ignore[arg-type]
    return {receipt.publisher: receipt for receipt in receipts}


def test_every_surface_is_on_the_head_never_on_the_merge_commit(server: GitHubServer) -> None:
    receipts = publish(server, proposed())
    assert {name: receipt.ok for name, receipt in receipts.items()} == dict.fromkeys(SURFACES, True)
    [check], [comment], [status] = server.checks, server.comments, server.statuses
    assert (check["head_sha"], check["status"], check["conclusion"]) == (
        HEAD,
        "completed",
        "success",
    )
    assert check["name"] == status["context"] == "vsm-gate: payments (gate)"
    assert check["details_url"] == f"https://github.com/{NAME}/actions/runs/5/attempts/1"
    assert [each.path for each in server.log if "statuses" in each.path] == [
        f"/repos/{NAME}/statuses/{HEAD}"
    ]
    assert "tests&#45;green" in comment["body"]
    assert len(server.log) == 5


@pytest.mark.parametrize(
    ("verdict", "conclusion", "state"),
    [
        (Verdict.PASS, "success", "success"),
        (Verdict.WARN, "neutral", "success"),
        (Verdict.FAIL, "failure", "failure"),
        (Verdict.INCONCLUSIVE, "failure", "error"),
    ],
)
def test_the_conclusion_follows_the_gate(
    server: GitHubServer, verdict: Verdict, conclusion: str, state: str
) -> None:
    publish(server, proposed(result(verdict=Verdict.FAIL, conclusion=verdict)))
    assert server.checks[0]["conclusion"] == conclusion
    assert server.statuses[0]["state"] == state


def test_a_second_run_edits_the_comment_in_place(server: GitHubServer) -> None:
    for number in range(250):
        server.say(7, f"remark {number}")
    publish(server, proposed(), "comment")
    [ours] = [each for each in server.comments if each["user"]["type"] == "Bot"]
    receipts = publish(server, proposed(result(), run="6"), "comment")
    assert "edited" in receipts["comment"].detail
    assert len(server.comments) == 251
    assert "run=6/1" in ours["body"]
    assert receipts["comment"].detail.endswith("(5 requests)")


def test_teams_and_jobs_have_comments_of_their_own(server: GitHubServer) -> None:
    other = proposed()
    publish(server, other, "comment")
    publish(server, replace(other, policy=replace(other.policy, team="web")), "comment")
    publish(server, proposed(job="gate (3.13)"), "comment")
    assert len(server.comments) == 3


def test_a_push_a_proposal_and_a_run_again_of_one_commit_stand_side_by_side(
    server: GitHubServer,
) -> None:
    publish(server, proposed())
    publish(server, proposed(attempt=2))
    publish(server, proposed(event="push", pull_request=None))
    assert {check["head_sha"] for check in server.checks} == {HEAD}
    assert len({check["external_id"] for check in server.checks}) == 3
    named = "vsm-gate: payments (gate)"
    assert [check["name"] for check in server.checks] == [named, named, f"{named} on push"]
    assert {status["context"] for status in server.statuses} == {named, f"{named} on push"}


def test_a_copy_of_the_marker_by_a_stranger_is_not_our_comment(server: GitHubServer) -> None:
    planned = comment(proposed())
    assert planned is not None
    forged = server.say(7, f"{planned.marker}\nApproved")
    publish(server, proposed(), "comment")
    assert forged["body"].endswith("Approved")
    assert len(server.comments) == 2


def test_a_comment_by_a_person_with_a_token_is_edited(server: GitHubServer) -> None:
    planned = comment(proposed())
    assert planned is not None
    server.say(7, f"{planned.marker}\nold", rights="MEMBER")
    publish(server, proposed(), "comment")
    assert len(server.comments) == 1


def test_results_older_than_the_head_are_dropped(server: GitHubServer) -> None:
    server.heads[7] = "d" * 40
    receipts = publish(server, proposed())
    assert receipts["comment"].ok
    assert "moved on to dddddddddd" in receipts["comment"].detail
    assert server.comments == []
    assert server.checks[0]["head_sha"] == HEAD


@pytest.mark.parametrize(
    ("run", "attempt", "left"), [("4", 1, True), ("5", 1, True), ("5", 3, False)]
)
def test_a_newer_attempt_on_the_same_commit_stands(
    server: GitHubServer, run: str, attempt: int, left: bool
) -> None:
    publish(server, proposed(attempt=2), "comment")
    receipts = publish(server, proposed(run=run, attempt=attempt), "comment")
    assert ("is newer" in receipts["comment"].detail) is left
    assert ("run=5/2" in server.comments[0]["body"]) is left


@pytest.mark.parametrize("event", ["push", "merge_group"])
def test_without_a_pull_request_there_is_no_comment(server: GitHubServer, event: str) -> None:
    receipts = publish(server, proposed(event=event, pull_request=None))
    assert set(receipts) == {"check-run", "status"}
    named = "vsm-gate: payments (gate)"
    assert server.checks[0]["name"] == (named if event == "merge_group" else f"{named} on push")


def test_annotations_come_in_batches_of_fifty_to_one_check(server: GitHubServer) -> None:
    found = proposed(result([TESTS], tests=failing(120, file="tests/test_it.py")))
    receipts = publish(server, found, "check-run")
    assert len(server.checks) == 1
    assert [each["start_line"] for each in server.annotations[1]] == list(range(1, 121))
    assert [each.method for each in server.log] == ["POST", "PATCH", "PATCH"]
    assert "120 annotations (3 requests)" in receipts["check-run"].detail


def test_a_pull_request_takes_twelve_requests_at_most(server: GitHubServer) -> None:
    for number in range(299):
        server.say(7, f"remark {number}")
    found = proposed(result([TESTS], tests=failing(900, file="t.py"), patch=patch(10, 500)))
    receipts = publish(server, found)
    assert len(server.log) <= BUDGET
    assert len(server.annotations[1]) == 250
    assert (
        "5,650 more remarks are not shown beside the code" in server.checks[0]["output"]["summary"]
    )
    assert "250 annotations" in receipts["check-run"].detail


def test_what_was_asked_before_leaves_fewer_annotations_which_is_said(server: GitHubServer) -> None:
    found = proposed(result([TESTS], tests=failing(900, file="t.py")))
    receipts = publish(server, found, asked=7)
    assert 7 + len(server.log) == BUDGET
    assert len(server.annotations[1]) == 50
    assert "50 of 250 annotations" in receipts["check-run"].detail
    assert receipts["check-run"].ok


def test_each_missing_permission_costs_one_surface_and_is_named(server: GitHubServer) -> None:
    for missing, surface in (
        ("checks", "check-run"),
        ("pull-requests", "comment"),
        ("statuses", "status"),
    ):
        server.permissions = frozenset({"checks", "pull-requests", "statuses"}) - {missing}
        receipts = publish(server, proposed())
        assert [name for name, each in receipts.items() if not each.ok] == [surface]
        assert f"`{missing}: write`" in receipts[surface].detail


def test_what_was_asked_for_by_name_is_not_just_left_out(server: GitHubServer) -> None:
    server.permissions = frozenset({"checks", "pull-requests"})
    [receipt] = publish(server, proposed(), "status").values()
    assert (receipt.ok, receipt.left_out) == (False, True)
    [receipt] = publish(server, proposed(), "status", named=frozenset({"status"})).values()
    assert (receipt.ok, receipt.left_out) == (False, False)


def test_a_token_of_a_fork_is_asked_once(server: GitHubServer) -> None:
    server.permissions = frozenset()
    receipts = publish(server, proposed(from_fork=True))
    assert not any(receipt.ok for receipt in receipts.values())
    assert all("can only read" in receipt.detail for receipt in receipts.values())
    assert len(server.log) == 1


def test_a_persons_token_makes_no_check_and_the_forges_words_say_why(server: GitHubServer) -> None:
    words = "You must authenticate via a GitHub App."
    refusal = Response(json.dumps({"message": words}), 403, content_type="application/json")
    server.fault = lambda request, _: refusal if request.path.endswith("check-runs") else None
    receipts = publish(server, proposed())
    assert words in receipts["check-run"].detail
    assert receipts["comment"].ok
    assert receipts["status"].ok


def test_a_wrong_token_is_said_and_not_shown(server: GitHubServer) -> None:
    receipts = publish(server, proposed(), token="ghs_wrong")
    assert all("the token is not valid" in receipt.detail for receipt in receipts.values())
    assert "ghs_wrong" not in str(receipts)


PRIMARY = "API rate limit exceeded for installation ID 1."
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (limited(SECONDARY), [60.0]),
        (limited(SECONDARY, retry_after="7"), [7.0]),
        (limited("Slow down", retry_after="7"), [7.0]),
        (broken(500), [1.0]),
        (broken(502), [1.0]),
        (broken(429), [60.0]),
        (truncated, [1.0]),
    ],
    ids=["secondary", "with header", "unusual words", "500", "502", "429", "truncated"],
)
@pytest.mark.parametrize("surface", SURFACES)
def test_one_failure_is_waited_out_and_nothing_is_made_twice(
    server: GitHubServer, fault: Fault, waits: list[float], surface: str
) -> None:
    slept = Sleeps()
    server.fault = once(fault, "POST")
    [receipt] = publish(server, proposed(), surface, sleep=slept).values()
    assert receipt.ok, receipt.detail
    assert slept == waits
    assert len(server.checks) + len(server.comments) == (surface != "status")


def test_a_primary_limit_is_waited_for_only_if_it_ends_soon(server: GitHubServer) -> None:
    server.fault = limited(PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset="99999999999")
    slept = Sleeps()
    receipts = publish(server, proposed(), sleep=slept)
    assert slept == []
    assert all("rate limit, for" in receipt.detail for receipt in receipts.values())
    assert all("run the job again" in receipt.detail for receipt in receipts.values())


@pytest.mark.parametrize("fault", [limited(SECONDARY), broken(503), truncated])
def test_waiting_and_asking_are_bounded(server: GitHubServer, fault: Fault) -> None:
    slept = Sleeps()
    server.fault = fault
    receipts = publish(server, proposed(), sleep=slept)
    assert not any(receipt.ok for receipt in receipts.values())
    assert sum(slept) <= PATIENCE
    assert len(server.log) <= 9


def test_a_forge_that_is_down_is_not_asked_again(server: GitHubServer) -> None:
    receipts = publish(server, proposed(), api_url="http://127.0.0.1:9")
    assert not any(receipt.ok for receipt in receipts.values())
    assert "the connection failed" in receipts["check-run"].detail
    assert receipts["check-run"].detail.endswith("(0 requests)")
    assert server.log == []


def test_an_answer_that_never_comes_is_given_up(server: GitHubServer) -> None:
    def silent(_: Request, __: object) -> Response:
        server.released.wait(30)
        return Response("", 500)

    server.fault = silent
    receipts = publish(server, proposed(), timeout=1)
    assert "timed out" in receipts["check-run"].detail
    assert not receipts["status"].ok
    server.released.set()


def test_a_batch_that_fails_leaves_the_check_and_says_how_many(server: GitHubServer) -> None:
    found = proposed(result([TESTS], tests=failing(120, file="tests/test_it.py")))
    server.fault = lambda request, _: (
        forbidden(request, None) if request.method == "PATCH" else None
    )
    [receipt] = publish(server, found, "check-run").values()
    assert not receipt.ok
    assert "published with 50 of 120 annotations" in receipt.detail
    assert server.checks[0]["conclusion"] == "success"


def test_garbage_in_place_of_an_answer_is_a_failure(server: GitHubServer) -> None:
    for garbage in ("[]", "{}", "null", "<html>", '"x"', '{"head": 1}'):
        server.fault = lambda _, __, text=garbage: Response(text, 200)
        receipts = publish(server, proposed(), "comment", "check-run")
        assert not any(receipt.ok for receipt in receipts.values()), garbage


def test_an_enterprise_server_is_reached_by_its_address() -> None:
    with serving(api=ENTERPRISE) as server:
        server.heads[7] = HEAD
        receipts = publish(server, proposed(), api_url=f"{server.url}/api/v3")
        assert all(receipt.ok for receipt in receipts.values())
        assert {each.path.split("/repos/")[0] for each in server.log} == {"/api/v3"}


def test_the_plan_is_the_same_every_time() -> None:
    found = proposed(result([TESTS], tests=failing(3, file="a.py")))
    assert check_run(found) == check_run(found)
    assert comment(found) == comment(found)
