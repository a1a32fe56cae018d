from __future__ import annotations

import pytest
from tests.support.pictures import at

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.periods import Period
from vsm_gate.report import text

TIED = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure("coverage.line", 99.97, None, 1, 9997, 10000), "99.9 %"),
        (Figure("coverage.line", 100.0, None, 1, 10, 10), "100.0 %"),
        (Figure("coverage.line", 57.3, None, 1, 573, 1000), "57.3 %"),
        (Figure("quality.score", 99.96), "99.9"),
        (Figure("quality.score", 0.0), "0.0"),
        (Figure("quality", 57.3), "57.3"),
        (Figure("quality.score", missing="nothing"), "no data"),
        (Figure("delivery.change_lead_time", 5400.0), "1 h 30 min"),
        (Figure("tests.failed", 3.0), "3"),
        (Figure("tests.total", 22321.0), "22\N{NARROW NO-BREAK SPACE}321"),
        (Figure("experience.error_budget_remaining", -17.0), "−17.0 %"),
        (Figure("waste.review_wait", 74_400.0), "1\N{NARROW NO-BREAK SPACE}240 h"),
        (Figure("governance.gate_minutes", 326.0), "5.4 h"),
    ],
)
def test_a_value_is_never_rounded_up(figure: Figure, shown: str) -> None:
    assert text.value(figure).replace(TIED, " ") == shown


@pytest.mark.parametrize(
    ("metric", "before", "now", "shown"),
    [
        ("quality.score", 80.0, 84.5, "+4.5"),
        ("quality.score", 84.5, 80.0, "−4.5"),
        ("quality.score", 80.0, 80.0, "0"),
        ("quality.score", 80.0, 80.01, "<0.1"),
        ("quality.score", 80.11, 80.19, "<0.1"),
        ("quality.score", 80.09, 81.01, "+1.0"),
        ("experience.error_budget_remaining", -17.09, 51.29, "+68.2"),
        ("delivery.change_lead_time", 7200.0, 3600.0, "−1 h 00 min"),
        ("waste.queue", 7200.0, 600.0, "−110 h"),
        ("quality.score", None, 80.0, "–"),
    ],
)
def test_a_change_is_signed(metric: str, before: float | None, now: float, shown: str) -> None:
    old = Figure(metric, before, None if before is not None else "nothing")

    assert text.change(old, Figure(metric, now)).replace(TIED, " ") == shown


def test_points_with_their_sign() -> None:
    assert [text.signed(number) for number in (1.25, -0.5, 0, 0.01)] == [
        "+1.2",
        "−0.5",
        "0.0",
        "<0.1",
    ]


def test_nouns_and_numbers() -> None:
    assert text.plural(1, "change") == "1 change"
    assert text.plural(12345, "repository") == "12\N{NARROW NO-BREAK SPACE}345 repositories"
    assert text.plural(0, "day") == "0 days"
    assert text.percent(1, 0) == "no data"
    assert text.percent(2999, 3000) == f"99.9{TIED}%"


def test_what_a_rate_divides() -> None:
    assert text.ratio(Figure("quality.first_pass", 50.0, None, 2, 1, 2)) == "1 ÷ 2"
    busy = Figure("flow.efficiency", 0.5, None, 9, 18_000_000, 3_600_000_000)
    assert text.ratio(busy).replace(TIED, " ") == "5.0 h ÷ 1\N{NARROW NO-BREAK SPACE}000 h"
    assert text.ratio(Figure("quality.score", 91.0, None, 2)) == ""


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-08-23", "2026-11-22", "13 weeks"),
        ("2026-11-15", "2026-11-22", "week"),
        ("2026-11-12", "2026-11-22", "10 days"),
        ("2026-11-21", "2026-11-22", "day"),
        ("2026-11-22", "2026-11-22", "day"),
    ],
)
def test_how_long_a_period_is(since: str, until: str, said: str) -> None:
    assert text.weeks(Period("now", at(since), at(until))) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 min"),
        (0.4, "<1 min"),
        (59.9, "59 min"),
        (60, "1.0 h"),
        (599, "9.9 h"),
        (600, "10 h"),
        (74_400, "1\N{NARROW NO-BREAK SPACE}240 h"),
    ],
)
def test_minutes_as_hours_of_work(minutes: float, said: str) -> None:
    assert text.hours(minutes).replace("\N{NO-BREAK SPACE}", " ") == said


def test_the_range_of_a_share_stays_within_0_and_100() -> None:
    low, high = text.wilson(0, 3)
    assert low == 0
    assert 50 < high < 60
    assert text.wilson(3, 3) == (pytest.approx(100 - high), 100)
    low, high = text.wilson(50, 1000)
    assert (low, high) == (pytest.approx(3.81, abs=0.01), pytest.approx(6.53, abs=0.01))


def test_what_stands_between_backquotes_is_code_and_all_is_escaped() -> None:
    said = text.coded("a <b> `c <d>` e")

    assert said == "a &lt;b&gt; <code>c &lt;d&gt;</code> e"
