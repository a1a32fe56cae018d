"""A job of a workflow for every event: the forge behind it, what a checkout leaves, what is told.

The proposal in it breaks a test and leaves lines uncovered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests.support import cli, github_facts
from tests.support.forge import NAME, NUMBER, Forge
from tests.support.github_server import TOKEN, GitHubServer
from tests.support.reports import cobertura, junit
from tests.support.repository import clean_environment
from tests.support.results import failing, objective, result

from vsm_gate.model.change import Context
from vsm_gate.model.results import Status, Verdict
from vsm_gate.publish.plan import result_json

STRANGER: Final = "stranger/payments"
LINES: Final = range(1, 13)
CODE: Final = "".join(f"line {n}\n" for n in LINES)
CONFIG: Final = """\
schema: vsm-gate/config/v1
team: payments
tests: [junit.xml]
coverage: [coverage.xml]
"""
Json = dict[str, Any]


def propose(folder: Path) -> tuple[Forge, str, str]:
    """A forge with a base on main and a proposal on a branch: it, and the two commits."""
    forge = Forge(folder)
    developer = forge.developer
    developer.write(".vsm-gate.yaml", CONFIG).write("junit.xml", junit(["test_old"]))
    developer.write("coverage.xml", cobertura({})).commit("The base", ignored=False)
    forge.push("main")
    base = developer.head
    developer.branch("feature").write("src/new.py", CODE)
    developer.write("junit.xml", junit(["test_old"], {"test_new": "expected 3, got 4"}))
    developer.write("coverage.xml", cobertura({"src/new.py": {n: n % 2 for n in LINES}}))
    return forge, base, developer.commit("A change", ignored=False)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a job: the commit that results belong to, and the result where it judged."""

    exit_code: int
    log: str
    commit: str
    result: Json | None = None

    def missing(self, metric: str) -> str | None:
        """Why the result has no such measurement; None where it has."""
        assert self.result is not None
        reason: str | None = self.result["measurements"][metric].get("missing")
        return reason


