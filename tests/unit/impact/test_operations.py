"""How components fared, from events."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.impact.operations import operations, remaining
from vsm_gate.model.impact import Budget, Impact, Operations

# `pay` is touched, `shop` depends on it, `docs` is neither.
IMPACT = Impact(total=3, touched=("pay",), reached=("pay", "shop"))


def day(number: float) -> str:
    whole = int(number)
    return f"2026-11-{whole:02d}T{int(24 * (number - whole)):02d}:00:00Z"


def event(kind: str, when: float, *components: str, **body: Any) -> dict[str, Any]:
    return {"kind": kind, "time": day(when), "components": list(components), "event": body}


def deployed(name: str, when: float, *components: str, ok: bool = True, **body: Any) -> Any:
    status = "success" if ok else "failure"
    return event("deployment", when, *components, id=name, status=status, **body)


def incident(name: str, when: float, *components: str, **body: Any) -> Any:
    return event("incident", when, *components, id=name, started=day(when), **body)


def slo(name: str, when: float, *components: str, good: Any = 999, **body: Any) -> Any:
    given = {"target": 99.0, "good": good, "total": 1000, "window": "28d", "name": name, **body}
    return event("slo", when, *components, **given)


def of(*documents: Any, impact: Impact = IMPACT) -> Operations:
    return operations(documents, impact)


def rate(*documents: Any, impact: Impact = IMPACT) -> tuple[int, int]:
    found = of(*documents, impact=impact)
    return found.failed, found.deployments


def test_deployments_of_what_is_touched() -> None:
    assert rate(
        deployed("1", 1, "pay"),
        deployed("2", 2, "pay", "docs", ok=False),
        deployed("3", 3, "shop", ok=False),
        deployed("4", 4),
        deployed("5", 5, "pay", environment="staging", ok=False),
        deployed("6", 6, "pay", environment="PROD"),
    ) == (1, 4)


def test_a_failure_counts_once_however_it_is_known() -> None:
    assert rate(
        deployed("1", 1, "pay", ok=False),
        deployed("2", 2, "pay"),
        incident("a", 3, deployment="1"),
        incident("b", 3, "pay", deployment="2"),
        incident("c", 3, "pay"),
    ) == (2, 2)


def test_an_incident_is_tied_to_the_last_successful_one_before_it_within_a_week() -> None:
    before = [deployed("1", 1, "pay"), deployed("2", 2, "pay"), deployed("3", 3, "docs")]
    assert rate(*before, incident("a", 4, "pay")) == (1, 2)
    assert rate(*before, incident("a", 8.5, "pay")) == (1, 2)
    assert rate(*before, incident("a", 9, "pay")) == (0, 2)
    assert rate(*before, incident("a", 1.5, "pay")) == (1, 2)
    assert rate(*before, incident("a", 4, "shop")) == (0, 2)
    assert rate(*before, incident("a", 4)) == (0, 2)


def test_what_was_corrected_counts_as_it_is_now() -> None:
    wrong, right = deployed("1", 1, "pay", ok=False), deployed("1", 1, "pay")
    assert rate(wrong, right) == (0, 1)
    assert rate(right, deployed("1", 1, "pay", environment="staging")) == (0, 0)
    (now,) = of(incident("a", 1, "pay"), incident("a", 1, "pay", resolved=day(2))).incidents
    assert now.resolved == datetime(2026, 11, 2, tzinfo=UTC)


def test_incidents_of_what_is_reached_the_newest_first() -> None:
    found = of(
        incident("a", 1, "shop", severity="high"),
        incident("b", 3, "pay", "docs"),
        incident("c", 2, "docs"),
        incident("d", 2),
    )
    assert [each.id for each in found.incidents] == ["b", "d", "a"]
    assert found.incidents[2].severity == "high"


def test_budgets_of_what_is_reached_the_least_first() -> None:
    found = of(
        slo("old", 1, "pay", good=0),
        slo("old", 2, "pay", good=1000),
        slo("up", 1, "shop", good=995),
        slo("up", 1, "docs", good=0),
        slo("over", 1, "pay", good=980),
        slo("nothing", 1, "pay", total=0, good=0),
        slo("all", 1, "pay", target=100),
    )
    assert [(each.name, each.remaining) for each in found.budgets] == [
        ("over", -100),
        ("up", 50),
        ("old", 100),
    ]


def test_of_a_reading_now_and_one_recorded_the_newer_counts() -> None:
    now = Budget("up", Fraction(10), datetime(2026, 11, 3, tzinfo=UTC), ("pay",))
    other = Budget("other", Fraction(5), datetime(2026, 11, 3, tzinfo=UTC), ("docs",))
    for when, least in ((2, Fraction(10)), (4, Fraction(90))):
        found = operations([slo("up", when, "pay")], IMPACT, [now, other])
        assert [each.remaining for each in found.budgets] == [least]


def test_without_components_everything_of_the_repository_counts() -> None:
    documents = [deployed("1", 1, "x", ok=False), slo("up", 1, "x"), incident("a", 2, "y")]
    found = of(*documents, impact=Impact(total=0))
    assert (found.failed, found.deployments) == (1, 1)
    assert (len(found.budgets), len(found.incidents)) == (1, 1)
    nothing = of(*documents, impact=Impact(total=3))
    assert (nothing.deployments, nothing.budgets, nothing.incidents) == (0, (), ())


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"kind": "deployment", "time": day(1), "event": 7},
        {"kind": "deployment", "time": "noon", "event": {}},
        {"kind": "incident", "time": day(1), "components": 7, "event": {"started": 3}},
        {"kind": "slo", "time": day(1), "event": {"target": "x", "good": True, "total": None}},
        {"kind": "slo", "time": day(1), "event": {"target": 9e999, "good": 1, "total": 1}},
    ],
)
def test_events_may_hold_anything(document: dict[str, Any]) -> None:
    found = of(document)
    assert (found.deployments, found.budgets) == (0, ())


@given(st.integers(1, 9999), st.integers(1, 10**9), st.floats(0, 1))
def test_the_budget_is_linear_in_what_failed(target: int, total: int, part: float) -> None:
    good = int(total * part)
    left = remaining(Fraction(target, 100), good, total)
    allowed = Fraction(10_000 - target, 10_000) * total
    assert left == 100 - 100 * (total - good) / allowed
    assert remaining(Fraction(target, 100), total, total) == 100
