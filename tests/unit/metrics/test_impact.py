"""The impact metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from vsm_gate.metrics.impact import METRICS, measure
from vsm_gate.model.impact import Budget, Detail, Impact, Operations, Risk
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
        "impact.breaking": 0,
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


def test_what_breaks_is_counted_and_what_is_unread_is_not_none() -> None:
    breaking = Detail("migrations", "a.sql", "drops the table `t`", "breaking")
    unread = Detail("migrations", "b.sql", "what it does is not known: why", "warning", read=False)
    lesser = Detail("migrations", "c.sql", "rewrites `t`", "warning")

    def found(*details: Detail) -> Measurement:
        return measured(Impact(0, details=details))["impact.breaking"]

    assert found(breaking, breaking, lesser).value == 2
    assert found(lesser).value == 0
    assert found(breaking, unread).value == 1
    assert found(unread).missing == "b.sql: what it does is not known: why"


def test_what_the_components_lived_through() -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    budgets = (Budget("a", Fraction(-5), moment), Budget("b", Fraction(50), moment))
    found = measured(Impact(0, operations=Operations(28, 8, 2, budgets=budgets)))
    rate = found["impact.component_failure_rate"]
    assert (rate.value, rate.numerator, rate.denominator) == (25, 2, 8)
    assert found["impact.error_budget"].value == -5


def test_what_they_did_not_live_through_has_its_reason() -> None:
    quiet = measured(Impact(0, operations=Operations(28, notes=("SLO: x cannot be read",))))
    assert quiet["impact.component_failure_rate"].missing == (
        "no deployment of what is touched in 28 days"
    )
    assert quiet["impact.error_budget"].missing == (
        "no SLO reading of what is reached in 28 days; SLO: x cannot be read"
    )
    lost = measured(Impact(0, operations=Operations(28, 8, 2, missing="it could not be read")))
    assert lost["impact.component_failure_rate"].missing == "it could not be read"
