"""The second half of a run from a fork: a bundle is held against the forge before it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.cli import Done, run
from tests.support.forge import NAME
from tests.support.github_server import GitHubServer, serving
from tests.support.repository import clean_environment
from tests.support.results import failing, objective, result

from vsm_gate.model.change import Context
from vsm_gate.model.results import Status, Verdict
from vsm_gate.publish.document import document

TOKEN = "ghs_a_token_that_nobody_may_see"
HEAD = "a" * 40
FORK = "stranger/payments"
Json = dict[str, Any]


class Relay:
    """A `workflow_run` job, with the bundle of a fork's run in its folder."""

    def __init__(self, folder: Path, server: GitHubServer) -> None:
        self.folder, self.server = folder, server
        server.heads[7], server.sources[7] = HEAD, FORK
        context = Context(NAME, event="pull_request", pull_request=7, run="5", job="gate")
        tests = objective("tests-green", "tests.failed", Status.FAIL, key=True)
        found = result([tests], verdict=Verdict.FAIL, tests=failing(2), context=context)
        self.bundle = document(replace(found, change=replace(found.change, head=HEAD)))
        self.event: Json = {
            "workflow_run": {
                "id": 5,
                "run_attempt": 1,
                "head_sha": HEAD,
                "head_branch": "feature",
                "event": "pull_request",
                "head_repository": {"full_name": FORK},
                "pull_requests": [],
            },
            "repository": {"full_name": NAME, "default_branch": "main"},
        }

    def publish(self, *arguments: str, **changes: str) -> Done:
        """Run the command as the job would."""
        (self.folder / "bundle.json").write_text(json.dumps(self.bundle), "utf-8")
        (self.folder / "event.json").write_text(json.dumps(self.event), "utf-8")
        environment = {
            **clean_environment(self.folder),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "workflow_run",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_API_URL": self.server.url,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            **changes,
        }
        given = ("publish", "bundle.json", *arguments)
        return run(*given, folder=self.folder, environment=environment)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    with serving(TOKEN) as server:
        yield Relay(tmp_path, server)


def test_a_bundle_of_the_run_is_published(relay: Relay) -> None:
    done = relay.publish()
    assert done.exit_code == 0, done.stderr
    [check], [comment] = relay.server.checks, relay.server.comments
    assert (check["head_sha"], check["conclusion"]) == (HEAD, "failure")
    assert check["details_url"].endswith("/actions/runs/5/attempts/1")
    assert "blocked" in comment["body"]
    assert "blocked" in (relay.folder / "summary.md").read_text("utf-8")
    assert TOKEN not in done.stdout + done.stderr


def test_the_word_of_a_fork_never_has_the_name_of_a_required_check(relay: Relay) -> None:
    relay.publish()
    assert relay.server.checks[0]["name"] == "vsm-gate: payments (gate) on workflow_run"


def test_only_the_surfaces_that_are_named(relay: Relay) -> None:
    assert relay.publish("--publish", "comment").exit_code == 0
    assert relay.server.checks == []
    assert len(relay.server.comments) == 1


def _set(*path: str) -> Callable[[Json, Any], None]:
    def change(document: Json, value: Any) -> None:
        *above, last = path
        for name in above:
            document = document[name]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("repository",), "acme/other", "repository"),
        (("change", "head"), "b" * 40, "commit"),
        (("change", "run"), "6", "run"),
        (("change", "attempt"), 2, "attempt"),
        (("change", "event"), "push", "event"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_a_bundle_of_another_run_is_refused(
    relay: Relay, path: tuple[str, ...], value: Any, what: str
) -> None:
    _set(*path)(relay.bundle, value)
    done = relay.publish()
    assert done.exit_code == 3
    assert f"its {what} is another" in done.stderr
    assert relay.server.checks == relay.server.comments == []


def test_the_number_of_another_pull_request_is_refused(relay: Relay) -> None:
    relay.server.heads[8], relay.server.sources[8] = "d" * 40, "someone/else"
    relay.bundle["change"]["pull_request"] = 8
    assert relay.publish().exit_code == 3
    relay.server.heads[8] = HEAD
    done = relay.publish()
    assert "source of the pull request is another" in done.stderr
    assert relay.server.comments == []


def test_a_pull_request_that_is_not_there_is_refused(relay: Relay) -> None:
    relay.bundle["change"]["pull_request"] = 99
    done = relay.publish()
    assert done.exit_code == 3
    assert "cannot be verified: 404" in done.stderr


def test_what_the_token_may_not_is_left_out_unless_it_was_named(relay: Relay) -> None:
    relay.server.permissions = frozenset({"pull-requests"})
    assert relay.publish().exit_code == 0
    assert relay.publish("--publish", "check-run").exit_code == 12


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"GITHUB_EVENT_NAME": "pull_request"}, "on `workflow_run`"),
        ({"GITHUB_TOKEN": ""}, "no token"),
    ],
)
def test_it_is_for_one_kind_of_job(relay: Relay, changes: dict[str, str], said: str) -> None:
    done = relay.publish(**changes)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_is_no_bundle_is_an_input_that_cannot_be_read(relay: Relay) -> None:
    relay.bundle = {"schema": "x"}
    assert relay.publish().exit_code == 3
    (relay.folder / "bundle.json").unlink()
    relay.server.heads.clear()


def test_an_event_that_says_nothing_verifies_nothing(relay: Relay) -> None:
    relay.event = {}
    done = relay.publish()
    assert done.exit_code == 3
    assert "cannot be verified" in done.stderr
