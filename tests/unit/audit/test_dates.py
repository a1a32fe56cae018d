from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.support.auditing import MERGED, audited, found, landed

from vsm_gate.audit.dates import in_order

DAY = timedelta(days=1)


def came(days: Sequence[int]) -> list[int]:
    """On which day commits came that are dated on these days."""
    line = [landed(f"{place:040x}", time=MERGED + day * DAY) for place, day in enumerate(days)]
    return [(each.time - MERGED).days for each in in_order(line)]


def test_dates_in_order_are_taken_at_their_word() -> None:
    assert came([0, 1, 1, 5, 9]) == [0, 1, 1, 5, 9]


def test_a_commit_that_is_dated_back_came_when_the_one_before_it_did() -> None:
    assert came([9, 10, 11, 2, 3, 12, 13]) == [9, 10, 11, 11, 11, 12, 13]


def test_a_commit_that_is_dated_ahead_drags_nobody_along() -> None:
    assert came([1, 2, 900, 3, 4]) == [1, 2, 2, 3, 4]


def test_the_first_commit_may_be_the_one_that_is_wrong() -> None:
    assert came([900, 3, 4]) == [3, 3, 4]


def test_one_commit_and_none() -> None:
    assert came([7]) == [7]
    assert came([]) == []


@given(st.lists(st.integers(0, 40), max_size=60))
def test_the_line_never_goes_back_and_as_few_as_may_be_are_doubted(days: list[int]) -> None:
    times = came(days)

    assert times == sorted(times)
    best: list[int] = []
    for place, day in enumerate(days):
        best.append(1 + max((best[k] for k in range(place) if days[k] <= day), default=0))
    assert sum(a == b for a, b in zip(times, days, strict=True)) >= max(best, default=0)


def test_a_change_cannot_be_dated_out_of_the_period() -> None:
    line = tuple(
        landed(f"{n:040x}", time=MERGED + day * DAY, subject=f"Change {n}")
        for n, day in enumerate([0, 1, -400, 400, 2])
    )
    made = audited(commits=line, since=MERGED - DAY, until=MERGED + 9 * DAY)

    assert [x.change.commit.sha for x in made.changes] == [each.sha for each in line]
    named = ["dated-out-of-order" in found(made, place) for place in range(5)]
    assert named == [False, False, True, True, False]
    assert "5 Jun 2025, 12:00" in made.changes[2].change.findings[-1].detail
