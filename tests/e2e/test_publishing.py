"""The action in the hands of a real runner, publishing to a forge that speaks GitHub's API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.support import act, github_facts
from tests.support.act import Run, Runner, artifacts
from tests.support.forge import NAME, NUMBER
from tests.support.github_job import DEPLOYED, ENDED, INCIDENT, LINES, RELEASED, propose
from tests.support.github_server import GitHubServer, forbidden, once, serving

EXAMPLES: Final = act.ROOT / "docs" / "examples"


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with serving(act.TOKEN) as server:
        yield server


class World:
    """A repository with a proposal that breaks a test and leaves lines uncovered."""

    def __init__(self, folder: Path, runner: Runner, server: GitHubServer) -> None:
        self.folder, self.runner, self.server = folder, runner, server
        self.forge, self.base, self.head = propose(folder)

    def run(
        self,
        event: str,
        payload: Mapping[str, Any],
        commit: str,
        *,
        name: str = "checkout",
        steps: Sequence[Mapping[str, Any]] = (),
        actions: Mapping[str, Path] | None = None,
        **environment: str,
    ) -> Run:
        """Run the gate for an event in a checkout of a commit, and steps after it."""
        own = [{"uses": "actions/checkout@v5"}, {"id": "vsm", "uses": f"{act.ACTION}@v1"}]
        gate = {"runs-on": "ubuntu-latest", "steps": [*own, *steps]}
        document = {"on": [event], "jobs": {"gate": gate}}
        place = self.folder / "workflow.yml"
        place.write_text(yaml.safe_dump(document), "utf-8")
        return self.runner.run(
            event,
            payload,
            workflow=place,
            checkout=self.forge.checkout(commit, name),
            environment={"GITHUB_API_URL": self.server.url, **environment},
            actions=actions,
        )

    def propose(self, *, fork: bool = False, **given: Any) -> Run:
        """Run the gate for the pull request."""
        payload = self.forge.pull_request("feature", fork=fork)
        self.forge.developer.git("checkout", "--quiet", "feature")
        self.server.heads[NUMBER] = self.head
        return self.run("pull_request", payload, f"refs/pull/{NUMBER}/merge", **given)


@pytest.fixture
def world(tmp_path: Path, runner: Runner, server: GitHubServer) -> World:
    return World(tmp_path, runner, server)


def test_a_pull_request_gets_a_check_a_comment_and_a_status(world: World) -> None:
    run = world.propose()
    assert run.exit_code == 10, run.log
    [check], [comment], [status] = (
        world.server.checks,
        world.server.comments,
        world.server.statuses,
    )
    assert (check["head_sha"], check["conclusion"]) == (world.head, "failure")
    assert (status["url"].rpartition("/")[2], status["state"]) == (world.head, "failure")
    assert check["name"] == status["context"] == "vsm-gate: payments (gate)"
    assert "blocked" in comment["body"]
    assert "`expected 3, got 4`" in comment["body"]
    blob = f"https://github.com/{NAME}/blob/{world.head}/src/new.py#L2"
    assert f"[2]({blob})" in comment["body"]
    places = {(each["path"], each["start_line"]) for each in world.server.annotations[1]}
    assert places == {("src/new.py", line) for line in LINES if line % 2 == 0}
    assert len(world.server.log) <= 12


def test_what_the_check_annotates_is_not_annotated_again(world: World) -> None:
    run = world.propose()
    assert world.server.annotations[1]
    assert run.remarks == []
    assert act.TOKEN not in run.text


def test_a_run_again_edits_the_comment_and_leaves_a_check_of_its_own(world: World) -> None:
    world.propose()
    world.propose(name="again", GITHUB_RUN_ATTEMPT="2")
    [comment] = world.server.comments
    assert f"head={world.head} run=1/2" in comment["body"]
    assert [check["head_sha"] for check in world.server.checks] == [world.head] * 2
    assert len({check["external_id"] for check in world.server.checks}) == 2
    assert sorted(record["change"]["attempt"] for record in world.forge.records()) == [1, 2]
    world.propose(name="late", GITHUB_RUN_ATTEMPT="1")
    assert "run=1/2" in comment["body"]


def test_a_fork_is_left_with_summary_annotations_and_exit_code(world: World) -> None:
    world.server.permissions = frozenset()
    run = world.propose(fork=True)
    assert run.exit_code == 10
    assert world.server.checks == world.server.comments == world.server.statuses == []
    assert [each.method for each in world.server.log if each.method != "GET"] == ["POST"]
    assert "a pull request from a fork has a token that can only read" in run.log
    assert "test_new" in run.summary
    assert any("test_new" in remark.title for remark in run.remarks)


def test_a_group_of_the_merge_queue_reports_on_its_own_commit(world: World) -> None:
    payload = world.forge.merge_group(world.base)
    run = world.run("merge_group", payload, payload["merge_group"]["head_sha"])
    assert run.exit_code == 10
    assert world.server.checks[0]["head_sha"] == payload["merge_group"]["head_sha"]
    assert world.server.checks[0]["name"] == "vsm-gate: payments (gate)"
    assert world.server.comments == []


def test_a_push_reports_on_the_pushed_commit(world: World) -> None:
    world.forge.developer.git("checkout", "--quiet", "main")
    world.forge.developer.git("merge", "--quiet", "--ff-only", "feature")
    run = world.run("push", world.forge.pushed(world.base), "main", GITHUB_SHA=world.head)
    assert run.exit_code == 10
    assert world.server.checks[0]["head_sha"] == world.head
    assert world.server.checks[0]["name"].endswith(" on push")
    assert world.server.comments == []


def test_a_forge_in_trouble_leaves_the_verdict(world: World) -> None:
    world.server.fault = once(forbidden, "POST", "check-runs")
    run = world.propose()
    assert run.exit_code == 10
    assert "check-run: not published: the token may not" in run.log
    assert any("test_new" in remark.title for remark in run.remarks)
    assert len(world.server.comments) == len(world.server.statuses) == 1


def test_approvals_of_the_final_revision_are_held_against_the_scorecard(world: World) -> None:
    github_facts.review(world.server, "bob", commit_id=world.head)
    world.propose()
    [record] = world.forge.records()
    assert record["measurements"]["change.approvals"]["value"] == 1
    assert [each["by"] for each in record["forge"]["approvals"]] == ["bob"]


def test_what_a_fork_left_is_published_by_a_job_that_may(world: World, tmp_path: Path) -> None:
    """Both workflows, as they are in the documentation, the second on the default branch."""
    page = (act.ROOT / "docs" / "github.md").read_text("utf-8")
    upload = page.partition("```yaml\n      - if: ${{ !cancelled() && github")[2].partition("```")[
        0
    ]
    steps = yaml.safe_load("      - if: ${{ !cancelled() && github" + upload)
    second = (EXAMPLES / "fork-publish.yml").read_text("utf-8")
    world.server.permissions, allowed = frozenset(), world.server.permissions
    world.forge.refuse()
    given = artifacts(tmp_path, upload + second)
    assert {name.partition("@")[0] for name in given} == {
        "actions/upload-artifact",
        "actions/download-artifact",
    }
    first = world.propose(fork=True, steps=steps, actions=given)
    assert first.exit_code == 10, first.log
    assert world.server.checks == []
    world.server.permissions = allowed
    world.server.sources[NUMBER] = "stranger/payments"
    run = {"id": 1, "run_attempt": 1, "head_sha": world.head, "event": "pull_request"}
    run |= {"head_branch": "feature", "head_repository": {"full_name": "stranger/payments"}}
    done = world.runner.run(
        "workflow_run",
        {"workflow_run": run, "repository": {"full_name": NAME}},
        workflow=EXAMPLES / "fork-publish.yml",
        checkout=world.forge.checkout("main", "publishing"),
        environment={"GITHUB_API_URL": world.server.url},
        actions=given,
    )
    assert done.jobs == {"publish": "success"}, done.log
    assert world.server.checks[0]["head_sha"] == world.head
    assert world.server.checks[0]["name"].endswith(" on workflow_run")
    assert "blocked" in world.server.comments[0]["body"]
    assert world.forge.records() == []


@pytest.mark.parametrize(
    ("event", "payload", "kind"),
    [
        ("workflow_run", ENDED, "deployment"),
        ("deployment_status", DEPLOYED, "deployment"),
        ("release", RELEASED, "release"),
        ("issues", INCIDENT, "incident"),
    ],
)
def test_the_example_records_what_github_tells(
    world: World, event: str, payload: dict[str, Any], kind: str
) -> None:
    run = world.runner.run(
        event,
        payload,
        workflow=EXAMPLES / "events.yml",
        checkout=world.forge.checkout("main"),
    )
    assert run.jobs == {"record": "success"}, run.log
    [record] = world.forge.records()
    assert (record["kind"], record["repository"]) == (kind, NAME)
    assert record["team"] == "payments"
