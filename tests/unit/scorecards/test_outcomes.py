"""What became of commits in production, event by event."""

from __future__ import annotations

from typing import Any

from vsm_gate.scorecards.outcomes import Production

Entry = tuple[str, dict[str, Any]]


def event(kind: str, record: str, time: str, components: str = "", **said: Any) -> Entry:
    document: dict[str, Any] = {
        "kind": kind,
        "time": f"2026-11-{time}Z",
        "repository": said.pop("repository", "acme/pay"),
        "components": components.split(),
        **({"corrects": said.pop("corrects")} if "corrects" in said else {}),
    }
    return record, {**document, "event": said}


def deployed(record: str, time: str, components: str = "a", **said: Any) -> Entry:
    given = {"id": record, "commit": f"c-{record}", "status": "success", "caused_by": None} | said
    return event("deployment", record, time, components, **given)


def incident(record: str, time: str, components: str = "", **said: Any) -> Entry:
    given = {"id": record, "started": f"2026-11-{time}Z", "deployment": None} | said
    return event("incident", record, time, components, **given)


def failed(*events: Entry) -> set[str]:
    return {commit for (_, commit), bad in Production(events).outcomes().items() if bad}


def test_one_that_did_not_succeed_failed() -> None:
    found = Production(
        [deployed("d1", "01T10:00:00"), deployed("d2", "01T11:00:00", status="failure")]
    ).outcomes()
    assert found == {("acme/pay", "c-d1"): False, ("acme/pay", "c-d2"): True}


def test_an_incident_fails_the_deployment_that_it_names() -> None:
    events = [deployed("d1", "01T10:00:00"), deployed("d2", "01T11:00:00")]
    assert failed(*events, incident("i", "20T10:00:00", deployment="d1")) == {"c-d1"}
    assert failed(*events, incident("i", "01T12:00:00", "a", deployment="d9")) == set()


def test_of_two_with_one_name_the_own_repository_is_meant() -> None:
    events = [
        deployed("x", "01T10:00:00", id="7"),
        deployed("y", "01T11:00:00", id="7", repository="acme/shop"),
    ]
    assert failed(*events, incident("i", "02T10:00:00", deployment="7")) == {"c-x"}


def test_an_incident_that_names_none_is_of_the_last_deployment_of_its_component() -> None:
    events = [
        deployed("d1", "01T10:00:00"),
        deployed("d2", "01T11:00:00", "a b"),
        deployed("d3", "01T12:00:00", "b", status="failure"),
        deployed("d4", "01T15:00:00", "a"),
    ]
    assert failed(*events, incident("i", "01T14:00:00", "a")) == {"c-d2", "c-d3"}
    assert failed(*events, incident("i", "01T15:00:00", "b c")) == {"c-d2", "c-d3"}
    assert failed(*events, incident("i", "08T10:59:59", "b")) == {"c-d2", "c-d3"}
    assert failed(*events, incident("i", "08T11:00:00", "b")) == {"c-d3"}
    assert failed(*events, incident("i", "01T14:00:00", "c")) == {"c-d3"}


def test_other_environments_and_repairs_speak_of_no_change() -> None:
    events = [
        deployed("d1", "01T10:00:00", environment="staging", status="failure"),
        deployed("d2", "01T11:00:00", caused_by="i"),
        deployed("d3", "01T12:00:00", environment="PROD"),
        ("odd", {"kind": "deployment", "event": {"commit": 3}}),
        ("odd2", {"kind": "incident", "time": "yesterday"}),
    ]
    assert Production(events).outcomes() == {("acme/pay", "c-d3"): False}


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    first = deployed("d1", "01T10:00:00", status="failure")
    second = deployed("d2", "01T10:00:00", id="d1", commit="c-d1", corrects="d1")
    for events in ([first, second], [second, first]):
        assert Production(events).outcomes() == {("acme/pay", "c-d1"): False}


def test_a_deployment_carries_changes_once() -> None:
    events = [
        deployed("d1", "01T10:00:00", commit="head"),
        deployed("d2", "02T10:00:00", commit="head"),
        incident("i", "02T11:00:00", deployment="d2"),
    ]
    carried = [("acme/pay", "head", "one"), ("acme/pay", "head", "head"), ("acme/x", "head", "y")]
    assert Production(events).outcomes(carried) == {
        ("acme/pay", "head"): True,
        ("acme/pay", "one"): False,
    }
