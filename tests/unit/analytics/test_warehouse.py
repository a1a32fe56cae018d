from __future__ import annotations

import json
from importlib.resources import files

import pytest
from tests.support.pictures import SINCE, UNTIL, picture_of, warehouse_of
from tests.support.records import check, event, stored

from vsm_gate.analytics.picture import draw
from vsm_gate.analytics.warehouse import Warehouse, query_names
from vsm_gate.report.formats import to_json

CHANGE = {"default_branch": False, "event": "pull_request", "pull_request": 7, "branch": "topic"}


def test_a_record_counts_once() -> None:
    ((identity, document),) = stored([check("2026-10-05T10:00:00Z")])

    warehouse = Warehouse.of([(identity, document), (identity, document)])

    assert len(warehouse.query("views", "teams")) == 1
    assert warehouse.query("views", "teams")[0]["records"] == 1


def test_what_is_no_record_is_counted_and_not_dropped_in_silence() -> None:
    warehouse = Warehouse.of(
        [
            ("a", {"kind": "check", "time": "2026-10-05T10:00:00Z", "score": float("nan")}),
            ("b", {"kind": "check", "time": "the day before yesterday"}),
            ("c", check("2026-10-05T10:00:00Z")),
        ]
    )

    assert warehouse.rejected == 2


def test_the_last_word_on_a_pull_request_counts() -> None:
    picture = picture_of(
        [
            check("2026-10-05T10:00:00Z", verdict="fail", score=40, change=CHANGE),
            check("2026-10-05T11:00:00Z", verdict="warn", score=80, change=CHANGE),
            check("2026-10-05T12:00:00Z", verdict="pass", score=95, change=CHANGE),
        ]
    )

    moment = picture.organisation.period
    assert (moment.verdicts.changes, moment.verdicts.passed) == (1, 1)
    assert moment.figures["quality.score"].value == 95
    assert moment.figures["quality.first_pass"].value == 0


def test_a_change_that_landed_is_not_counted_again() -> None:
    warehouse = warehouse_of(
        [check("2026-10-05T10:00:00Z", change=CHANGE), check("2026-10-05T11:00:00Z", score=50)]
    )
    picture = draw(warehouse, since=SINCE, until=UNTIL, now=UNTIL)

    assert picture.organisation.period.figures["quality.score"].n == 1
    assert [row["landed"] for row in warehouse.records(10)] == [True, False]


def test_without_pull_requests_the_commits_are_the_changes() -> None:
    picture = picture_of([check("2026-10-05T10:00:00Z"), check("2026-10-06T10:00:00Z", score=50)])

    assert picture.organisation.period.figures["quality.score"].n == 2


def test_each_job_has_its_own_last_word() -> None:
    picture = picture_of(
        [
            check("2026-10-05T10:00:00Z", score=40, change={**CHANGE, "job": "unit"}),
            check("2026-10-05T10:05:00Z", score=90, change={**CHANGE, "job": "browser"}),
        ]
    )

    assert picture.organisation.period.figures["quality.score"].n == 2


def test_an_event_without_team_belongs_to_the_team_of_its_repository() -> None:
    deployed = event("deployment", "2026-10-06T10:00:00Z", event={"status": "success"})
    deployed["team"] = None

    picture = picture_of([check("2026-10-05T10:00:00Z"), deployed])

    assert list(picture.teams) == ["payments"]


def test_a_team_that_nobody_names_is_unassigned() -> None:
    assert list(picture_of([check("2026-10-05T10:00:00Z", team=None)]).teams) == ["unassigned"]


def test_only_the_chosen_teams_count() -> None:
    documents = [
        check("2026-10-05T10:00:00Z", score=40),
        check("2026-10-05T10:00:00Z", team="web", repository="acme/web", score=80),
    ]

    picture = picture_of(documents, teams=["web"])

    assert list(picture.teams) == ["web"]
    assert picture.organisation.period.figures["quality.score"].value == 80


@pytest.mark.parametrize(
    "field",
    [
        {"change": {"head": {"no": "text"}, "tested": ["x"], "attempt": "x", "pull_request": [1]}},
        {"measurements": {"coverage.line": "high", "tests.total": None, "x\0y": {"value": 1e308}}},
        {"objectives": {"a": None, "b": 7, "c": {"score": "NaN", "weight": "Infinity"}}},
        {"measurements": {"tests.total": {"value": "Infinity"}}},
        {"measurements": {"coverage.patch": {"value": 1, "numerator": 9e18, "denominator": 2**62}}},
        {"change": {"lines_added": 2**62, "lines_deleted": 2**62}},
        {"score": "high"},
        {"waivers": "W-1", "break_glass": 3, "components": "core", "policy": None},
        {"team": "\ud800"},
        {"team": "a\0b"},
    ],
)
def test_hostile_fields_do_not_stop_a_report(field: dict[str, object]) -> None:
    document = check("2026-10-05T10:00:00Z")
    document.update(field)
    incident = event("incident", "2026-10-05T10:00:00Z", event=[1], components={"a": 1})
    endless = {"started": "-infinity", "resolved": "infinity", "finished": "infinity"}

    picture = picture_of(
        [
            document,
            incident,
            event("incident", "2026-10-05T10:00:00Z", event=endless),
            event("deployment", "2026-10-05T10:00:00Z", event=endless),
        ]
    )

    json.loads(to_json(picture), parse_constant=pytest.fail)
    assert picture.organisation.period.verdicts.changes == 1


def test_a_statement_in_a_name_is_a_name() -> None:
    name = "x'); DROP TABLE checks; --"

    assert list(picture_of([check("2026-10-05T10:00:00Z", team=name)]).teams) == [name]


def test_the_tables_cannot_reach_files() -> None:
    with pytest.raises(Exception, match=r"disabled|Permission"):
        next(warehouse_of([])._engine.rows("SELECT * FROM read_text('/etc/hostname')"))


def test_every_query_says_what_it_computes_and_answers_for_all_periods() -> None:
    folder = files("vsm_gate.analytics") / "queries"
    for name in query_names():
        assert (folder / f"{name}.sql").read_text("utf-8").startswith("-- "), name


def test_times_are_told_in_utc() -> None:
    (row,) = warehouse_of([check("2026-10-05T01:30:00+02:00")]).query("views", "teams")

    assert row["first"].isoformat() == "2026-10-04T23:30:00"


def test_a_document_survives_the_way_through_json() -> None:
    document = check("2026-10-05T10:00:00Z", team="Zürich 🚉")

    assert json.loads(json.dumps(document)) == document
    assert list(picture_of([document]).teams) == ["Zürich 🚉"]


@pytest.mark.parametrize("score", [-1, 101, "1e999", True])
def test_a_score_that_is_none_is_no_score(score: object) -> None:
    document = {**check("2026-10-05T10:00:00Z"), "score": score}

    found = picture_of([document]).organisation.period.figures["quality.score"]

    assert found.value is None
