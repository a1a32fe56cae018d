from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support import records
from tests.support.cli import Done, run
from tests.support.ledgers import bare_machine, checkout, opened
from tests.support.repository import Repository

from vsm_gate.history.record import Record

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return checkout(tmp_path / "shop")


def remember(repository: Repository, *documents: dict[str, Any]) -> None:
    ledger = opened(repository.path, bare_machine(repository.path.parent), now=NOW)
    ledger.append([Record.of(document) for document in documents])


def report(repository: Repository, *arguments: str) -> Done:
    environment = bare_machine(repository.path.parent)
    now = ("--now", "2026-11-01T00:00:00Z")
    return run("report", *now, *arguments, folder=repository.path, environment=environment)


def test_figures_as_json(repository: Repository) -> None:
    remember(repository, records.check("2026-10-05T10:00:00Z", score=81.25))

    done = report(repository, "--format", "json")

    assert done.exit_code == 0
    metrics = done.json()["teams"]["payments"]["metrics"]
    assert metrics["quality.score"]["value"] == 81.25
    assert "missing" in metrics["delivery.change_fail_rate"]


CURVES = """schema: vsm-gate/scorecard/v1
extends: vsm-gate:baseline
curves:
  version: acme/1
  lines: {quality.first_pass: [[0%, 0], [100%, 10]]}
"""


def test_an_organisation_s_own_curves(repository: Repository) -> None:
    remember(repository, records.check("2026-10-05T10:00:00Z"))
    (repository.path / "own.yaml").write_text(CURVES, "utf-8")

    usual = report(repository, "--format", "json").json()
    own = report(repository, "--format", "json", "--curves", "own.yaml").json()
    refused = report(repository, "--format", "json", "--curves", "vsm-gate:baseline")

    assert usual["curves"] == "v1"
    assert own["curves"].startswith("acme/1+")
    flow = [each["organisation"]["dimensions"]["flow"]["value"] for each in (usual, own)]
    assert flow == [100, 10]
    assert refused.exit_code == 2
    assert "vsm-gate:baseline brings no curves" in refused.stderr


def test_what_was_recorded_this_second_counts(repository: Repository) -> None:
    remember(repository, records.check("2026-11-01T00:00:00Z"))

    assert report(repository, "--format", "json").json()["organisation"]["verdicts"]["changes"] == 1


def test_a_period_and_teams(repository: Repository) -> None:
    remember(
        repository,
        records.check("2026-10-05T10:00:00Z"),
        records.check("2026-10-25T10:00:00Z"),
        records.check("2026-10-25T10:00:00Z", team="web", repository="acme/web"),
    )

    since = ("--since", "2026-10-20T02:00:00+02:00", "--until", "2026-11-01T00:00:00Z")
    document = report(repository, "--format", "json", *since, "--team", "payments").json()

    assert document["since"] == "2026-10-20T00:00:00Z"
    assert list(document["teams"]) == ["payments"]
    assert document["organisation"]["verdicts"]["changes"] == 1


def test_a_team_that_nobody_recorded_is_named(repository: Repository) -> None:
    remember(repository, records.check("2026-10-05T10:00:00Z"))

    done = report(repository, "--format", "json", "--team", "paymnets")

    assert done.exit_code == 0
    assert "no record is of the team `paymnets`" in done.stderr


def test_the_site(repository: Repository, tmp_path: Path) -> None:
    remember(repository, records.check("2026-10-05T10:00:00Z"))

    done = report(repository, "--out", str(tmp_path / "site"))

    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'site' / 'index.html'}\n"
    assert (tmp_path / "site" / "teams" / "payments.html").is_file()


def test_markdown_and_csv(repository: Repository) -> None:
    remember(repository, records.check("2026-10-05T10:00:00Z"))

    assert report(repository, "--format", "markdown").stdout.startswith("# Delivery quality\n")
    rows = csv.DictReader(io.StringIO(report(repository, "--format", "csv").stdout))
    assert {row["scope"] for row in rows} == {"organisation", "team"}


def test_lead_time_comes_from_the_commits_of_this_clone(repository: Repository) -> None:
    def deployed(identity: str, time: str) -> dict[str, Any]:
        body = {"id": identity, "commit": repository.head, "status": "success", "finished": time}
        return records.event("deployment", time, event=body)

    first = deployed("d1", "2026-10-05T10:00:00Z")
    repository.commit("change", env={"GIT_AUTHOR_DATE": "2026-10-05T20:00:00+02:00"})
    remember(repository, first, deployed("d2", "2026-10-06T10:00:00Z"))

    metrics = report(repository, "--format", "json").json()["organisation"]["metrics"]

    lead = metrics["delivery.change_lead_time"]
    assert (lead["value"], lead["n"]) == (16 * 3600, 1)


