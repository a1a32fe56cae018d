from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from vsm_gate import words

NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "given", ["2026-06-02", date(2026, 6, 2), datetime(2026, 6, 2, 23, 59, tzinfo=UTC)]
)
def test_a_day_is_said_in_one_way(given: date | str) -> None:
    assert words.day(given) == "2 Jun 2026"


def test_a_minute_is_a_day_and_a_time() -> None:
    assert words.minute(datetime(2026, 6, 2, 9, 5, 59, tzinfo=UTC)) == "2 Jun 2026, 09:05"


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-07-01T00:00", "2026-10-01T00:00", "1 Jul 2026 to 30 Sep 2026"),
        ("2026-07-01T00:00", "2026-07-02T00:00", "1 Jul 2026"),
        ("2026-07-01T12:00", "2026-07-01T12:00", "1 Jul 2026"),
    ],
)
def test_a_period_is_said_by_its_first_and_its_last_day(since: str, until: str, said: str) -> None:
    assert words.span(datetime.fromisoformat(since), datetime.fromisoformat(until)) == said


def test_thousands_stand_apart() -> None:
    assert words.count(999) == "999"
    assert words.count(1_234_567) == f"1{NARROW}234{NARROW}567"
    assert words.plural(1_000, "policy") == f"1{NARROW}000 policies"
