"""Every event, every surface, every permission: what the table in docs/github.md says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import github_facts
from tests.support.forge import NAME, NUMBER
from tests.support.github_job import CONFIG, LINES, Jobs, Ran
from tests.support.github_server import READABLE, GitHubServer, broken, serving
from tests.support.openapi import DOTCOM, ENTERPRISE
from tests.support.reports import cobertura, junit
from tests.support.repository import Repository

from vsm_gate.api.client import BUDGET
from vsm_gate.api.permissions import EVENTS, NEEDS

# Of what the table promises by event, those that stand together each by itself.
PLACES = {
    (event, name): need.places.get(group, "")
    for group in EVENTS
    for event in group.split(", ")
    for name, need in NEEDS.items()
}
EACH = [event for group in EVENTS for event in group.split(", ")]
EXIT_CODES = {"workflow_run": 0, "deployment_status": 0, "release": 0, "issues": 0}
# Of a pull request that is not merged there is nothing to say of who merged it.
MEASURED = {"pull_request": ("change.review_comments",)}


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with serving() as server:
        yield server


@pytest.fixture
def jobs(tmp_path: Path, server: GitHubServer) -> Jobs:
    return Jobs(tmp_path, server)


def is_there(jobs: Jobs, ran: Ran, need: str) -> bool:
    """Whether a surface has its result, on the one commit or pull request, or a fact is known."""
    server = jobs.server
    if need == "check-run":
        assert {each["head_sha"] for each in server.checks} <= {ran.commit}
        return bool(server.checks)
    if need == "status":
        assert {each["url"].rpartition("/")[2] for each in server.statuses} <= {ran.commit}
        return bool(server.statuses)
    if need == "comment":
        assert {each["issue_url"].rpartition("/")[2] for each in server.comments} <= {str(NUMBER)}
        return bool(server.comments)
    if need == "history":
        return bool(jobs.forge.records())
    metrics = MEASURED.get(need, NEEDS[need].metrics)
    return ran.result is not None and all(ran.missing(metric) is None for metric in metrics)


@pytest.mark.parametrize("event", EACH)
def test_what_an_event_has_is_where_it_belongs(jobs: Jobs, event: str) -> None:
    ran = jobs.run(event)
    found = {need: is_there(jobs, ran, need) for need in NEEDS}
    assert found == {need: bool(PLACES[event, need]) for need in NEEDS}, ran.log
    assert ran.exit_code == EXIT_CODES.get(event, 10), ran.log
    assert len(jobs.server.log) <= BUDGET


@pytest.mark.parametrize(
    ("event", "permission"),
    sorted({(event, NEEDS[need].permission) for (event, need), place in PLACES.items() if place}),
)
def test_without_a_permission_what_takes_it_is_missing_and_nothing_else(
    jobs: Jobs, event: str, permission: str
) -> None:
    name, _, right = permission.partition(": ")
    if name == "contents":
        jobs.forge.refuse()
    elif right == "read":
        jobs.server.readable = READABLE - {name}
    jobs.server.permissions -= {name}
    ran = jobs.run(event)
    refused = {permission, f"{name}: write"}
    for need, told in NEEDS.items():
        kept = bool(PLACES[event, need]) and told.permission not in refused
        assert is_there(jobs, ran, need) == kept, f"{need}: {ran.log}"
        if told.permission == permission and PLACES[event, need] and told.metrics:
            assert f"`{permission}`" in str(ran.missing(told.metrics[-1]))
    if right == "write":
        said = "history branch cannot be pushed" if name == "contents" else f"`{permission}`"
        assert said in ran.log
    if event not in EXIT_CODES:
        assert ran.exit_code == 10


def test_annotations_stand_in_for_a_check_that_may_not_be(jobs: Jobs) -> None:
    jobs.server.permissions -= {"checks"}
    assert "::error " in jobs.run("pull_request").log


def test_what_the_check_annotates_is_not_annotated_again(jobs: Jobs) -> None:
    assert "::error " not in jobs.run("pull_request").log


@pytest.mark.parametrize("api", [DOTCOM, ENTERPRISE])
def test_a_pull_request_takes_eight_requests(tmp_path: Path, api: str) -> None:
    with serving(api=api) as server:
        ran = Jobs(tmp_path, server).run("pull_request")
        assert ran.exit_code == 10, ran.log
        asked = [(each.method, each.path.split("/repos/acme/payments/")[1]) for each in server.log]
    assert asked == [
        ("GET", "pulls/7"),
        ("GET", "actions/runs/5/jobs"),
        ("GET", "pulls/7/reviews"),
        ("GET", "issues/7/timeline"),
        ("POST", f"statuses/{ran.commit}"),
        ("GET", "issues/7/comments"),
        ("POST", "issues/7/comments"),
        ("POST", "check-runs"),
    ]


def test_however_much_there_is_a_pull_request_takes_twelve(jobs: Jobs) -> None:
    server = jobs.server
    for number in range(299):
        server.say(NUMBER, f"remark {number}")
    for number in range(600):
        github_facts.happened(server, "unlabeled", "2026-11-20T11:00:00Z", label="bug")
        github_facts.review(server, f"r{number}", rights="NONE", commit_id=jobs.head)
        github_facts.job(server, f"j{number}", ("2026-11-22T09:00:00Z",) * 3)
    missed = {"src/new.py": dict.fromkeys(LINES, 0)}
    many = {f"test_{number}": "no" for number in range(300)}
    jobs.forge.developer.write("junit.xml", junit([], many)).write(
        "coverage.xml", cobertura(missed)
    )
    server.heads[NUMBER] = jobs.head = jobs.forge.developer.commit("Worse", ignored=False)
    ran = jobs.run("pull_request")
    assert ran.exit_code == 10, ran.log
    assert len(server.log) == BUDGET
    assert len(server.checks) == len(server.statuses) == 1
    assert len(server.comments) == 300


def test_a_push_is_recorded_with_the_pull_request_that_it_came_from(jobs: Jobs) -> None:
    """Squashed when it was merged: its first commit is the pull request's, not its own."""
    jobs.run("push")
    [record] = jobs.forge.records()
    assert record["forge"] == {
        "pull_request": 7,
        "opened": "2011-01-26T19:01:12Z",
        "merged": "2026-11-21T09:00:00Z",
        "author": "ann",
        "merged_by": "ann",
        "labels": [],
        "first_review_requested": "2026-11-20T10:00:00Z",
        "first_review": "2026-11-20T11:00:00Z",
        "approvals": [{"by": "bob", "at": "2026-11-20T11:00:00Z", "final": True}],
        "changes_requested": 0,
        "review_comments": 2,
        "missing": {},
    }
    assert record["runs"] == [
        {
            "name": "test",
            "attempt": 1,
            "queued_s": 60,
            "duration_s": 240,
            "conclusion": "success",
        }
    ]
    assert record["change"]["first_commit_time"] == "2023-11-14T20:00:00Z"
    assert record["change"]["commits"] == 4
    assert record["measurements"]["change.self_merge"]["value"] == 0
    assert record["measurements"]["waste.review_wait"]["value"] == 60


