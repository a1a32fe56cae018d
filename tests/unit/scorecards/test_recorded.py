"""What is read back from a record is what was measured."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from vsm_gate.scorecards.recorded import AGGREGATES, exact, facts, measurement, of_default_branch


@pytest.mark.parametrize(
    "measured",
    [None, {}, {"missing": "x"}, {"value": True}, {"value": "1"}, 3, {"value": float("inf")}],
)
def test_what_is_no_value_is_none(measured: Any) -> None:
    assert exact(measured) is None


def test_values_are_exact() -> None:
    third = {"value": 33.3, "unit": "%", "numerator": 1, "denominator": 3}
    assert exact(third) == Fraction(100, 3)
    assert exact({"value": 0.1, "unit": "s"}) == Fraction(1, 10)
    assert exact({"value": 7, "unit": "count"}) == 7
    assert exact({**third, "denominator": 0}) == Fraction(333, 10)
    assert exact({"value": 0.3333, "exact": "1/3"}) == Fraction(1, 3)
    assert exact({"value": 0.5, "exact": "1/0"}) == Fraction(1, 2)


def test_a_measurement_keeps_its_sample_and_its_reason() -> None:
    found = measurement("a.b", {"value": 1, "denominator": 4, "sample": 9})
    assert found is not None
    assert (found.value, found.denominator, found.sample) == (1, 4, 9)
    absent = measurement("a.b", {"missing": "no line", "denominator": 0})
    assert absent is not None
    assert (absent.value, absent.missing, absent.denominator) == (None, "no line", 0)
    assert measurement("a.b", None) is None
    strange = measurement("a.b", {"value": "much", "denominator": True})
    assert strange is not None
    assert (strange.missing, strange.denominator) == ("it is no number", None)


def test_facts_of_a_record() -> None:
    document = {
        "change": {
            "branch": "main",
            "event": "push",
            "pull_request": 7,
            "default_branch": True,
            "files": 3,
            "lines_added": 40,
            "lines_deleted": 2,
        },
        "impact": {
            "components": ["a"],
            "owners": [],
            "sensitive": {"migrations": ["x.sql"]},
            "tier": 1,
            "risk": {"level": "high"},
        },
    }
    assert of_default_branch(document)
    assert facts(document) == {
        "risk": "high",
        "tier": "1",
        "component": ("a",),
        "owner": (),
        "sensitive": ("migrations",),
        "branch": "main",
        "event": "push",
        "paths": None,
        "lines": 42,
        "files": 3,
        "pull_request": "7",
    }
    assert facts({"facts": {"paths": ["a", "b"]}})["paths"] == ("a", "b")


def test_what_a_record_does_not_say_is_not_known() -> None:
    assert set(facts({"change": None, "impact": {"risk": {"missing": "new"}}}).values()) == {None}
    assert not of_default_branch({"change": []})


def test_aggregates_of_an_even_number() -> None:
    values = [Fraction(n) for n in (4, 1, 3, 2)]
    found = {name: reduce(values) for name, reduce in AGGREGATES.items()}
    assert found == {
        "median": Fraction(5, 2),
        "mean": Fraction(5, 2),
        "min": 1,
        "max": 4,
        "last": 4,
    }
