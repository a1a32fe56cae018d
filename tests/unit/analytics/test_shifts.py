"""Shifts of weekly figures are found where there are any, and named with what else changed."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from tests.support.pictures import warehouse_of
from tests.support.records import check, objective

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.policy_changes import PolicyChange, policy_changes
from vsm_gate.analytics.series import Point, Series
from vsm_gate.analytics.shifts import Confidence, shifts

FIRST = date(2026, 1, 5)
ENFORCED = PolicyChange("web", "2026-05-25", "enforced", "patch-coverage", "")


def monday(week: int) -> str:
    return str(FIRST + timedelta(weeks=week))


def weekly(values: list[float], metric: str = "coverage.patch", n: int = 20) -> Series:
    points = [
        Point(monday(week), Figure(metric, value=value, n=n)) for week, value in enumerate(values)
    ]
    return {("web", metric): tuple(points)}


def noisy(seed: int, *levels: float, weeks: int = 20) -> list[float]:
    dice = random.Random(seed)
    return [level + dice.gauss(0, 2) for level in levels for _ in range(weeks)]


def test_a_step_is_found_where_it_is() -> None:
    (found,) = shifts(weekly(noisy(1, 60, 75)), {"web": (ENFORCED,)})["web"]

    assert found.monday == monday(20)
    assert found.before == pytest.approx(60, abs=1.5)
    assert found.after == pytest.approx(75, abs=1.5)
    assert (found.better, found.confidence) == (True, Confidence.CLEAR)
    assert found.coincides == (ENFORCED,)
    assert "`patch-coverage` became enforced" in found.sentence
    assert "not shown" in found.sentence


def test_a_change_of_policy_at_another_time_is_not_named() -> None:
    early = PolicyChange("web", "2026-02-01", "enforced", "patch-coverage", "")

    (found,) = shifts(weekly(noisy(1, 60, 75)), {"web": (early,)})["web"]

    assert found.coincides == ()
    assert "patch-coverage" not in found.sentence


def test_what_got_worse_is_told_from_what_got_better() -> None:
    (found,) = shifts(weekly(noisy(2, 5, 20), "delivery.change_fail_rate"), {})["web"]

    assert found.better is False


def test_noise_is_no_shift() -> None:
    claimed = [seed for seed in range(300) if shifts(weekly(noisy(seed, 70, weeks=50)), {})["web"]]

    assert claimed == []


def test_weeks_with_a_handful_of_changes_say_nothing() -> None:
    assert shifts(weekly(noisy(1, 60, 75), n=2), {})["web"] == ()


@pytest.mark.parametrize("values", [[], [50.0], [50.0] * 40, [50.0] * 20 + [50.0] * 20])
def test_little_or_nothing_moves_nothing(values: list[float]) -> None:
    assert shifts(weekly(values), {})["web"] == ()


def test_what_changed_in_a_policy_is_read_from_its_records() -> None:
    def day(number: int, digest: str, **rules: dict[str, object]) -> dict[str, object]:
        asked = {name: objective(**rule) for name, rule in rules.items()}  # type: ignore[arg-type]
        time = f"2026-10-{number:02}T10:00:00Z"
        return check(time, objectives=asked, policy={"sha256": digest * 64})

    old: dict[str, object] = {"phase": "warn", "pass": ">= 60%"}
    days = [
        day(1, "a", covered=old, gone=old),
        day(2, "b", covered={**old, "phase": "enforce"}),
        day(3, "c", covered={**old, "phase": "enforce", "pass": ">= 80%"}, added=old),
        day(20, "d", covered={**old, "phase": "enforce", "pass": ">= 80%"}, added=old),
    ]

    found = policy_changes(warehouse_of(days))["payments"]

    assert [(each.day[-2:], each.what, each.objective, each.detail) for each in found] == [
        ("02", "enforced", "covered", ""),
        ("02", "removed", "gone", ""),
        ("03", "added", "added", ""),
        ("03", "criteria", "covered", "pass from `>= 60%` to `>= 80%`"),
        ("20", "policy", "", "d" * 12),
    ]
