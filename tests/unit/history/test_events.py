from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vsm_gate.errors import ConfigurationError, InputError
from vsm_gate.history.event_files import rows
from vsm_gate.history.events import KINDS, Source, body_of, document_of, plan
from vsm_gate.history.record import Record

NOW = datetime(2026, 11, 22, 12, 0, 0, 500, tzinfo=UTC)
COMMIT = "6c5110c5d1c8b1d3f3f1e2a4b5968778695a4b3c"
VALUES = {
    "deployment": {
        "id": "d1",
        "commit": COMMIT,
        "status": "success",
        "started": "2026-11-22T09:31:00Z",
        "finished": "2026-11-22T10:34:10+01:00",
    },
    "incident": {"id": "i1", "started": "2026-11-22T10:02:00Z"},
    "release": {
        "id": "r1",
        "planned": "2026-11-20T18:00:00Z",
        "finished": "2026-11-20T18:10:00Z",
        "status": "failure",
    },
    "slo": {"name": "up", "target": "99.9%", "good": "998", "total": "1000"},
    "approval": {"commit": COMMIT, "by": "alex"},
}


def made(kind: str, team: str | None = "payments", **changes: str) -> dict[str, Any]:
    body, mistakes = body_of(KINDS[kind], {**VALUES[kind], **changes})
    assert mistakes == []
    return document_of(KINDS[kind], body, ["b", "a", "b"], Source("acme/shop", team, "1.0"), NOW)


def test_there_are_values_for_every_kind() -> None:
    assert VALUES.keys() == KINDS.keys()


def test_a_deployment_happened_when_it_finished() -> None:
    document = made("deployment")
    assert document["time"] == "2026-11-22T09:34:10Z"
    assert document["components"] == ["a", "b"]
    assert document["event"] == {
        "id": "d1",
        "commit": COMMIT,
        "status": "success",
        "environment": "production",
        "started": "2026-11-22T09:31:00Z",
        "finished": "2026-11-22T09:34:10Z",
        "caused_by": None,
    }


def test_what_has_no_time_of_its_own_happens_now() -> None:
    assert made("approval")["time"] == "2026-11-22T12:00:00Z"
    assert made("approval", at="2026-11-21T12:00:00Z")["time"] == "2026-11-21T12:00:00Z"


def test_a_reading_is_another_one_at_another_time() -> None:
    first = made("slo")
    assert first["event"]["at"] == "2026-11-22T12:00:00Z"
    later = made("slo", at="2026-11-23T12:00:00Z")
    assert len(plan([later], [Record.of(first)]).new) == 1
    assert "corrects" not in plan([later], [Record.of(first)]).new[0].document


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("deployment", {"commit": "6c5110c"}, "whole commit"),
        ("deployment", {"commit": ""}, "`commit` is missing"),
        ("deployment", {"status": "ok"}, "success nor failure"),
        ("deployment", {"started": "2026-11-22T09:31:00"}, "no zone"),
        ("deployment", {"started": "2026-11-22T11:31:00Z"}, "beyond"),
        ("deployment", {"id": "a\nb"}, "one line"),
        ("incident", {"resolved": "2026-11-22T09:31:00Z"}, "beyond"),
        ("incident", {"started": "soon"}, "ISO 8601"),
        ("incident", {"started": "0001-01-01T00:00:00Z"}, "is not between 1970 and 2999"),
        ("slo", {"target": "0%"}, "percentage"),
        ("slo", {"target": "NaN"}, "percentage"),
        ("slo", {"target": "100.1"}, "percentage"),
        ("slo", {"good": "1001"}, "beyond"),
        ("slo", {"good": "-1"}, "whole number"),
        ("slo", {"total": "1e3"}, "whole number"),
        ("slo", {"window": "month"}, "window"),
    ],
)
def test_what_cannot_be_is_refused(kind: str, change: dict[str, str], said: str) -> None:
    _, mistakes = body_of(KINDS[kind], {**VALUES[kind], **change})
    assert any(said in mistake for mistake in mistakes), mistakes


def test_all_mistakes_come_at_once() -> None:
    _, mistakes = body_of(KINDS["release"], {"status": "maybe"})
    assert len(mistakes) == 3


def test_the_same_event_again_is_known() -> None:
    first = Record.of(made("incident"))
    again = plan([made("incident")], [first])
    assert (again.new, again.known) == ((), (first,))


def test_another_version_of_the_tool_is_no_other_event() -> None:
    first = Record.of({**made("incident"), "tool": {"version": "0.9"}})
    assert plan([made("incident")], [first]).new == ()


def test_an_event_that_changed_corrects_the_newest_record_of_it() -> None:
    first = Record.of(made("incident"))
    second = plan([made("incident", severity="high")], [first]).new[0]
    assert second.document["corrects"] == first.id
    third = plan([made("incident", resolved="2026-11-22T11:00:00Z")], [second, first]).new[0]
    assert third.document["corrects"] == second.id
    back = plan([made("incident")], [first, second, third]).new[0]
    assert back.document["corrects"] == third.id
    assert back.id != first.id


def test_an_id_belongs_to_its_kind_and_repository() -> None:
    first = Record.of({**made("incident"), "repository": "acme/other"})
    assert "corrects" not in plan([made("incident", severity="x")], [first]).new[0].document


def test_events_of_one_batch_know_one_another() -> None:
    both = plan([made("incident"), made("incident"), made("incident", severity="high")], [])
    assert len(both.known) == 1
    assert both.new[1].document["corrects"] == both.new[0].id


def test_rows_come_from_csv() -> None:
    text = "\ufeffID,Started,Caused-By,component\r\nx,2026,i,a; b\r\n\r\ny,2027,,\r\n"
    found = rows("f.csv", text.encode(), KINDS["deployment"])
    assert [row.line for row in found] == [2, 4]
    assert found[0].values == {
        "id": "x",
        "started": "2026",
        "caused_by": "i",
        "components": "a; b",
    }
    assert found[0].components == ["a", "b"]
    assert found[1].values == {"id": "y", "started": "2027"}


def test_rows_come_from_json() -> None:
    text = b'[{"id": 7, "started": "2026", "components": ["a", "b"], "severity": null}]'
    (row,) = rows("f.json", text, KINDS["incident"])
    assert row.values == {"id": "7", "started": "2026", "components": "a b"}


def test_unknown_columns_are_named() -> None:
    with pytest.raises(ConfigurationError) as problem:
        rows("f.csv", b"id,colour\nx,red\n", KINDS["incident"])
    assert "`colour`" in problem.value.mistakes[0].message


@pytest.mark.parametrize(
    "content",
    [b"", b"id,started\n", b"[]", b"[7]", b"[", b"\xff\xfe", b'id\n"x', b"id\nx,y,z\n"],
)
def test_files_that_hold_no_events_are_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        rows("f", content, KINDS["incident"])


def test_times_are_told_to_the_microsecond_where_they_have_one() -> None:
    exact = (NOW + timedelta(microseconds=1)).isoformat()
    assert made("incident", started=exact)["time"] == "2026-11-22T12:00:00.000501Z"