def test_a_pull_request_in_a_whole_clone_has_its_first_commit_from_git(jobs: Jobs) -> None:
    jobs.depth = 0
    jobs.server.timeline.clear()
    jobs.run("pull_request")
    [record] = jobs.forge.records()
    assert record["change"]["commits"] == 1
    assert record["change"]["first_commit_time"] == "2023-11-14T22:15:20Z"


def test_what_an_outage_kept_back_is_published_from_the_bundle_later(jobs: Jobs) -> None:
    payload = jobs.forge.pull_request("feature")
    folder = jobs.forge.checkout(f"refs/pull/{NUMBER}/merge")
    bundle = str(jobs.folder / "bundle.json")
    jobs.server.fault = broken(502)
    words = ("check", "--bundle", bundle)
    done = jobs.command(*words, name="pull_request", payload=payload, folder=folder)
    assert done.exit_code == 10, done.stderr
    for surface in ("check-run", "comment", "status"):
        assert f"{surface}: not published: GitHub answers 502" in done.stdout
    assert "`vsm-gate publish` its bundle" in done.stdout
    assert "::error " in done.stdout
    jobs.server.fault = None
    jobs.server.runs[5, 1] = {"head_sha": jobs.head, "event": "pull_request"}
    later = jobs.command("publish", bundle, name="workflow_dispatch", payload={}, folder=folder)
    assert later.exit_code == 0, later.stderr
    assert [check["head_sha"] for check in jobs.server.checks] == [jobs.head]
    assert jobs.server.checks[0]["name"] == "vsm-gate: payments (gate)"
    assert len(jobs.server.statuses) == len(jobs.server.comments) == 1


def test_without_a_token_nothing_is_asked_and_each_metric_says_so(jobs: Jobs) -> None:
    payload = jobs.forge.pull_request("feature")
    folder = jobs.forge.checkout("refs/pull/7/merge")
    words = ("check", "--format", "json")
    done = jobs.command(
        *words, name="pull_request", payload=payload, folder=folder, GITHUB_TOKEN=""
    )
    assert done.json()["measurements"]["change.approvals"]["missing"] == "the forge was not asked"
    assert jobs.server.log == []


def test_the_workspace_is_the_users(jobs: Jobs) -> None:
    """Its branches, its index and its files, tracked or not, are afterwards what they were."""
    payload = jobs.forge.pull_request("feature")
    place = jobs.forge.checkout(f"refs/pull/{NUMBER}/merge")
    work = Repository(place, create=False)
    work.write(".coverage", b"\0data").write("src/new.py", "an edit\n").write("staged", "x")
    work.git("add", "staged")
    before = _state(work)
    done = jobs.command("check", name="pull_request", payload=payload, folder=place)
    assert done.exit_code == 10, done.stderr
    assert _state(work) == before


