from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.policies import FULL, policy

from vsm_gate.documents import load
from vsm_gate.scorecards.policy import document
from vsm_gate.scorecards.show import origins, text

PLAIN = 'objectives:\n  a: {metric: tests.failed, pass: "== 0"}\n'


@pytest.mark.parametrize("card", [FULL, PLAIN])
def test_what_is_shown_can_be_read_back(card: str) -> None:
    gate = policy(card)
    again = policy("\n".join(text(gate)) + "\n")
    assert document(again) == document(gate)
    assert again.sha256 == gate.sha256


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
)
def test_any_word_is_written_so_that_it_is_read_back(word: str) -> None:
    gate = policy(PLAIN)
    shown = "\n".join(text(type(gate)(objectives=gate.objectives, team=word)))
    assert load("f", shown).data["team"] == word


def test_each_value_is_shown_with_its_file_and_line() -> None:
    gate = policy(
        "extends: org.yaml\nphase: warn\nobjectives:\n  a: {weight: 3}\n  b: {disabled: true}\n",
        **{"org.yaml": PLAIN + '  b: {metric: tests.flaky, pass: "== 0"}\n'},
    )
    assert list(text(gate)) == [
        "schema: vsm-gate/scorecard/v1",
        "objectives:",
        "  a:                                          # org.yaml:3",
        "    metric: tests.failed                      # org.yaml:3",
        '    pass: "== 0"                              # org.yaml:3',
        "    weight: 3                                 # team.yaml:5",
        "    on_missing: inconclusive                  # default",
        "    phase: warn                               # team.yaml:3",
        "score:",
        "  pass: 90                                    # default",
        "  warn: 75                                    # default",
        '  min_evidence: "80%"                         # default',
        "baseline:",
        "  window: 20                                  # default",
        "  aggregate: median                           # default",
        "phase: warn                                   # team.yaml:3",
        "max_waiver_days: 90                           # default",
        '# the inherited objective "b" is disabled at team.yaml:6',
    ]


def test_origins_by_path() -> None:
    found = origins(policy(FULL))
    assert found["team"] == "team.yaml:2"
    assert found["score.min_evidence"] == "team.yaml:9"
    assert found["objectives.cover"] == "team.yaml:21"
    assert found["objectives.cover.pass"] == "team.yaml:23"
    assert found["objectives.cover.phase"] == "team.yaml:7"
    assert found["campaigns.gold"] == "team.yaml:16"
    assert found["waivers.0"] == "team.yaml:36"
