"""Figures over rolling windows are computed anew from the records, and have gaps for no data."""

from __future__ import annotations

from tests.support.pictures import at, warehouse_of
from tests.support.records import check, rate

from vsm_gate.analytics.picture import Picture, draw
from vsm_gate.analytics.series import Series, rolling, weekly
from vsm_gate.analytics.warehouse import Warehouse

# Mondays: 7, 14, 21 and 28 September, 5 and 12 October.
SINCE, UNTIL = at("2026-09-07T00:00"), at("2026-10-18T12:00")


def drawn(*documents: dict[str, object]) -> tuple[Warehouse, Picture]:
    warehouse = warehouse_of(documents)
    return warehouse, draw(warehouse, since=SINCE, until=UNTIL, now=UNTIL)


def values(series: Series, metric: str, team: str | None = "payments") -> dict[str, float | None]:
    return {point.monday: point.figure.value for point in series.get((team, metric), ())}


SCORED = tuple(
    check(f"{day}T10:00:00Z", score=score, change={"pull_request": number})
    for number, (day, score) in enumerate(
        [("2026-09-08", 10), ("2026-09-29", 20), ("2026-09-30", 40), ("2026-10-13", 90)]
    )
)


def test_a_week_without_data_is_a_gap() -> None:
    _, picture = drawn(*SCORED)
    found = {"2026-09-07": 10, "2026-09-28": 30, "2026-10-12": 90}
    assert values(weekly(picture), "quality.score") == found
    assert values(weekly(picture), "quality.score", team=None) == found


def test_a_window_is_computed_from_its_records_and_not_from_its_weeks() -> None:
    warehouse, picture = drawn(*SCORED)
    assert values(rolling(warehouse, picture, 4), "quality.score") == {
        "2026-09-28": 20,  # of 10, 20 and 40; the mean of the weeks would be (10 + 30) / 2
        "2026-10-05": 30,
        "2026-10-12": 40,
    }


def test_a_window_that_would_begin_before_the_period_is_left_out() -> None:
    warehouse, picture = drawn(*SCORED)
    assert rolling(warehouse, picture, 13) == {}


def test_the_last_window_ends_with_the_period() -> None:
    warehouse, picture = drawn(
        *SCORED, check("2026-10-18T13:00:00Z", score=100, change={"pull_request": 9})
    )
    assert values(rolling(warehouse, picture, 4), "quality.score")["2026-10-12"] == 40


def test_what_changes_measured_is_pooled_over_the_window() -> None:
    covered = [("2026-09-22", 1, 10), ("2026-10-06", 80, 90)]
    warehouse, picture = drawn(
        *(
            check(
                f"{day}T10:00:00Z",
                change={"pull_request": whole},
                measurements={"coverage.patch": rate(part, whole)},
            )
            for day, part, whole in covered
        )
    )
    found = values(rolling(warehouse, picture, 4), "coverage.patch")
    assert found == {"2026-09-28": 10, "2026-10-05": 81, "2026-10-12": 81}


def test_the_picture_is_asked_about_its_own_periods_afterwards() -> None:
    warehouse, picture = drawn(*SCORED)
    rolling(warehouse, picture, 4)
    asked = {row["period"] for row in warehouse.query("views", "verdicts")}
    assert {"period", "now", "week:2026-10-12"} <= asked