class Jobs:
    """Jobs for events of one repository."""

    def __init__(self, folder: Path, server: GitHubServer) -> None:
        self.folder, self.server = folder, server
        self.forge, self.base, self.head = propose(folder)
        self.depth = 1
        server.heads[NUMBER] = self.head
        github_facts.pull(server, review_comments=2)
        github_facts.committed(server, "2023-11-14T20:00:00Z")
        github_facts.happened(server, "review_requested", "2026-11-20T10:00:00Z")
        reviewed = {"commit_id": self.head, "submitted_at": "2026-11-20T11:00:00Z"}
        github_facts.review(server, "bob", **reviewed)
        times = ("2026-11-22T09:00:00Z", "2026-11-22T09:01:00Z", "2026-11-22T09:05:00Z")
        github_facts.job(server, "test", times)

    def run(self, event: str) -> Ran:
        """The job that a workflow for this event has, by the name that the documentation gives."""
        ways: dict[str, Callable[[], Ran]] = {
            "pull_request": lambda: self._proposed(fork=False),
            "pull_request of a fork": lambda: self._proposed(fork=True),
            "merge_group": self._queued,
            "push": self._pushed,
            "schedule": lambda: self._timed("schedule"),
            "workflow_dispatch": lambda: self._timed("workflow_dispatch"),
            "workflow_run": self._relayed,
            "deployment_status": lambda: self._told("deployment_status", DEPLOYED),
            "release": lambda: self._told("release", RELEASED),
            "issues": lambda: self._told("issues", INCIDENT),
        }
        return ways[event]()

    def _proposed(self, *, fork: bool) -> Ran:
        payload = self.forge.pull_request("feature", fork=fork)
        if fork:
            self.server.permissions = frozenset()
            self.forge.refuse()
        checkout = self.forge.checkout(f"refs/pull/{NUMBER}/merge", depth=self.depth)
        return self._check("pull_request", payload, checkout, self.head, GITHUB_SHA="f" * 40)

    def _queued(self) -> Ran:
        payload = self.forge.merge_group(self.base)
        group = payload["merge_group"]["head_sha"]
        return self._check("merge_group", payload, self.forge.checkout(group), group)

    def _pushed(self) -> Ran:
        """A squashed merge: a new commit, authored when it was made."""
        developer = self.forge.developer
        developer.checkout("main").git("merge", "--quiet", "--squash", "feature")
        squashed = developer.commit("A change (#7)", ignored=False)
        merged: Json = {"merged_at": "2026-11-21T09:00:00Z", "merged_by": "ann"}
        self.server.came_from[squashed] = NUMBER
        github_facts.pull(self.server, review_comments=2, commits=4, **merged)
        payload = self.forge.pushed(self.base)
        return self._check("push", payload, self.forge.checkout("main"), squashed)

    def _timed(self, name: str) -> Ran:
        self.forge.developer.checkout("main").git("merge", "--quiet", "--ff-only", "feature")
        payload = self.forge.pushed(self.base)
        del payload["before"]
        return self._check(name, payload, self.forge.checkout("main"), self.head)

    def _check(
        self, name: str, payload: Json, checkout: Path, commit: str, **environment: str
    ) -> Ran:
        kept = self.folder / f"{checkout.name}.json"
        words = ("check", "--json", str(kept))
        told = {"GITHUB_SHA": commit, **environment}
        done = self.command(*words, name=name, payload=payload, folder=checkout, **told)
        found = json.loads(kept.read_text("utf-8")) if kept.exists() else None
        return Ran(done.exit_code, done.stdout + done.stderr, commit, found)

    def _relayed(self) -> Ran:
        """What a fork's run left, in the hands of a job on the default branch."""
        context = Context(NAME, event="pull_request", pull_request=NUMBER, run="5", job="gate")
        tests = objective("tests-green", "tests.failed", Status.FAIL, key=True)
        found = result([tests], verdict=Verdict.FAIL, tests=failing(1), context=context)
        bundle = result_json(replace(found, change=replace(found.change, head=self.head)))
        (self.folder / "bundle.json").write_text(bundle, "utf-8")
        self.server.sources[NUMBER] = STRANGER
        run = {"id": 5, "run_attempt": 1, "head_sha": self.head, "event": "pull_request"}
        run |= {"head_branch": "feature", "head_repository": {"full_name": STRANGER}}
        payload = {"workflow_run": run, "repository": {"full_name": NAME}}
        words = ("publish", str(self.folder / "bundle.json"))
        folder = self.forge.checkout("main")
        done = self.command(*words, name="workflow_run", payload=payload, folder=folder)
        return Ran(done.exit_code, done.stdout + done.stderr, self.head)

    def _told(self, name: str, payload: Json) -> Ran:
        folder = self.forge.checkout("main")
        words = ("event", "--from-github")
        done = self.command(*words, name=name, payload=payload, folder=folder)
        return Ran(done.exit_code, done.stdout + done.stderr, self.base)

    def command(
        self, *words: str, name: str, payload: Json, folder: Path, **environment: str
    ) -> cli.Done:
        """Run a command as a step of such a job."""
        place = self.folder / "event.json"
        place.write_text(json.dumps(payload), "utf-8")
        told = told_by_runner(name, payload) | {"GITHUB_EVENT_PATH": str(place)}
        given = {**clean_environment(self.folder), **told, "GITHUB_API_URL": self.server.url}
        return cli.run(*words, folder=folder, environment={**given, **environment})


def told_by_runner(name: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """What the runner tells of an event beside its payload."""
    branch = f"{NUMBER}/merge" if name == "pull_request" else "main"
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_REF": payload.get("ref", f"refs/heads/{branch}"),
        "GITHUB_REF_NAME": branch,
        "GITHUB_RUN_ID": "5",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_JOB": "gate",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_TOKEN": TOKEN,
    }


ENDED: Final[Json] = {
    "action": "completed",
    "workflow_run": {
        "id": 9,
        "run_attempt": 1,
        "conclusion": "success",
        "event": "push",
        "head_sha": "6c5110c5d1c8b1d3f3f1e2a4b5968778695a4b3c",
        "head_repository": {"full_name": NAME},
        "run_started_at": "2026-11-22T09:00:00Z",
        "updated_at": "2026-11-22T09:05:00Z",
    },
    "repository": {"full_name": NAME},
}
DEPLOYED: Final[Json] = {
    "deployment": {
        "id": 5,
        "sha": "6c5110c5d1c8b1d3f3f1e2a4b5968778695a4b3c",
        "environment": "production",
        "created_at": "2026-11-22T09:00:00Z",
    },
    "deployment_status": {"state": "success", "created_at": "2026-11-22T09:05:00Z"},
}
RELEASED: Final[Json] = {
    "action": "published",
    "release": {"tag_name": "v1.2.0", "published_at": "2026-11-22T09:00:00Z"},
}
INCIDENT: Final[Json] = {
    "action": "opened",
    "issue": {
        "number": 12,
        "state": "open",
        "created_at": "2026-11-22T09:00:00Z",
        "labels": [{"name": "incident"}],
    },
}
