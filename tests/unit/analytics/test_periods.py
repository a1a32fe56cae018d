from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.support.pictures import at

from vsm_gate.analytics.periods import MOST_WEEKS, plan

TIMES = st.datetimes(at("2000-01-01"), at("2100-01-01"))


@given(TIMES, st.timedeltas(timedelta(seconds=1), timedelta(days=500)))
def test_the_weeks_tile_the_period(since: datetime, length: timedelta) -> None:
    until = since + length

    whole, now, before, *weeks = plan(since, until)

    assert (whole.since, whole.until) == (since, until)
    assert now.until == until
    assert before.until == now.since
    assert before.days == now.days <= 91
    assert weeks[-1].until == until
    assert all(left.until == right.since for left, right in pairwise(weeks))
    assert all(0 < week.days <= 7 for week in weeks)
    assert len(weeks) == MOST_WEEKS or weeks[0].since == since


def test_a_short_period_is_its_own_now() -> None:
    _, now, before, *weeks = plan(at("2026-11-18T12:00"), at("2026-11-22T12:00"))

    assert (now.since, before.since) == (at("2026-11-18T12:00"), at("2026-11-14T12:00"))
    assert [week.name for week in weeks] == ["week:2026-11-16"]
