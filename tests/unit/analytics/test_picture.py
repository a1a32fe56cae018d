from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.pictures import SINCE, UNTIL, at, picture_of, warehouse_of
from tests.support.records import check, event, objective

from vsm_gate.analytics.picture import draw

STATUSES = st.sampled_from(["pass", "warn", "fail", "missing", "no_baseline", "not_applicable"])
SCORES = st.one_of(st.none(), st.integers(0, 100))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from("abcde"),
            st.tuples(STATUSES, SCORES, st.integers(1, 9)),
            min_size=1,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_points_lost_add_up_to_what_the_mean_score_lacks(
    changes: list[dict[str, tuple[str, int | None, int]]],
) -> None:
    documents, scores = [], []
    for number, found in enumerate(changes):
        measured = [(score, weight) for _, score, weight in found.values() if score is not None]
        weight = sum(weight for _, weight in measured)
        score = sum(score * weight for score, weight in measured) / weight if weight else None
        if score is not None:
            scores.append(score)
        objectives = {
            name: objective(status, score, weight=weight)
            for name, (status, score, weight) in found.items()
        }
        documents.append(
            check(f"2026-10-05T10:{number:02d}:00Z", score=score, objectives=objectives)
        )

    found_objectives = picture_of(documents).organisation.period.objectives

    if scores:
        lost = sum(item.lost or 0 for item in found_objectives)
        assert abs(lost - (100 - sum(scores) / len(scores))) < 1e-6
    else:
        assert all(item.lost is None for item in found_objectives)


def test_a_waived_objective_is_not_among_the_passed() -> None:
    documents = [
        check("2026-10-05T10:00:00Z", objectives={"a": objective("fail", 0, waiver="W-1")}),
        check("2026-10-06T10:00:00Z", objectives={"a": objective("pass", 100)}),
    ]

    (found,) = picture_of(documents).organisation.period.objectives

    assert (found.n, found.passed, found.failed, found.waived) == (2, 1, 0, 1)


def test_weeks_begin_on_monday_and_one_without_data_has_none() -> None:
    documents = [check("2026-10-05T00:00:00Z"), check("2026-10-18T23:59:59Z")]

    weeks = {week.monday: week for week in picture_of(documents).organisation.weeks}

    assert list(weeks) == ["2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"]
    assert [week.verdicts.changes for week in weeks.values()] == [0, 1, 1, 0, 0]
    assert weeks["2026-10-19"].median is None


def test_now_is_the_last_quarter_and_before_as_long_a_time() -> None:
    documents = [
        check("2026-01-05T00:00:00Z", score=10),
        check("2026-05-05T00:00:00Z", score=50),
        check("2026-10-05T00:00:00Z", score=90),
    ]

    scope = picture_of(documents, since=None, until=UNTIL).organisation

    assert scope.now.figures["quality.score"].value == 90
    assert scope.before.figures["quality.score"].value == 50
    assert scope.period.figures["quality.score"].value == 50
    assert scope.period.figures["quality.score"].n == 3


def test_a_period_ends_before_its_end() -> None:
    documents = [check("2026-10-01T00:00:00Z"), check("2026-11-01T00:00:00Z")]

    assert picture_of(documents).organisation.period.verdicts.changes == 1


def test_without_a_beginning_it_is_the_day_of_the_oldest_record() -> None:
    late = event("deployment", "2026-10-07T15:00:00Z", event={"status": "success"})

    picture = picture_of([late], since=None)

    assert picture.since == at("2026-10-07")
    found = picture.organisation.period.figures["delivery.deployment_frequency"]
    assert found.value == 1 / ((UNTIL - at("2026-10-07")) / timedelta(days=1))


def test_an_empty_history_is_a_picture_without_data() -> None:
    picture = picture_of([], since=None)

    assert picture.last is None
    assert picture.teams == {}
    assert all(found.value is None for found in picture.organisation.now.figures.values())


def test_deployed_changes_are_held_against_what_the_gate_had_said() -> None:
    def deployed(identity: str, commit: str) -> dict[str, object]:
        return event(
            "deployment",
            "2026-10-06T10:00:00Z",
            components=["checkout"],
            event={"id": identity, "commit": commit, "status": "success"},
        )

    flagged, passed = {"tested": "f" * 40}, {"tested": "0" * 40}
    tables = warehouse_of(
        [
            check("2026-10-05T10:00:00Z", verdict="warn", change=flagged),
            check("2026-10-05T11:00:00Z", verdict="pass", change=passed),
            deployed("d1", "f" * 40),
            deployed("d2", "0" * 40),
            event(
                "incident",
                "2026-10-06T11:00:00Z",
                event={"id": "i", "started": "2026-10-06T11:00:00Z", "deployment": "d1"},
            ),
        ]
    )

    picture = draw(tables, since=SINCE, until=UNTIL, now=UNTIL)

    seen = picture.organisation.period.foresight
    assert (seen.flagged, seen.flagged_failed, seen.passed, seen.passed_failed) == (1, 1, 1, 0)
    assert picture.organisation.period.figures["governance.precision"].value == 100
    assert picture.organisation.period.figures["governance.recall"].value == 100
    (component,) = picture.teams["payments"].components
    assert (component.name, component.deployments, component.failed) == ("checkout", 2, 1)
