from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.readers.cases import line_number, micros
from vsm_gate.readers.clock import clock_micros


@given(st.decimals(0, 4294, places=6))
def test_seconds_with_six_decimals_are_exact(seconds: Decimal) -> None:
    assert micros(f"{seconds:f}") == int(seconds * 1_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.5", 1_234_500_000),
        ("1,234,567.5", 1_234_567_500_000),
        (" 2 ", 2_000_000),
        ("1e-3", 1_000),
        ("-0.0", 0),
        ("1,234", None),
        ("0,5", None),
        ("12,34.5", None),
        ("1_000", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
        ("<<computed>>", None),
        ("", None),
        (None, None),
    ],
)
def test_odd_times(text: str | None, expected: int | None) -> None:
    assert micros(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:00.0010000", 1_000),
        ("01:02:03", 3_723_000_000),
        ("1.00:00:00.5", 86_400_500_000),
        ("00:00", None),
        ("-00:00:01", None),
        ("", None),
        (None, None),
    ],
)
def test_durations_as_a_clock_shows_them(text: str | None, expected: int | None) -> None:
    assert clock_micros(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("0", None),
        ("-1", None),
        ("²", None),
        ("9" * 30, None),
        ("x", None),
        (None, None),
    ],
)
def test_lines(text: str | None, expected: int | None) -> None:
    assert line_number(text) == expected
