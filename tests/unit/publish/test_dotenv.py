"""Outputs as variables for later jobs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.publish.dotenv import dotenv


def test_each_output_is_a_variable_and_one_without_a_value_is_empty() -> None:
    assert dotenv({"verdict": "pass", "record-id": None, "score": 92.5}) == (
        "VSM_GATE_VERDICT=pass\nVSM_GATE_RECORD_ID=\nVSM_GATE_SCORE=92.5\n"
    )


@given(st.text())
def test_a_hostile_value_is_one_line(value: str) -> None:
    text = dotenv({"bundle": value, "verdict": "fail"})
    assert text.count("\n") == 2
    assert len(text.splitlines()) == 2
    assert text.splitlines()[1] == "VSM_GATE_VERDICT=fail"
