"""How impact is shown."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.support.results import result

from vsm_gate.model.impact import Impact, Risk
from vsm_gate.publish import document
from vsm_gate.publish.console import Style, console
from vsm_gate.publish.summary import summary

RISK = Risk(Fraction(197, 2), "high", 300, ("1,240 lines changed: more than in 98 %",))
SHOWN = "high: percentile 98 of 300 earlier changes (1,240 lines changed: more than in 98 %)"


def test_the_rank_says_why() -> None:
    shown = replace(result(), impact=Impact(total=0, risk=RISK, notes=("`x` is strange",)))
    text = console(shown, Style(colour=False, unicode=True))
    assert f"risk      {SHOWN}" in text
    assert "note      `x` is strange" in text
    assert "**Risk**: high" in summary(shown)


def test_without_a_rank_nothing_is_said() -> None:
    shown = replace(result(), impact=Impact(total=0, risk=Risk(missing="cannot rank")))
    assert "risk " not in console(shown, Style(colour=False, unicode=True))
    assert document.impact(shown.impact)["risk"] == {"missing": "cannot rank"}


def test_the_rank_as_data() -> None:
    assert document.impact(Impact(total=0, risk=RISK))["risk"] == {
        "percentile": 98.5,
        "level": "high",
        "compared": 300,
        "drivers": ["1,240 lines changed: more than in 98 %"],
    }
    assert document.impact(Impact(total=0))["risk"] is None
