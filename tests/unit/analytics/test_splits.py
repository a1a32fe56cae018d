"""The gap between two mean scores is split exactly: it adds up to the last digit."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.support.pictures import picture_of
from tests.support.records import check, objective

from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.splits import Gap, Part, gap, gap_to_peers

fractions = st.fractions(min_value=0, max_value=100, max_denominator=10_000)
losses = st.dictionaries(st.text(min_size=1, max_size=5), fractions, max_size=8)


def made(left: dict[str, Fraction], right: dict[str, Fraction]) -> Gap:
    none = Fraction(0)
    parts = [Part(name, left.get(name, none), right.get(name, none)) for name in {*left, *right}]
    means = [100 - sum(side.values(), none) for side in (left, right)]
    return Gap(means[0], means[1], 1, 1, tuple(parts))


@given(losses, losses, st.integers(min_value=0, max_value=4))
def test_what_is_shown_adds_up_to_the_last_digit(
    left: dict[str, Fraction], right: dict[str, Fraction], digits: int
) -> None:
    found = made(left, right)

    shown = found.rounded(digits)

    unit = Fraction(1, 10**digits)
    assert sum(part.points for part in found.parts) == found.points
    assert sum(part.points for part in shown.parts) == shown.points == shown.right - shown.left
    for side in ("left", "right"):
        mean, exact = getattr(shown, side), getattr(found, side)
        assert -unit / 10**6 <= exact - mean < unit
        assert sum(getattr(part, side) for part in shown.parts) == 100 - mean
        for part, before in zip(shown.parts, found.parts, strict=True):
            lost, really = getattr(part, side), getattr(before, side)
            assert (lost / unit).denominator == 1
            assert abs(lost - really) < unit
            assert lost == 0 or really > 0


def test_what_is_shown_of_equal_sides_is_no_difference() -> None:
    sides = ({"a": Fraction(3, 100), "b": Fraction(64, 10)},) * 2

    shown = made(*sides).rounded()

    assert shown.left == shown.right == Fraction(935, 10)
    assert {part.objective: part.points for part in shown.parts} == {"a": 0, "b": 0}


def teams(**scores: dict[str, float]) -> Picture:
    """Teams of one peer group, each with one change that has these objectives' scores."""
    return picture_of(
        check(
            f"2026-10-{day:02}T10:00:00Z",
            team=team,
            repository=f"acme/{team}",
            score=sum(found.values()) / len(found),
            objectives={name: objective(score=score) for name, score in found.items()},
        )
        for day, (team, found) in enumerate(scores.items(), 1)
    )


def test_two_teams_differ_by_what_their_objectives_take_off() -> None:
    picture = teams(web={"a": 40.0, "b": 90.0}, api={"a": 100.0, "c": 80.0})

    found = gap(picture.teams["web"].now, picture.teams["api"].now)

    assert found is not None
    assert (found.left, found.right, found.points) == (65, 90, 25)
    assert {part.objective: part.points for part in found.parts} == {"a": 30, "b": 5, "c": -10}


def test_a_team_stands_against_all_changes_of_its_peers() -> None:
    picture = teams(web={"a": 40.0}, api={"a": 100.0}, app={"a": 80.0})

    found = gap_to_peers(picture.teams["web"], picture.teams.values())

    assert found is not None
    assert (found.left, found.left_n, found.right, found.right_n) == (90, 2, 40, 1)


def test_without_a_score_there_is_nothing_to_split() -> None:
    picture = teams(web={"a": 40.0})

    assert gap(picture.teams["web"].before, picture.teams["web"].now) is None
    assert gap_to_peers(picture.teams["web"], picture.teams.values()) is None
