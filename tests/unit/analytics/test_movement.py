from __future__ import annotations

import pytest

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.movement import Movement, movement


def median(value: float, n: int, spread: float = 10.0) -> Figure:
    half = spread / 2
    return Figure("quality.score", value=value, n=n, quartiles=(value - half, value + half))


def share(numerator: int, denominator: int, metric: str = "quality.pass_share") -> Figure:
    value = 100 * numerator / denominator
    return Figure(metric, value, None, denominator, numerator, denominator)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (median(80, 100), median(90, 100), Movement.BETTER),
        (median(90, 100), median(80, 100), Movement.WORSE),
        (median(80, 100), median(81, 100), Movement.UNCLEAR),
        (median(80, 4), median(99, 4), Movement.UNCLEAR),
        (median(80, 100), median(80, 100), Movement.SAME),
        (share(50, 100), share(80, 100), Movement.BETTER),
        (share(5, 10), share(6, 10), Movement.UNCLEAR),
        (share(2, 100, "delivery.change_fail_rate"), share(40, 100, "delivery.change_fail_rate"),
         Movement.WORSE),
        (Figure("quality.score", missing="none"), median(80, 100), Movement.UNKNOWN),
        (Figure("coverage.line", 80.0, n=1), Figure("coverage.line", 80.5, n=1), Movement.BETTER),
        (Figure("delivery.deployment_frequency", 1.0, n=28),
         Figure("delivery.deployment_frequency", 1.1, n=31), Movement.UNCLEAR),
        (Figure("tests.total", 3.0, n=50, quartiles=(2, 4)),
         Figure("tests.total", 9.0, n=50, quartiles=(8, 10)), Movement.CHANGED),
    ],
)  # fmt: skip
def test_movement(before: Figure, now: Figure, expected: Movement) -> None:
    assert movement(before, now) is expected
