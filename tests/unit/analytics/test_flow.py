"""Flow, waste, defects by stage and governance against a table that was computed by hand.

October 2026, team payments. Three pull requests:

* #1, a feature, as it should be: first commit on the 1st at 08:00, opened at 10:00, a review asked
  for at 10:30, reviewed at 12:30, approved at 13:30, merged at 14:00 and deployed from 14:50 to
  15:00 by d2. Its tests were green at once.
* #2, a defect, squashed: first commit on the 29th of September, opened on the 2nd at 10:00, never
  asked for a review, reviewed at 11:00 with changes requested, approved at 15:00, merged at 16:00,
  never deployed. Red at first, and green without a change an hour later: a flaky test.
* #3, still open at the end of the month, judged on the 30th.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.pictures import SINCE, UNTIL, at, warehouse_of
from tests.support.records import Document, check, event, objective

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Picture, draw

HOUR = 3600.0
RED = {"tests.failed": {"value": 2}, "waste.queue": {"value": 3.0}, "waste.rerun": {"value": 0}}
GREEN = {"tests.failed": {"value": 0}, "waste.queue": {"value": 2.0}, "waste.rerun": {"value": 7}}


def forge(number: int, opened: str, **more: Any) -> Document:
    return {
        "pull_request": number,
        "opened": opened,
        "merged": None,
        "author": "kim",
        "labels": [],
        "first_review_requested": None,
        "first_review": None,
        "approvals": [],
        "changes_requested": 0,
        **more,
    }


FIRST = forge(
    1,
    "2026-10-01T10:00:00Z",
    merged="2026-10-01T14:00:00Z",
    labels=["Feature", "urgent"],
    first_review_requested="2026-10-01T10:30:00Z",
    first_review="2026-10-01T12:30:00Z",
    approvals=[{"by": "robin", "at": "2026-10-01T13:30:00Z", "final": True}],
)
SECOND = forge(
    2,
    "2026-10-02T10:00:00Z",
    merged="2026-10-02T16:00:00Z",
    labels=["bug"],
    first_review="2026-10-02T11:00:00Z",
    approvals=[{"by": "kim", "at": "2026-10-02T15:00:00Z", "final": True}],
    changes_requested=1,
)
THIRD = forge(3, "2026-10-29T10:00:00Z")


def pull(time: str, told: Document, commit: str, **more: Any) -> Document:
    """A check of a pull request, before it was merged."""
    number = told["pull_request"]
    change = {
        "default_branch": False, "event": "pull_request", "pull_request": number,
        "branch": f"topic-{number}", "head": commit * 40, "tested": commit * 40,
        "first_commit_time": more.pop("first_commit", None), "attempt": more.pop("attempt", 1),
    }  # fmt: skip
    return check(time, change=change, forge={**told, "merged": None}, **more)


def landed(time: str, told: Document, commit: str, **more: Any) -> Document:
    """The check of the commit that a pull request became on the default branch."""
    change = {"head": commit * 40, "tested": commit * 40}
    return check(time, change=change, forge=told, **more)


def runs(*seconds: float) -> list[Document]:
    return [{"name": "test", "attempt": 1, "duration_s": each} for each in seconds]


def evidence(stage: str | None, failed: int) -> list[Document]:
    return [{"path": "a.xml", "kind": "tests", "stage": stage, "failed": failed}]


def deployment(identity: str, commit: str, started: str, finished: str, status: str) -> Document:
    body = {
        "id": identity, "commit": commit * 40, "status": status, "environment": "production",
        "started": started, "finished": finished,
    }  # fmt: skip
    return event("deployment", finished, components=["checkout"], event=body)


HISTORY = (
    pull(
        "2026-10-01T10:10:00Z", FIRST, "1", first_commit="2026-10-01T08:00:00Z",
        measurements=GREEN, runs=runs(600, 240), evidence=evidence("unit", 0),
        cost={"seconds": 90},
    ),
    landed("2026-10-01T14:05:00Z", FIRST, "a", runs=runs(300), cost={"seconds": 30}),
    pull(
        "2026-10-02T10:10:00Z", SECOND, "2", first_commit="2026-09-29T16:00:00Z", verdict="fail",
        measurements=RED, evidence=evidence("acceptance", 2), waivers=["W-1"],
    ),
    pull(
        "2026-10-02T11:10:00Z", SECOND, "2", measurements=GREEN, attempt=2,
        evidence=evidence("acceptance", 0), waivers=["W-1"],
    ),
    landed("2026-10-02T16:05:00Z", SECOND, "b", waivers=["W-1"]),
    pull("2026-10-30T10:00:00Z", THIRD, "3", evidence=evidence("unit", 1), verdict="fail"),
    deployment("d1", "0", "2026-09-30T11:50:00Z", "2026-09-30T12:00:00Z", "success"),
    deployment("d2", "a", "2026-10-01T14:50:00Z", "2026-10-01T15:00:00Z", "success"),
    deployment("d3", "f", "2026-10-03T14:50:00Z", "2026-10-03T15:00:00Z", "failure"),
)  # fmt: skip


def picture() -> Picture:
    tables = warehouse_of(HISTORY)
    # #1 is the only change that a deployment carried; git knows that it came to the line at 14:00.
    tables.set_deployed(
        [
            (
                "acme/payments", "a" * 40, "a" * 40,
                at("2026-10-01T08:00"), at("2026-10-01T14:00"), "fix",
            )
        ]
    )  # fmt: skip
    tables.set_trunk(
        [
            ("acme/payments", "payments", "a" * 40, at("2026-10-01T14:00")),
            ("acme/payments", "payments", "b" * 40, at("2026-10-02T16:00")),
            ("acme/payments", "payments", "c" * 40, at("2026-10-02T17:00")),
        ]
    )
    return draw(tables, since=SINCE, until=UNTIL, now=UNTIL)


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    return picture().teams["payments"].period.figures


@pytest.mark.parametrize(
    ("metric", "value", "n", "numerator", "denominator"),
    [
        # #1: 08:00 to 14:00, six hours; #2: three days; the median lies between
        ("flow.time", (6 + 72) / 2 * HOUR, 2, None, None),
        ("flow.velocity", 2, 2, None, None),
        # #3 is open; all three were at some time
        ("flow.load", 1, 3, None, None),
        # #1 is labelled a feature, whatever its commit is called; #2 is a bug
        ("flow.distribution", 50, 2, 1, 2),
        # #1: jobs of 10 and 5 minutes in the five hours from opening to the end of the deployment
        ("flow.efficiency", 100 * 900 / (5 * HOUR), 1, 900_000, 18_000_000),
        # 3 minutes of #2's first run, since the second is of the same commit, and 2 of #1's
        ("waste.queue", 5, 2, None, None),
        ("waste.rerun", 14, 2, None, None),
        # #2 in acceptance, though there are unit tests, and d3 in production, of three defects
        ("waste.late_defects", 2, 3, None, None),
        # #3 in unit tests
        ("tests.shift_left", 100 / 3, 3, 1, 3),
        # only #2 was judged twice, and its tests both failed and passed
        ("tests.rerun_flake_rate", 100, 1, 1, 1),
        # of three commits of the default branch one came past the gate
        ("governance.evidence_rate", 200 / 3, 3, 2, 3),
        # from 10:10 to 16:05
        ("governance.waiver_debt", 355 / 1440, 1, None, None),
        ("governance.gate_minutes", 2, 2, None, None),
        # robin approved #1; #2 was approved by its author, and #3 by nobody
        ("governance.segregation", 100 / 3, 3, 1, 3),
    ],
)
def test_the_table(
    figures: dict[str, Figure],
    metric: str,
    value: float,
    n: int,
    numerator: int | None,
    denominator: int | None,
) -> None:
    found = figures[metric]

    assert found.value == pytest.approx(value, abs=1e-9)
    assert (found.n, found.numerator, found.denominator) == (n, numerator, denominator)


def test_the_value_stream() -> None:
    stages = picture().teams["payments"].period.stages

    hours = {name: None if x.seconds is None else x.seconds / HOUR for name, x in stages.items()}
    # #1: 2 h, #2: from the 29th at 16:00 to the 2nd at 10:00
    assert hours["coding"] == (2 + 66) / 2
    # #1 from the asking at 10:30, #2 from the opening at 10:00, since nobody was asked
    assert hours["pickup"] == (2 + 1) / 2
    assert hours["review"] == (1 + 4) / 2
    assert hours["merge"] == (0.5 + 1) / 2
    assert hours["ship"] == pytest.approx(50 / 60)
    assert hours["deploy"] == pytest.approx(10 / 60)
    ratios = {name: (x.accurate, x.entered) for name, x in stages.items() if x.entered}
    # #2 and #3 were red at first; #2 was asked for changes; d3 failed
    assert ratios["coding"] == (1, 3)
    assert ratios["review"] == (1, 2)
    assert ratios["main"] == (2, 2)
    assert ratios["deploy"] == (1, 2)


def test_what_the_work_was() -> None:
    found = picture()

    # #1 is labelled a feature, #2 a bug; #3 is not merged
    assert found.organisation.period.work == {"feature": 1, "defect": 1}
    assert found.teams["payments"].period.work == {"feature": 1, "defect": 1}
    assert found.organisation.before.work == {}


def test_complete_and_accurate_is_the_product_of_the_stages(figures: dict[str, Figure]) -> None:
    found = figures["flow.complete_accurate"]

    assert found.value == pytest.approx(100 * (1 / 3) * (1 / 2) * 1 * (1 / 2))
    assert found.n == 2


def test_without_a_forge_there_is_no_flow_and_not_none() -> None:
    tables = warehouse_of([check("2026-10-05T10:00:00Z")])

    found = draw(tables, since=SINCE, until=UNTIL, now=UNTIL).organisation.period.figures

    missing = ("flow.velocity", "flow.load", "flow.efficiency", "waste.queue", "waste.late_defects")
    for metric in (*missing, "governance.evidence_rate", "governance.gate_minutes"):
        assert found[metric].value is None, metric
        assert found[metric].missing


def test_control_begins_after_the_last_day_on_which_it_was_not_kept() -> None:
    def day(number: int, phase: str) -> Document:
        kept = {"covered": objective(phase=phase), "always": objective(phase="enforce")}
        return check(f"2026-10-{number:02}T10:00:00Z", objectives=kept)

    days = [day(1, "enforce"), day(4, "warn"), day(6, "enforce"), day(9, "enforce")]
    tables = warehouse_of(days)

    found = draw(tables, since=SINCE, until=UNTIL, now=UNTIL).organisation.period.figures

    # `covered` from the day after the 4th to the 9th; `always` for longer
    control = found["governance.control_since"]
    assert (control.value, control.n) == (5, 2)
    since = {row["objective"]: row["since"] for row in tables.query("views", "control")}
    assert since == {"covered": at("2026-10-06"), "always": at("2026-10-01")}


def test_an_apdex_needs_to_know_who_was_tolerating() -> None:
    def reading(name: str, **more: Any) -> Document:
        body = {"name": name, "target": 99.0, "good": 900, "total": 1000, "window": "28d", **more}
        return event("slo", "2026-10-05T00:00:00Z", components=[], event=body)

    tables = warehouse_of([reading("plain"), reading("checkout", tolerating=60)])

    found = draw(tables, since=SINCE, until=UNTIL, now=UNTIL).organisation.period.figures

    assert (found["experience.apdex"].value, found["experience.apdex"].n) == (0.93, 1)
