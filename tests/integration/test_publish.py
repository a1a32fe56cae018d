"""The second half of a run from a fork: a bundle is held against the forge before it is shown."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.cli import Done, run
from tests.support.forge import NAME
from tests.support.github_server import TOKEN, GitHubServer, serving
from tests.support.repository import clean_environment
from tests.support.results import failing, objective, result

from vsm_gate.model.change import Context
from vsm_gate.model.results import Status, Verdict
from vsm_gate.publish.document import document

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
    with serving() as server:
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


def test_it_takes_a_token(relay: Relay) -> None:
    done = relay.publish(GITHUB_TOKEN="")
    assert done.exit_code == 2
    assert "no token" in done.stderr


LATER = {"GITHUB_EVENT_NAME": "workflow_dispatch"}


def test_what_an_outage_kept_from_being_published_is_published_later(relay: Relay) -> None:
    relay.server.sources[7] = NAME
    relay.server.runs[5, 1] = {"head_sha": HEAD, "event": "pull_request"}
    done = relay.publish("--publish", "check-run,comment", **LATER)
    assert done.exit_code == 0, done.stderr
    assert relay.server.checks[0]["name"] == "vsm-gate: payments (gate)"
    assert relay.server.checks[0]["head_sha"] == HEAD
    assert len(relay.server.comments) == 1


def test_later_a_fork_is_still_no_one_whose_word_is_required(relay: Relay) -> None:
    relay.server.runs[5, 1] = {"head_sha": HEAD, "event": "pull_request", "source": FORK}
    assert relay.publish(**LATER).exit_code == 0
    assert relay.server.checks[0]["name"].endswith(" on workflow_run")


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({"head_sha": "b" * 40, "event": "pull_request"}, "its commit is another"),
        ({"head_sha": HEAD, "event": "push"}, "its event is another"),
        (None, "cannot be verified: 404"),
    ],
)
def test_later_the_run_is_the_one_that_the_forge_knows(
    relay: Relay, run: Json | None, said: str
) -> None:
    if run is not None:
        relay.server.runs[5, 1] = {**run, "source": FORK}
    done = relay.publish(**LATER)
    assert done.exit_code == 3
    assert said in done.stderr
    assert relay.server.checks == relay.server.comments == []


@pytest.mark.parametrize("run", ["", "../5", "5/attempts/9", "٥", "-5"])
def test_the_number_of_a_run_is_a_number(relay: Relay, run: str) -> None:
    relay.bundle["change"]["run"] = run
    assert relay.publish(**LATER).exit_code == 3
    assert relay.server.log == []


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["b" * 40, "acme/other", "::error::x", "@everyone", "../../etc", "\u202e"])
    | st.lists(st.integers(), max_size=2)
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_a_bundle_says_results_are_put_on_the_run_alone(
    relay: Relay, data: st.DataObject
) -> None:
    """Some of its parts are anything: it is refused, or shown on the one commit and number."""
    relay.server.checks.clear()
    relay.server.comments.clear()
    whole = copy.deepcopy(relay.bundle)
    for _ in range(data.draw(st.integers(1, 3))):
        part: Any = relay.bundle[
            data.draw(st.sampled_from(["change", "tests", "impact", "policy"]))
        ]
        _set(data.draw(st.sampled_from(sorted(part))))(part, data.draw(ANYTHING))
    try:
        done = relay.publish()
    finally:
        relay.bundle = whole
    assert done.exit_code in {0, 3}
    assert (done.exit_code == 3) == (relay.server.checks == [])
    assert {check["head_sha"] for check in relay.server.checks} <= {HEAD}
    assert all(check["name"].endswith(" on workflow_run") for check in relay.server.checks)
    assert all(each["issue_url"].endswith("/issues/7") for each in relay.server.comments)
    assert "@everyone" not in str(relay.server.comments)


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
