from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from vsm_gate.scorecards.explain import Result, entry, level, text, total

OBJECTIVE: dict[str, Any] = {
    "metric": "coverage.line",
    "status": "warn",
    "score": 75,
    "value": 78.0,
    "baseline": 80,
    "pass": ">= baseline - 1%",
    "warn": ">= baseline - 3% or == 0%",
    "phase": "warn",
    "key": True,
    "weight": 2.5,
    "level": None,
    "waiver": "W-1",
    "missing": None,
    "explanation": "the arithmetic",
    "remedy": "Test it.",
    "source": "team.yaml:7",
    "enforce_from": "2027-02-01",
}


def result(**changes: Any) -> Result:
    document: dict[str, Any] = {
        "schema": "vsm-gate/check/v1",
        "verdict": "warn",
        "conclusion": "pass",
        "score": 82.1,
        "evidence_rate": 90,
        "objectives": {
            "loss": {**OBJECTIVE, **changes},
            "green": {**OBJECTIVE, "metric": "tests.failed", "pass": "== 0", "warn": None,
                      "weight": 1, "score": 100, "value": 0, "baseline": None},
            "gone": {**OBJECTIVE, "score": None, "value": None},
        },
        "reasons": [
            {"objective": "loss", "effect": "warn", "acts_as": "pass", "text": "loss warns"},
            {"objective": None, "effect": "warn", "acts_as": "pass", "text": "the score"},
        ],
        "measurements": {"coverage.line": {"value": 78, "numerator": 78, "denominator": 100}},
        "baseline": {"records": ["0123456789abcdef", *"bcdefg"]},
        "something": "that a later version says",
    }  # fmt: skip
    return Result.model_validate(document)


def test_an_objective_is_explained_in_full() -> None:
    assert list(text(result(), "loss")) == [
        "loss: warn, score 75.0 of 100",
        "  metric    coverage.line: covered ÷ coverable lines over all merged files",
        "  value     78.0 % (78 of 100)",
        "  baseline  80.0 %, from 7 records: 0123456789ab, b, c, d, e and 2 more",
        "  pass      >= baseline - 1%, here >= 79.0 %",
        "  warn      >= baseline - 3% or == 0%, here >= 77.0 % or == 0.0 %",
        "  why       the arithmetic",
        "  weight    2.5, key",
        "  phase     warn until 2027-02-01",
        "  waiver    W-1",
        "  asks for  warn, acts as pass: loss warns",
        "  rule      team.yaml:7",
        "  remedy    Test it.",
    ]


def test_what_is_not_there_is_not_shown() -> None:
    lines = list(
        text(
            result(
                metric="gone.metric",
                value=None,
                score=None,
                baseline=None,
                warn=None,
                phase="enforce",
                key=False,
                waiver=None,
                remedy=None,
                weight=1,
            ),
            "loss",
        )
    )
    assert lines == [
        "loss: warn, no score",
        "  metric    gone.metric",
        "  pass      >= baseline - 1%",
        "  why       the arithmetic",
        "  weight    1",
        "  phase     enforce",
        "  asks for  warn, acts as pass: loss warns",
        "  rule      team.yaml:7",
    ]
    absolute = list(text(result(), "green"))
    assert not any("baseline" in line for line in absolute)


def test_the_total_is_a_sum_that_can_be_checked() -> None:
    assert list(total(result())) == [
        "total: (2.5 · 75.0 + 1 · 100.0) ÷ 3.5 = 82.1",
        "evidence: 90.0 % of the weight was measured",
        "verdict: warn, conclusion: pass",
    ]
    nothing = result().model_copy(update={"objectives": {}})
    assert list(total(nothing)) == ["total: none, since nothing was measured"]


def test_the_level_and_what_is_lacking_for_the_next() -> None:
    assert list(level(result())) == []
    assert list(level(result(level="gold"))) == ["level: none yet; gold lacks loss"]
    assert list(level(result(level="silver", status="pass", waiver=None))) == ["level: silver"]


def test_the_same_as_data() -> None:
    found = entry(result(), "loss")
    assert found["pass"] == ">= baseline - 1%"
    assert found["formula"] == "covered ÷ coverable lines over all merged files"
    assert len(found["baseline_records"]) == 7
    assert [cause["text"] for cause in found["reasons"]] == ["loss warns"]
    assert entry(result(), "green")["baseline_records"] == []


def test_another_document_is_refused() -> None:
    with pytest.raises(ValidationError):
        Result.model_validate({"schema": "vsm-gate/inspect/v1"})
