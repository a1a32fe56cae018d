from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from tests.support.pictures import SINCE, UNTIL, warehouse_of
from tests.support.records import Document, check, event, objective

from vsm_gate.analytics.picture import draw
from vsm_gate.report.notable import Change, notable


def found(*documents: Document) -> tuple[Change, ...]:
    warehouse = warehouse_of(documents)
    draw(warehouse, since=SINCE, until=UNTIL, now=UNTIL)
    return notable(warehouse.query("views", "notable"))


def test_of_each_kind_the_newest_four_of_a_team_have_a_page() -> None:
    blocked = [check(f"2026-10-{day:02d}T10:00:00Z", blocked=True) for day in range(1, 9)]
    others = [check(f"2026-10-{day:02d}T10:00:00Z") for day in range(10, 19)]

    changes = found(*blocked, *others)

    assert [change.reasons for change in changes] == ["recent"] * 4 + ["blocked"] * 4
    times = [change.row["time"] for change in changes]
    assert times == sorted(times, reverse=True)
    assert times[-1] == datetime.fromisoformat("2026-10-05T10:00")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"blocked": True}, "blocked"),
        ({"break_glass": {"label": "x"}}, "break-glass"),
        ({"waivers": ["w-1"]}, "waived"),
        ({"blocked": True, "waivers": ["w-1"]}, "waived, blocked"),
        ({}, "recent"),
    ],
)
def test_a_change_says_why_it_is_there(said: dict[str, Any], reason: str) -> None:
    (change,) = found(check("2026-10-05T10:00:00Z", **said))

    assert change.reasons == reason


def test_a_change_that_failed_in_production_says_so() -> None:
    judged = check("2026-10-05T10:00:00Z")
    shipped = event(
        "deployment",
        "2026-10-06T10:00:00Z",
        event={"id": "d", "status": "failure", "commit": judged["change"]["tested"]},
    )

    (change,) = found(judged, shipped)

    assert change.reasons == "failed in production"
    assert change.row["deployed"] == datetime.fromisoformat("2026-10-06T10:00")


def test_points_lost_add_up_to_what_the_score_lacks() -> None:
    (change,) = found(
        check(
            "2026-10-05T10:00:00Z",
            score=70,
            objectives={
                "a": objective("fail", 40, weight=1),
                "b": objective("warn", 70, weight=1),
                "c": objective("pass", 85, weight=2),
                "d": objective("missing", None),
            },
        )
    )

    assert change.lost == {"a": 15, "b": Fraction(15, 2), "c": Fraction(15, 2)}
    assert sum(change.lost.values()) == 30
