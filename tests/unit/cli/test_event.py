import json
from typing import Any

import pytest
from tests.support import webhooks
from tests.support.cli import Done, run
from tests.support.repository import Repository

from vsm_gate.history.events import KINDS

COMMIT = "6c5110c5d1c8b1d3f3f1e2a4b5968778695a4b3c"
FLAGS = {
    "deployment": (
        f"--id d1 --commit {COMMIT} --status success --started 2026-11-22T09:31:00Z"
        " --finished 2026-11-22T09:34:00Z"
    ),
    "incident": "--id i1 --started 2026-11-22T10:02:00Z --deployment d1 --severity high",
    "release": (
        "--id r1 --planned 2026-11-20T18:00:00Z --finished 2026-11-20T18:10:00Z --status failure"
    ),
    "slo": "--name up --target 99.9% --good 998 --total 1000 --at 2026-11-22T00:00:00Z",
    "approval": f"--commit {COMMIT} --by alex",
}


def event(work: Repository, env: dict[str, str], *arguments: str) -> Done:
    return run("event", *arguments, folder=work.path, environment=env)


def records(work: Repository, env: dict[str, str]) -> list[dict[str, Any]]:
    done = run("history", "log", "--format", "json", folder=work.path, environment=env)
    found: list[dict[str, Any]] = done.json()["records"]
    return found


def test_there_are_flags_for_every_kind() -> None:
    assert FLAGS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", FLAGS)
def test_an_event_is_recorded_once(work: Repository, env: dict[str, str], kind: str) -> None:
    flags = [*FLAGS[kind].split(), "--team", "payments", "--component", "b", "--component", "a"]
    first = event(work, env, kind, *flags)
    assert (first.exit_code, first.stderr) == (0, "")
    again = event(work, env, kind, *flags, "--format", "json")
    assert again.json()["how"] == "none"
    (found,) = records(work, env)
    assert again.json()["known"] == [found["id"]]
    assert found["kind"] == kind
    assert found["team"] == "payments"
    assert found["repository"] == "local/work"
    assert found["document"]["components"] == ["a", "b"]


def test_a_changed_event_names_what_it_corrects(work: Repository, env: dict[str, str]) -> None:
    event(work, env, "incident", *FLAGS["incident"].split())
    event(work, env, "incident", *FLAGS["incident"].split(), "--resolved", "2026-11-22T10:40:00Z")
    newest, oldest = records(work, env)
    assert newest["corrects"] == oldest["id"]
    assert newest["document"]["event"]["resolved"] == "2026-11-22T10:40:00Z"


def test_an_event_of_long_ago_is_recorded_once_too(work: Repository, env: dict[str, str]) -> None:
    for day in ("2026-11-22", "2026-12-22"):
        done = event(
            work, env, "incident", "--id", "x", "--started", "2025-03-01T00:00:00Z",
            "--now", f"{day}T00:00:00Z",
        )  # fmt: skip
        assert done.exit_code == 0
    assert len(records(work, env)) == 1


def test_mistakes_come_all_at_once_with_exit_2(work: Repository, env: dict[str, str]) -> None:
    done = event(work, env, "deployment", "--id", "x", "--commit", "main", "--status", "fine")
    assert done.exit_code == 2
    for said in ("`commit`", "`status`", "`started` is missing", "`finished` is missing"):
        assert said in done.stderr
    assert "--help" in done.stderr
    assert records(work, env) == []


def test_events_come_in_bulk_from_a_file(work: Repository, env: dict[str, str]) -> None:
    text = (
        "id,planned,finished,status,team,components\n"
        "r1,2026-09-01T00:00:00Z,2026-09-01T03:00:00Z,success,billing,ledger;tax\n"
        "r2,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,failure,,\n"
    )
    (work.path / "plan.csv").write_text(text, "utf-8")
    done = event(work, env, "release", "--from", "plan.csv", "--team", "core")
    assert (done.exit_code, done.stderr) == (0, "")
    assert int(work.git("rev-list", "--count", "vsm-history")) == 1
    second, first = records(work, env)
    assert (first["team"], second["team"]) == ("billing", "core")
    assert first["document"]["components"] == ["ledger", "tax"]
    (work.path / "plan.csv").write_text(text.replace("failure", "success"), "utf-8")
    again = event(work, env, "release", "--from", "plan.csv", "--team", "core", "--format", "json")
    assert again.json()["known"] == [first["id"]]
    assert len(again.json()["ids"]) == 1


def test_mistakes_in_a_file_have_their_lines_and_nothing_is_recorded(
    work: Repository, env: dict[str, str]
) -> None:
    text = "id,started\na,2026-09-01T00:00:00Z\nb,soon\n,2026-09-01T00:00:00Z\n"
    (work.path / "list.csv").write_text(text, "utf-8")
    done = event(work, env, "incident", "--from", "list.csv")
    assert done.exit_code == 2
    assert "list.csv:3: `started`" in done.stderr
    assert "list.csv:4: `id` is missing" in done.stderr
    assert records(work, env) == []


