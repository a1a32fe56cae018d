from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.pictures import picture_of
from tests.support.records import check

from vsm_gate.report import charts


@given(st.integers(0, 10**9))
def test_counts_have_few_whole_round_ticks(top: int) -> None:
    ticks = charts.whole_ticks(top)

    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 5 or top <= 1
    assert ticks[-1] <= max(top, 1) < ticks[-1] + (ticks[1] - ticks[0])


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
@pytest.mark.parametrize("scores", [[81.0], [81.0, None, 92.0], [None, None], [0.0, 100.0]])
def test_a_drawing_has_the_size_that_was_asked_for(width: int, scores: list[float | None]) -> None:
    documents = [
        check(f"2026-10-{5 + 7 * week:02d}T10:00:00Z", score=score)
        for week, score in enumerate(scores)
    ]

    drawing = charts.progress(picture_of(documents).organisation.weeks, width)

    drawn = drawing.svg
    size = re.search(r'<svg[^>]* width="(\d+)"', drawn)
    assert size is not None
    assert abs(int(size[1]) - width) <= 24
    assert "NaN" not in drawn
    assert "role=" not in drawn
    assert 0 < drawing.left < drawing.right < 1


def test_the_axis_begins_below_what_is_drawn() -> None:
    def weeks(score: float) -> int:
        return charts.floor(
            picture_of([check("2026-10-05T10:00:00Z", score=score)]).organisation.weeks
        )

    assert [weeks(score) for score in (0, 57, 89, 100)] == [0, 50, 80, 80]
    assert charts.floor([]) == 0
