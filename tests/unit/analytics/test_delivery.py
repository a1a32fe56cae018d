"""Delivery figures against a table that was computed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.pictures import SINCE, UNTIL, at, picture_of, warehouse_of
from tests.support.records import Document, event, stored

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import draw

HOUR = 3600.0


def deployment(
    identity: str,
    finished: str,
    *,
    status: str = "success",
    caused_by: str | None = None,
    commit: str = "a" * 40,
    team: str = "payments",
    environment: str = "production",
    components: tuple[str, ...] = ("checkout",),
) -> Document:
    return event(
        "deployment",
        finished,
        team=team,
        components=list(components),
        event={
            "id": identity,
            "commit": commit,
            "status": status,
            "environment": environment,
            "started": finished,
            "finished": finished,
            "caused_by": caused_by,
        },
    )


def incident(
    identity: str,
    started: str,
    resolved: str | None,
    *,
    deployment: str | None = None,
    components: tuple[str, ...] = (),
    **fields: Any,
) -> Document:
    return event(
        "incident",
        started,
        components=list(components),
        event={
            "id": identity,
            "started": started,
            "resolved": resolved,
            "deployment": deployment,
            "severity": "high",
        },
        **fields,
    )


def release(
    identity: str, planned: str, finished: str, *, status: str = "success", team: str = "billing"
) -> Document:
    body = {"id": identity, "planned": planned, "finished": finished, "status": status}
    return event("release", finished, team=team, components=[], event=body)


# October 2026, team payments. d1 is the first deployment. d2 fails with two incidents, one inside
# the other, and is rolled back by d3. d4 fails in the pipeline and d5 mends it. i4 is nobody's.
# d6 happens in October in UTC, though it was November where it was done. s1 is not production.
HISTORY = (
    deployment("d1", "2026-10-01T10:00:00Z"),
    deployment("d2", "2026-10-05T10:00:00Z"),
    incident("i1", "2026-10-05T10:30:00Z", "2026-10-05T13:00:00Z", deployment="d2"),
    incident("i2", "2026-10-05T11:00:00Z", "2026-10-05T12:00:00Z", deployment="d2"),
    deployment("d3", "2026-10-05T12:50:00Z", caused_by="i1"),
    deployment("d4", "2026-10-12T10:00:00Z", status="failure"),
    deployment("d5", "2026-10-12T11:00:00Z"),
    incident("i4", "2026-10-20T00:00:00Z", "2026-10-20T00:30:00Z"),
    deployment("d6", "2026-11-01T00:30:00+01:00"),
    deployment("s1", "2026-10-07T10:00:00Z", environment="staging"),
)


def figures(*documents: Document, team: str | None = None) -> dict[str, Figure]:
    picture = picture_of(documents)
    scope = picture.organisation if team is None else picture.teams[team]
    return scope.period.figures


@pytest.mark.parametrize(
    ("metric", "value", "n", "numerator", "denominator"),
    [
        # d1, d2, d3, d5, d6 succeeded, in 31 days
        ("delivery.deployment_frequency", 5 / 31, 5, None, None),
        # d2 and d4 of d1 … d6: two incidents are one failure
        ("delivery.change_fail_rate", 100 * 2 / 6, 6, 2, 6),
        # d2: 10:00 to 13:00; d4: 10:00 to 11:00; the median lies between
        ("delivery.failed_deployment_recovery_time", 2 * HOUR, 2, None, None),
        # d3 of d1 … d6
        ("delivery.deployment_rework_rate", 100 / 6, 6, 1, 6),
        # 10:30 to 13:00, which holds i2, and the half hour of i4
        ("experience.incident_minutes", 180.0, 3, None, None),
    ],
)
def test_the_table(
    metric: str, value: float, n: int, numerator: int | None, denominator: int | None
) -> None:
    found = figures(*HISTORY)[metric]

    assert found.value == pytest.approx(value, abs=1e-9)
    assert (found.n, found.numerator, found.denominator) == (n, numerator, denominator)


def test_an_organisation_is_more_than_the_mean_of_its_teams() -> None:
    more = (
        deployment("w1", "2026-10-02T10:00:00Z", team="web"),
        deployment("w2", "2026-10-03T10:00:00Z", team="web", status="failure"),
    )

    picture = picture_of((*HISTORY, *more))

    metric = "delivery.change_fail_rate"
    assert picture.organisation.period.figures[metric].value == 100 * 3 / 8
    assert picture.teams["web"].period.figures[metric].value == 50


def test_a_month_without_data_is_no_data() -> None:
    picture = draw(
        warehouse_of(HISTORY),
        since=at("2026-12-01"),
        until=at("2027-01-01"),
        now=at("2027-01-01"),
    )

    found = picture.organisation.period.figures
    for metric in found:
        assert found[metric].value is None or metric == "experience.incident_minutes", metric
        assert found[metric].missing


def test_deployments_without_a_failure_are_a_rate_of_zero() -> None:
    found = figures(deployment("d1", "2026-10-01T10:00:00Z"))

    assert found["delivery.change_fail_rate"].value == 0
    assert found["delivery.failed_deployment_recovery_time"].value is None


def test_the_first_deployment_has_no_lead_time() -> None:
    found = figures(deployment("d1", "2026-10-01T10:00:00Z"))

    assert found["delivery.change_lead_time"].value is None
    assert "between two deployments" in str(found["delivery.change_lead_time"].missing)


def test_lead_time_counts_a_change_once_at_its_first_deployment() -> None:
    first, second, third = ("1" * 40, "2" * 40, "3" * 40)
    tables = warehouse_of(
        (
            deployment("d1", "2026-10-02T10:00:00Z", commit=first),
            deployment("d2", "2026-10-03T10:00:00Z", commit=second),
            deployment("d3", "2026-10-04T10:00:00Z", commit=third),
        )
    )
    tables.set_deployed(
        [
            ("acme/payments", second, "x", at("2026-10-03T08:00"), at("2026-10-02T12:00"), None),
            ("acme/payments", third, "x", at("2026-10-03T08:00"), at("2026-10-02T12:00"), None),
            ("acme/payments", third, "y", at("2026-10-04T04:00"), at("2026-10-02T12:00"), None),
        ]
    )

    found = draw(tables, since=SINCE, until=UNTIL, now=UNTIL).organisation.period.figures

    lead = found["delivery.change_lead_time"]
    assert (lead.value, lead.n) == (4 * HOUR, 2)


def test_a_failure_that_lasts_has_no_recovery_time() -> None:
    found = figures(
        deployment("d1", "2026-10-01T10:00:00Z"),
        incident("i1", "2026-10-01T11:00:00Z", None, deployment="d1"),
        deployment("d2", "2026-10-02T10:00:00Z", status="failure"),
    )

    assert found["delivery.change_fail_rate"].value == 100
    assert found["delivery.failed_deployment_recovery_time"].value is None


def test_an_incident_of_a_component_is_tied_to_its_last_deployment() -> None:
    found = figures(
        deployment("d1", "2026-10-01T10:00:00Z", components=("checkout",)),
        deployment("d2", "2026-10-02T10:00:00Z", components=("refunds",)),
        deployment("d3", "2026-10-03T10:00:00Z", components=("checkout", "refunds")),
        incident("i1", "2026-10-02T12:00:00Z", "2026-10-02T13:00:00Z", components=("checkout",)),
    )

    assert found["delivery.change_fail_rate"].numerator == 1
    assert found["delivery.failed_deployment_recovery_time"].value == 27 * HOUR


def test_an_incident_a_week_later_is_tied_to_nothing() -> None:
    found = figures(
        deployment("d1", "2026-10-01T10:00:00Z", components=("checkout",)),
        incident("i1", "2026-10-09T12:00:00Z", None, components=("checkout",)),
    )

    assert found["delivery.change_fail_rate"].numerator == 0


def test_a_release_train_is_measured_by_its_releases() -> None:
    found = figures(
        release("r1", "2026-10-05T18:00:00Z", "2026-10-05T18:10:00Z"),
        release("r2", "2026-10-19T18:00:00Z", "2026-10-21T18:00:00Z"),
        release("r3", "2026-10-26T18:00:00Z", "2026-10-26T18:00:00Z", status="failure"),
        team="billing",
    )

    frequency = found["delivery.deployment_frequency"]
    assert (frequency.value, frequency.n) == (pytest.approx(2 / 31, rel=1e-11), 2)
    cadence = found["delivery.cadence_adherence"]
    assert (cadence.numerator, cadence.denominator) == (1, 3)
    assert found["delivery.change_fail_rate"].value is None


def test_clocks_that_are_put_back_do_not_matter() -> None:
    # In Berlin both are half past two of the same night.
    found = figures(
        deployment("d1", "2026-10-25T02:30:00+02:00", status="failure"),
        deployment("d2", "2026-10-25T02:30:00+01:00"),
    )

    assert found["delivery.failed_deployment_recovery_time"].value == HOUR


def test_a_corrected_event_counts_as_corrected() -> None:
    wrong = incident("i1", "2026-10-05T10:30:00Z", None, deployment="d1")
    ((identity, _),) = stored([wrong])
    right = incident(
        "i1",
        "2026-10-05T10:30:00Z",
        "2026-10-05T11:30:00Z",
        deployment="d1",
        corrects=identity,
    )

    found = figures(deployment("d1", "2026-10-05T10:00:00Z"), wrong, right)

    assert found["delivery.failed_deployment_recovery_time"].value == 1.5 * HOUR
    assert found["experience.incident_minutes"].value == 60


def test_nobody_corrects_the_records_of_another_repository() -> None:
    mine = deployment("d1", "2026-10-05T10:00:00Z", status="failure")
    ((identity, _),) = stored([mine])
    theirs = deployment("d1", "2026-10-05T10:00:00Z", team="web")

    found = figures(mine, {**theirs, "repository": "acme/web", "corrects": identity})

    assert found["delivery.change_fail_rate"].numerator == 1
    assert found["delivery.change_fail_rate"].denominator == 2


def test_the_service_level_is_that_of_its_newest_reading() -> None:
    def reading(time: str, name: str, good: int) -> Document:
        body = {"name": name, "target": 99.0, "good": good, "total": 1000, "window": "28d"}
        return event("slo", time, components=[], event=body)

    found = figures(
        reading("2026-10-05T00:00:00Z", "checkout", 900),
        reading("2026-10-12T00:00:00Z", "checkout", 995),
        reading("2026-10-12T00:00:00Z", "refunds", 1000),
    )

    attained = found["experience.slo_attainment"]
    assert (attained.numerator, attained.denominator, attained.n) == (1995, 2000, 2)
    assert found["experience.error_budget_remaining"].value == pytest.approx(50)