def _state(work: Repository) -> tuple[str, ...]:
    commands = (
        ("status", "--porcelain", "--ignored", "--untracked-files=all"),
        ("rev-parse", "HEAD"),
        ("for-each-ref", "refs/heads", "refs/tags", "refs/remotes"),
        ("diff",),
        ("diff", "--cached"),
    )
    return tuple(work.git(*command) for command in commands)


def test_a_project_that_was_not_touched_is_reported_all_the_same(jobs: Jobs) -> None:
    """A required check that says nothing would hold the change for ever."""
    developer = jobs.forge.developer
    developer.checkout("main").branch("docs").write("docs/page.md", "words\n").commit()
    payload = jobs.forge.pull_request("docs")
    jobs.server.heads[NUMBER] = head = payload["pull_request"]["head"]["sha"]
    folder = jobs.forge.checkout(f"refs/pull/{NUMBER}/merge")
    done = jobs.command("check", name="pull_request", payload=payload, folder=folder)
    assert done.exit_code == 0, done.stdout
    assert [check["head_sha"] for check in jobs.server.checks] == [head]
    assert len(jobs.server.statuses) == len(jobs.server.comments) == 1


def test_the_tested_commit_is_recorded_beside_the_head(jobs: Jobs) -> None:
    ran = jobs.run("pull_request")
    [record] = jobs.forge.records()
    merge = jobs.forge.bare.git("rev-parse", f"refs/pull/{NUMBER}/merge")
    assert (record["change"]["head"], record["change"]["tested"]) == (ran.commit, merge)


@pytest.mark.parametrize("event", ["merge_group", "pull_request", "schedule"])
def test_only_a_commit_of_the_default_branch_can_be_a_baseline(jobs: Jobs, event: str) -> None:
    jobs.run(event)
    [record] = jobs.forge.records()
    assert record["change"]["default_branch"] == (event == "schedule")


BROKEN = """\
schema: vsm-gate/scorecard/v1
team: payments
objectives:
  tests-green: {metric: tests.failed, pass: "== 0", key: true}
break_glass: {label: emergency, allowed: [cem, acme/leads]}
"""


@pytest.mark.parametrize(
    ("by", "state", "exit_code"),
    [
        ("cem", None, 0),
        ("eve", "active", 0),
        ("eve", "pending", 10),
        ("eve", None, 10),
    ],
)
def test_a_label_of_somebody_who_may_lets_a_red_change_through(
    jobs: Jobs, by: str, state: str | None, exit_code: int
) -> None:
    developer = jobs.forge.developer
    developer.checkout("main").write("scorecard.yaml", BROKEN)
    developer.write(".vsm-gate.yaml", f"{CONFIG}scorecard: scorecard.yaml\n").commit()
    jobs.forge.push("main")
    developer.checkout("feature")
    github_facts.pull(jobs.server, labels=["emergency"], body="Break-glass: payments are down")
    at = "2026-11-20T11:00:00Z"
    github_facts.happened(jobs.server, "labeled", at, label="emergency", by=by)
    if state is not None:
        jobs.server.members["acme/leads/eve"] = state
    ran = jobs.run("pull_request")
    assert ran.exit_code == exit_code, ran.log
    [record] = jobs.forge.records()
    if exit_code:
        assert record["break_glass"] is None
        return
    assert record["verdict"] == "fail"
    glass = record["break_glass"]
    assert (glass["label"], glass["by"]) == ("emergency", by)
    assert glass["reason"] == "payments are down"
    assert record["forge"]["labels"] == ["emergency"]


@pytest.mark.parametrize("fork", [False, True], ids=["own branch", "fork"])
def test_a_check_after_another_workflow_is_of_the_commit_of_its_run(jobs: Jobs, fork: bool) -> None:
    """The job itself stands on the default branch; of a fork the forge names no pull request."""
    proposed = jobs.forge.pull_request("feature", fork=fork)["pull_request"]
    jobs.server.sources[NUMBER] = proposed["head"]["repo"]["full_name"]
    run = {
        "head_sha": jobs.head,
        "head_branch": "feature",
        "event": "pull_request",
        "head_repository": proposed["head"]["repo"],
        "pull_requests": [] if fork else [proposed],
    }
    payload = {"workflow_run": run, "repository": {"full_name": NAME, "default_branch": "main"}}
    folder = jobs.forge.checkout(f"refs/pull/{NUMBER}/head")
    done = jobs.command("check", name="workflow_run", payload=payload, folder=folder)
    assert done.exit_code == 10, done.stderr
    assert [check["head_sha"] for check in jobs.server.checks] == [jobs.head]
    assert jobs.server.checks[0]["name"].endswith(" on workflow_run")
    assert len(jobs.server.comments) == (not fork)
    [record] = jobs.forge.records()
    assert record["change"]["base"] == jobs.base
    assert not record["change"]["default_branch"]
    assert (record["forge"] is None) == fork
