from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from vsm_gate.model.results import Measurement
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.readings import Readings


def document(**measurements: Any) -> dict[str, Any]:
    return {"measurements": {name.replace("__", "."): each for name, each in measurements.items()}}


def test_what_is_recorded_alike_is_one_cell() -> None:
    readings = Readings()
    third = {"value": 100 / 3, "unit": "%", "numerator": 1, "denominator": 3}
    first = readings.of(document(coverage__line=third, coverage__patch=dict(third)))
    second = readings.of(document(coverage__line=dict(third)))
    other = readings.of(document(coverage__line={**third, "sample": 30}))

    cell = first.cell("coverage.line")
    assert cell is not None
    assert first.cell("coverage.patch") is cell
    assert second.cell("coverage.line") is cell
    assert other.cell("coverage.line") is not cell
    assert cell.measurement("coverage.line") == recorded.measurement("coverage.line", third)
    assert cell.place == (100 / 3, Fraction(100, 3))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"value": 1}, {"value": True}),
        ({"value": 1}, {"value": "1"}),
        ({"value": 1}, {"missing": "1"}),
        ({"missing": "a"}, {"missing": "b"}),
        ({"value": 2, "unit": "%", "numerator": 1, "denominator": 3}, {"value": 2, "unit": "%"}),
        ({"value": 3.3, "exact": "10/3"}, {"value": 3.3}),
    ],
)
def test_what_is_recorded_otherwise_is_another(one: dict[str, Any], other: dict[str, Any]) -> None:
    reading = Readings().of(document(a=one, b=other))
    for name, written in (("a", one), ("b", other)):
        cell = reading.cell(name)
        assert cell is not None
        assert cell.measurement(name) == recorded.measurement(name, written)
    assert reading.cell("a") is not reading.cell("b")


def test_what_a_record_says_wrongly_is_no_measurement() -> None:
    reading = Readings().of(document(a={"value": [1]}, b=7, c=None))
    cell = reading.cell("a")
    assert cell is not None
    assert cell.measurement("a") == Measurement("a", missing="it is no number")
    assert [reading.cell(name) for name in "bcd"] == [None, None, None]
    assert Readings().of({"measurements": []}).cell("a") is None


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsm_gate.scorecards.readings._KEPT", 2)
    readings = Readings()
    for value in (1, 2, 3, 1):
        cell = readings.of(document(a={"value": value})).cell("a")
        assert cell is not None
        assert cell.value == value


def test_what_stands_beside_measurements() -> None:
    reading = Readings().of(
        {
            "repository": "acme/shop",
            "change": {"default_branch": True, "tested": "c1", "branch": "main"},
            "problems": ["a report is broken"],
        }
    )
    assert (reading.landed, reading.commit, reading.broken) == (True, "c1", True)
    assert reading.window == ("acme/shop", "None")
    assert reading.facts["branch"] == "main"
    bare = Readings().of({})
    assert (bare.landed, bare.commit, bare.broken) == (False, None, False)
