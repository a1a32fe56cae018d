from __future__ import annotations

import csv
import io
import json
from typing import Any

import jsonschema_rs
import pytest
from tests.support.pictures import SINCE, UNTIL, at, picture_of, warehouse_of
from tests.support.records import check, event, objective, rate
from tests.support.schemas import published, validate

from vsm_gate.analytics.picture import draw
from vsm_gate.demo.organisation import simulate
from vsm_gate.demo.teams import TEAMS
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import formats, newest, tables

SCHEMA = jsonschema_rs.validator_for(published("report-v1"))
RECORDS = (
    check(
        "2026-10-05T10:00:00Z",
        score=81.25,
        verdict="warn",
        measurements={"coverage.patch": rate(13, 16)},
        objectives={"patch": objective("warn", 70)},
    ),
    event(
        "deployment",
        "2026-10-06T10:00:00Z",
        event={"id": "d", "status": "success", "finished": "2026-10-06T10:00:00Z"},
    ),
)


def test_the_public_document() -> None:
    document = json.loads(formats.to_json(picture_of(RECORDS)))

    assert document["schema"] == "vsm-gate/report/v1"
    assert (document["since"], document["until"]) == (
        "2026-10-01T00:00:00Z",
        "2026-11-01T00:00:00Z",
    )
    for scope in (document["organisation"], document["teams"]["payments"]):
        assert scope["metrics"]["coverage.patch"] == {
            "value": 81.25,
            "n": 1,
            "numerator": 13,
            "denominator": 16,
            "unit": "%",
        }
        assert scope["metrics"]["delivery.change_fail_rate"]["value"] == 0
        assert set(scope["dimensions"]) == {"quality", "throughput", "stability", "flow"}
        assert scope["dimensions"]["quality"]["value"] == 81.25


def test_the_public_document_is_what_its_schema_says() -> None:
    end = at("2026-11-22T12:00")
    made = picture_of(simulate(7, end, 14, TEAMS[:2]).documents, since=None, until=end)
    document = json.loads(formats.to_json(made))

    assert document["organisation"]["score_change"]["objectives"]
    assert {"value", "missing"} <= {
        key for found in document["organisation"]["metrics"].values() for key in found
    }
    validate("report-v1", document)
    validate("report-v1", json.loads(formats.to_json(picture_of(RECORDS))))
    validate("report-v1", json.loads(formats.to_json(picture_of([]))))


@pytest.fixture(scope="module")
def written() -> str:
    return formats.to_json(picture_of(RECORDS))


def test_its_schema_lets_later_versions_add(written: str) -> None:
    document = json.loads(written)
    team = document["teams"]["payments"]
    for place in (document, team, team["now"], team["verdicts"], team["metrics"]["coverage.patch"]):
        place["later"] = {"a": 1}

    SCHEMA.validate(document)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("schema",), "vsm-gate/report/v2"),
        (("since",), "2026-10-01"),
        (("last_record",), 0),
        (("rejected_records",), -1),
        (("teams",), []),
        (("organisation", "weeks"), None),
        (("organisation", "now"), {}),
        (("organisation", "metrics"), {}),
        (("organisation", "dimensions"), {}),
        (("organisation", "score_change"), {"before": 1}),
        (("organisation", "verdicts", "pass"), 0.5),
        (("organisation", "objectives", "patch", "lost"), "0"),
        (("teams", "payments"), {"peer_group": None, "methodology": None}),
        (("teams", "payments", "peer_group"), 1),
        (("teams", "payments", "metrics", "coverage.patch"), {"n": 1}),
        (("teams", "payments", "metrics", "coverage.patch"), {"value": None, "n": 1}),
        (("teams", "payments", "metrics", "coverage.patch"), {"value": 1, "missing": "x", "n": 1}),
        (("teams", "payments", "metrics", "coverage.patch"), {"value": 1, "numerator": 1, "n": 1}),
    ],
    ids=str,
)
def test_its_schema_refuses_what_is_broken(written: str, path: tuple[str, ...], wrong: Any) -> None:
    document = json.loads(written)
    *parents, last = path
    place = document
    for key in parents:
        place = place[key]
    assert last in place
    place[last] = wrong

    assert not SCHEMA.is_valid(document)


def test_its_schema_asks_of_a_team_whom_it_is_like(written: str) -> None:
    document = json.loads(written)
    del document["teams"]["payments"]["peer_group"]

    assert not SCHEMA.is_valid(document)


def test_every_metric_is_there_and_none_is_silently_zero() -> None:
    document = json.loads(formats.to_json(picture_of([])))

    metrics = document["organisation"]["metrics"]
    assert set(metrics) == set(CATALOGUE)
    assert all(found["missing"] and "value" not in found for found in metrics.values())
    assert all(found["missing"] for found in document["organisation"]["dimensions"].values())


def test_the_table_of_figures() -> None:
    rows = list(csv.DictReader(io.StringIO(formats.to_csv(picture_of(RECORDS)))))

    (found,) = [
        row
        for row in rows
        if (row["scope"], row["metric"], row["since"])
        == ("team", "coverage.patch", "2026-10-01T00:00:00Z")
    ][:1]
    assert (found["team"], found["numerator"], found["denominator"]) == ("payments", "13", "16")
    absent = next(row for row in rows if row["metric"] == "flow.time")
    assert (absent["value"], bool(absent["missing"])) == ("", True)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    (_, row) = csv.reader(io.StringIO(tables.table(["team"], [[name]]), newline=""))

    assert row == [f"'{name}".replace("\r", " ")]


def test_records_are_a_table_too() -> None:
    warehouse = warehouse_of(RECORDS)
    draw(warehouse, since=SINCE, until=UNTIL, now=UNTIL)

    head, row = newest.records(warehouse)["payments"].csv.splitlines()

    assert head.startswith("id,time,repository,team")
    assert "2026-10-05T10:00:00Z,acme/payments,payments" in row


@pytest.mark.parametrize(
    "name", ["<script>", "[x](javascript:1)", "@everyone", "a | b", "*b*", "![i](u)", "`c`", "#1"]
)
def test_a_name_in_the_digest_is_no_markup(name: str) -> None:
    text = formats.to_markdown(picture_of([check("2026-10-05T10:00:00Z", team=name)]))

    heading = next(line for line in text.splitlines() if line.startswith("## "))
    assert heading != f"## {name}"
    assert "<script" not in heading.replace("\\<", "")
    assert "@everyone" not in text
    assert not any(line.startswith("|") and line.count("|") != 6 for line in text.splitlines())


def test_the_digest_says_what_to_do_next() -> None:
    text = formats.to_markdown(picture_of(RECORDS))

    assert "**patch** takes 30.0 points off the score" in text
    assert "| Quality | 81.2 |" in text