def test_flags_and_a_file_exclude_one_another(work: Repository, env: dict[str, str]) -> None:
    done = event(work, env, "incident", "--from", "list.csv", "--id", "x")
    assert done.exit_code == 2
    assert "not from both" in done.stderr


def test_a_file_that_is_not_there_is_exit_3(work: Repository, env: dict[str, str]) -> None:
    done = event(work, env, "incident", "--from", "absent.csv")
    assert done.exit_code == 3
    assert "absent.csv cannot be read" in done.stderr


def on_github(work: Repository, env: dict[str, str], name: str, payload: Any) -> dict[str, str]:
    """The environment of a job that GitHub told of an event."""
    (work.path / "event.json").write_text(json.dumps(payload), "utf-8")
    told = {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(work.path / "event.json")}
    return {**env, **told, "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop"}


ISSUE = {
    "number": 12,
    "state": "open",
    "created_at": "2026-11-22T10:00:00Z",
    "closed_at": None,
    "labels": [{"name": "Incident"}, {"name": "sev2"}],
}
CLOSED = {**ISSUE, "state": "closed", "closed_at": "2026-11-22T11:00:00Z"}


def test_an_issue_is_an_incident_until_it_is_closed(work: Repository, env: dict[str, str]) -> None:
    for action, issue in (("opened", ISSUE), ("labeled", ISSUE), ("closed", CLOSED)):
        job = on_github(work, env, "issues", {"action": action, "issue": issue})
        assert event(work, job, "--from-github", "--component", "checkout").exit_code == 0
    second, first = records(work, env)
    assert second["document"]["corrects"] == first["id"]
    assert first["document"]["event"]["resolved"] is None
    assert second["document"]["event"] == {
        "id": "issue-12",
        "started": "2026-11-22T10:00:00Z",
        "resolved": "2026-11-22T11:00:00Z",
        "deployment": None,
        "severity": "2",
    }
    assert second["document"]["components"] == ["checkout"]
    assert second["repository"] == "acme/shop"


def test_which_label_makes_an_incident_can_be_said(work: Repository, env: dict[str, str]) -> None:
    job = on_github(work, env, "issues", {"action": "opened", "issue": ISSUE})
    done = event(work, job, "--from-github", "--incident-label", "outage")
    assert (done.exit_code, records(work, env)) == (0, [])
    assert "nothing is recorded" in done.stdout
    event(work, job, "--from-github", "--incident-label", "outage", "--incident-label", "SEV2")
    assert len(records(work, env)) == 1


@pytest.mark.parametrize("name", ["deployment_status", "workflow_run", "release", "issues"])
def test_what_github_tells_is_recorded_once(
    work: Repository, env: dict[str, str], name: str
) -> None:
    for payload in webhooks.payloads(name) * 2:
        job = on_github(work, env, name, payload)
        done = event(work, job, "--from-github", "--incident-label", "bug", "--team", "core")
        assert (done.exit_code, done.stderr) == (0, "")
    found = records(work, env)
    assert {each["team"] for each in found} == {"core"}
    assert len(found) == {"issues": 3}.get(name, 1)


def test_a_field_that_is_none_is_named_with_the_file(work: Repository, env: dict[str, str]) -> None:
    issue = {**ISSUE, "created_at": "yesterday"}
    job = on_github(work, env, "issues", {"action": "opened", "issue": issue})
    done = event(work, job, "--from-github")
    assert done.exit_code == 2
    assert "`started`" in done.stderr
    assert records(work, env) == []


def test_only_a_job_of_a_workflow_is_told(work: Repository, env: dict[str, str]) -> None:
    done = event(work, env, "--from-github")
    assert done.exit_code == 2
    assert "docs/examples/events.yml" in done.stderr


def test_the_team_is_the_one_of_the_configuration(work: Repository, env: dict[str, str]) -> None:
    work.write(".vsm-gate.yaml", "schema: vsm-gate/config/v1\nteam: payments\n")
    event(work, env, "approval", *FLAGS["approval"].split())
    assert [found["team"] for found in records(work, env)] == ["payments"]


def test_options_before_the_kind_are_no_silent_loss(work: Repository, env: dict[str, str]) -> None:
    done = event(work, env, "--team", "core", "approval", *FLAGS["approval"].split())
    assert done.exit_code == 2
    assert "stand behind its name" in done.stderr
    assert "--from-github" in event(work, env).stdout


def test_a_job_says_which_repository_it_is(work: Repository, env: dict[str, str]) -> None:
    job = {**env, "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop"}
    event(work, job, "approval", *FLAGS["approval"].split())
    event(work, job, "approval", *FLAGS["approval"].split(), "--repository", "acme/other")
    assert {found["repository"] for found in records(work, env)} == {"acme/shop", "acme/other"}


@pytest.mark.parametrize("kind", FLAGS)
def test_help_has_an_example_on_lines_of_its_own(
    work: Repository, env: dict[str, str], kind: str
) -> None:
    assert f"\n    vsm-gate event {kind} --" in event(work, env, kind, "--help").stdout