def test_an_empty_history_is_a_report_without_data(repository: Repository) -> None:
    done = report(repository, "--format", "json")

    assert done.exit_code == 0
    assert "no branch `vsm-history` yet" in done.stderr
    assert done.json()["teams"] == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--out DIR"),
        (("--format", "json", "--out", "x"), "--out DIR"),
        (("--format", "json", "--since", "2026-12-01T00:00:00Z"), "--since is not before"),
        (("--format", "json", "--since", "yesterday"), "ISO 8601"),
    ],
)
def test_a_command_line_that_means_nothing(
    repository: Repository, arguments: tuple[str, ...], said: str
) -> None:
    done = report(repository, *arguments)

    assert done.exit_code == 2
    assert said in done.stderr


def test_a_folder_of_somebody_else_is_refused(repository: Repository) -> None:
    done = report(repository, "--out", str(repository.path))

    assert done.exit_code == 2
    assert "no report put there" in done.stderr


@pytest.mark.parametrize("library", ["duckdb", "vl_convert"])
def test_what_to_install_is_said(
    repository: Repository, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    done = report(repository, "--format", "json")

    assert done.exit_code == 2
    assert 'pip install "vsm-gate[report]"' in done.stderr


def test_outside_a_repository_is_no_empty_history(tmp_path: Path) -> None:
    done = run("report", "--format", "json", folder=tmp_path, environment=bare_machine(tmp_path))

    assert done.exit_code == 3
    assert done.stdout == ""


def test_the_next_report_is_of_what_was_recorded_since_too(repository: Repository) -> None:
    cache = repository.path.parent / "kept"
    remember(repository, records.check("2026-10-05T10:00:00Z", score=80.0))
    report(repository, "--format", "json", "--cache", str(cache))
    remember(repository, records.check("2026-10-06T10:00:00Z", score=90.0))

    done = report(repository, "--format", "json", "--cache", str(cache))

    assert done.json()["organisation"]["metrics"]["quality.score"]["n"] == 2
    assert [len(list(folder.glob("*.entries.parquet"))) for folder in cache.iterdir()] == [2]


def test_commits_past_the_gate_are_missing_evidence(repository: Repository) -> None:
    judged = repository.head
    for name in ("past", "after"):
        repository.write(name, "content\n").commit(name)
    changes = [{"tested": commit, "head": commit} for commit in (judged, repository.head)]
    times = ("2026-10-05T10:00:00Z", "2026-10-06T10:00:00Z")
    made = [records.check(time, change=each) for time, each in zip(times, changes, strict=True)]
    remember(repository, *made)

    done = report(repository, "--since", "2020-01-01T00:00:00Z", "--format", "json")

    found = done.json()["organisation"]["metrics"]["governance.evidence_rate"]
    assert (found["numerator"], found["denominator"]) == (2, 3)


def test_figures_for_prometheus(repository: Repository) -> None:
    remember(repository, records.check("2026-10-05T10:00:00Z", score=81.25))

    done = report(repository, "--format", "openmetrics")

    assert done.exit_code == 0
    assert 'vsm_gate_quality_score{team="payments",peer_group="backend"} 81.25\n' in done.stdout
    assert done.stdout.endswith("# EOF\n")


def test_an_engine_that_nobody_knows_is_refused(repository: Repository) -> None:
    done = report(repository, "--format", "json", "--warehouse", "mysql://me@host/db")

    assert done.exit_code == 2
    assert "names no engine that is known" in done.stderr


def test_a_server_that_does_not_answer_is_said_to(repository: Repository) -> None:
    pytest.importorskip("psycopg")

    done = report(
        repository, "--format", "json", "--warehouse", "postgresql://me:secret@127.0.0.1:1/db"
    )

    assert done.exit_code == 3
    assert "PostgreSQL says" in done.stderr
    assert "secret" not in done.stderr


def test_figures_over_time(repository: Repository) -> None:
    times = ("2026-09-08T10:00:00Z", "2026-10-05T10:00:00Z")
    made = [records.check(time, score=score) for time, score in zip(times, (40, 80), strict=True)]
    remember(repository, *made)

    done = report(repository, "--format", "trends", "--since", "2026-08-31T00:00:00Z")

    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    scores = {
        (row["weeks"], row["monday"]): (row["value"], row["n"])
        for row in rows
        if (row["team"], row["metric"]) == ("payments", "quality.score")
    }
    assert scores["1", "2026-10-05"] == ("80.0", "1")
    assert ("1", "2026-09-28") not in scores
    assert scores["4", "2026-09-28"] == ("40.0", "1")
    assert scores["4", "2026-10-05"] == ("80.0", "1")
    assert {row["team"] for row in rows} == {"", "payments"}
