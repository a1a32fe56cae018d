from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.pictures import picture_of
from tests.support.records import check

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Moment, Stage
from vsm_gate.report import value_stream

HOUR = 3600.0


def moment(**stages: Stage) -> Moment:
    now = picture_of([check("2026-10-05T10:00:00Z")]).organisation.now
    return replace(now, stages=stages)


REVIEWED = {
    "coding": Stage(8 * HOUR, 50, 40, 50),
    "pickup": Stage(3 * HOUR, 45, 0, 0),
    "review": Stage(1 * HOUR, 45, 30, 45),
    "merge": Stage(HOUR, 45, 0, 0),
    "main": Stage(None, 0, 48, 50),
    "ship": Stage(2 * HOUR, 50, 0, 0),
    "deploy": Stage(0.5 * HOUR, 50, 49, 50),
}


def test_with_reviews_there_are_four_steps_with_the_waits_before_them() -> None:
    found = value_stream.stream(moment(**REVIEWED))

    assert found is not None
    assert [(step.title, step.wait, step.process) for step in found.steps] == [
        ("Code", None, 8 * HOUR),
        ("Review", 3 * HOUR, HOUR),
        ("Integrate", HOUR, None),
        ("Deploy", 2 * HOUR, 0.5 * HOUR),
    ]
    assert found.process == 9.5 * HOUR
    assert found.wait == 6 * HOUR
    assert found.activity == pytest.approx(100 * 9.5 / 15.5)
    assert [step.complete_accurate for step in found.steps] == [
        "80.0\N{NO-BREAK SPACE}%",
        "66.6\N{NO-BREAK SPACE}%",
        "96.0\N{NO-BREAK SPACE}%",
        "98.0\N{NO-BREAK SPACE}%",
    ]


def test_what_git_alone_tells_has_no_activity_ratio() -> None:
    found = value_stream.stream(moment(change=Stage(9 * HOUR, 9, 8, 9), ship=Stage(HOUR, 9, 9, 9)))

    assert found is not None
    assert [step.title for step in found.steps] == ["Change", "Integrate", "Deploy"]
    assert found.activity is None
    assert value_stream.wide(found).count('class="queue"') == 1


def test_nothing_that_went_through_is_no_stream() -> None:
    assert value_stream.stream(moment()) is None


def test_what_nobody_timed_is_said_and_not_zero() -> None:
    found = value_stream.stream(moment(main=Stage(None, 0, 3, 4)))

    assert found is not None
    assert found.process is None
    drawn = value_stream.wide(found)
    assert "not timed" in drawn
    assert ">0 " not in drawn


@pytest.mark.parametrize("draw", [value_stream.wide, value_stream.narrow])
def test_the_map_shows_boxes_waits_and_what_is_wasted(draw: object) -> None:
    now = moment(**REVIEWED)
    wasted = Figure("waste.review_wait", value=6000.0, n=45)
    found = value_stream.stream(replace(now, figures={**now.figures, wasted.metric: wasted}))

    assert found is not None
    drawn = str(draw(found))  # type: ignore[operator]
    assert drawn.count('class="process"') == 4
    assert drawn.count('class="queue"') == 3
    assert drawn.count('class="burst"') == 1
    assert "100\N{NO-BREAK SPACE}h" in drawn
    assert "style=" not in drawn


def test_the_wide_map_has_the_ladder() -> None:
    found = value_stream.stream(moment(**REVIEWED))

    assert found is not None
    assert value_stream.wide(found).count('class="ladder"') == 1
