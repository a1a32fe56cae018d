"""The impact metrics."""

from __future__ import annotations

from fractions import Fraction

from vsm_gate.metrics.impact import METRICS, measure
from vsm_gate.model.impact import Impact, Risk
from vsm_gate.model.results import Measurement


def measured(impact: Impact) -> dict[str, Measurement]:
    return {found.metric: found for found in measure(impact)}


def test_every_metric_is_measured_or_missing() -> None:
    assert set(measured(Impact(total=0))) == {metric.id for metric in METRICS}


def test_of_known_components() -> None:
    impact = Impact(
        total=8,
        touched=("a",),
        reached=("a", "b"),
        tier=2,
        owners=("@x", "@y"),
        sensitive={"migrations": ("m",), "pipelines": ("p", "m")},
    )
    found = measured(impact)
    radius = found["impact.blast_radius"]
    assert (radius.value, radius.numerator, radius.denominator) == (Fraction(25), 2, 8)
    values = {name: found[name].value for name in found if found[name].value is not None}
    assert values == {
        "impact.components": 1,
        "impact.blast_radius": 25,
        "impact.tier": 2,
        "impact.owners": 2,
        "impact.sensitive": 3,
    }


def test_without_components_there_is_a_reason_and_no_zero() -> None:
    found = measured(Impact(total=0))
    assert "no components are known" in (found["impact.blast_radius"].missing or "")


def test_the_rank_or_the_reason_why_there_is_none() -> None:
    ranked = measured(Impact(0, risk=Risk(Fraction(195, 2), "high", 300)))["impact.risk"]
    assert (ranked.value, ranked.sample) == (Fraction(195, 2), 300)
    cut = measured(Impact(0, risk=Risk(missing="cannot rank: history is cut")))["impact.risk"]
    assert (cut.value, cut.missing) == (None, "cannot rank: history is cut")
    assert measured(Impact(0))["impact.risk"].missing
