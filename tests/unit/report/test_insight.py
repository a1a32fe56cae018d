from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.pictures import picture_of
from tests.support.records import check, objective

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.movement import Movement
from vsm_gate.analytics.picture import Foresight, Moment
from vsm_gate.report import insight
from vsm_gate.report.insight import Prediction


def test_teams_that_moved_are_named_and_others_not() -> None:
    documents = [
        check(
            f"2026-{month}-{day:02d}T10:00:00Z", score=score + day % 3, team=team, repository=team
        )
        for team, before, now in (("up", 70, 90), ("down", 90, 80), ("still", 85, 85))
        for month, score in (("09", before), ("10", now))
        for day in range(1, 29)
    ]

    picture = picture_of(documents)

    moved = {mover.team: mover.change.movement for mover in insight.movers(picture.teams)}
    assert moved == {"up": Movement.BETTER, "down": Movement.WORSE}
    assert insight.dimension(picture.teams["up"], "quality") is Movement.BETTER
    assert insight.dimension(picture.teams["still"], "quality") is Movement.SAME
    assert insight.dimension(picture.teams["up"], "stability") is Movement.UNKNOWN


def test_advice_names_what_costs_most_and_where() -> None:
    documents = [
        check(
            f"2026-10-{day:02d}T10:00:00Z",
            team=team,
            repository=team,
            score=score,
            objectives={"patch": objective("fail", score), "green": objective("pass", 100)},
        )
        for team, score in (("web", 20.0), ("core", 60.0))
        for day in range(1, 11)
    ]
    picture = picture_of(documents)

    (found,) = insight.advice(picture.organisation, picture.teams.values())

    assert found.objective.id == "patch"
    assert (found.unmet, found.objective.n) == (20, 20)
    assert found.objective.lost == found.lost == 30
    assert found.teams == (("web", 40), ("core", 20))


def test_nothing_is_advised_where_nothing_is_lost() -> None:
    documents = [check("2026-10-05T10:00:00Z", objectives={"green": objective()})]

    assert insight.advice(picture_of(documents).organisation) == ()


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([], Prediction.TOO_FEW),
        ([Foresight(5, 1, 100, 1)], Prediction.TOO_FEW),
        ([Foresight(flagged=50, passed=100)], Prediction.TOO_FEW),
        ([Foresight(100, 40, 100, 5)], Prediction.YES),
        ([Foresight(100, 7, 100, 5)], Prediction.NONE),
        ([Foresight(100, 5, 100, 40)], Prediction.REVERSED),
        # A team that came to pass more and to fail less: as a whole it looks like foresight.
        ([Foresight(200, 36, 200, 8)], Prediction.YES),
        ([Foresight(180, 36, 20, 4), Foresight(20, 0, 180, 4)], Prediction.NONE),
    ],
)
def test_foresight_is_claimed_only_where_the_numbers_carry_it(
    weeks: list[Foresight], said: Prediction
) -> None:
    assert insight.prediction(weeks) is said


def test_a_dimension_is_not_said_to_be_worse_while_its_mean_rises() -> None:
    scope = picture_of([check("2026-10-05T10:00:00Z")]).organisation
    failing = "delivery.change_fail_rate"
    mending = "delivery.failed_deployment_recovery_time"

    def at(share: int, hours: float, mean: float) -> Moment:
        figures = {
            **scope.now.figures,
            failing: Figure(failing, share / 10, n=1000, numerator=share, denominator=1000),
            mending: Figure(mending, hours * 3600, n=100, quartiles=(hours * 3500, hours * 3700)),
        }
        means = {**scope.now.dimensions, "stability": Figure("stability", mean, n=100)}
        return replace(scope.now, figures=figures, dimensions=means)

    def said(mean: float) -> Movement:
        pair = replace(scope, before=at(60, 1.0, 80), now=at(59, 2.0, mean))
        return insight.dimension(pair, "stability")

    assert said(79) is Movement.WORSE
    assert said(81) is Movement.UNCLEAR
