"""Whatever the bytes are, a coverage reader answers: with a report, or why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.covered import attempt, refused

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers import registry

DATA = Path(__file__).parents[3] / "data"
NAMES = [row.name for kind, row in registry.formats() if kind == "coverage"]
SAMPLES = [
    path.read_bytes()
    for name in NAMES
    for path in sorted((DATA / name / "accept").iterdir())
    if not path.name.endswith(".expected.json") and path.stat().st_size < 30_000
]
ODD = [
    b"",
    b"0",
    b"-1",
    b"1e400",
    b"99999999999",
    b"null",
    b"{}",
    b"[]",
    b'""',
    b"\0",
    b"\xff",
    b"<",
]


def answers(raw: bytes) -> None:
    found = attempt(raw)
    if isinstance(found, CoverageReport):
        branches = found.branch_ratio()
        for ratio in (found.line_ratio(), *([branches] if branches else [])):
            assert 0 <= ratio.covered <= ratio.total
    else:
        assert isinstance(found, Unreadable)
        assert found.reason


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_report_is_answered(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(SAMPLES))
    start = data.draw(st.integers(0, len(raw)))
    end = min(len(raw), start + data.draw(st.integers(0, 40)))
    put = data.draw(st.sampled_from(ODD) | st.binary(max_size=8))
    answers(raw[:start] + put + raw[end:])


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_report_with_another_value_is_answered(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(SAMPLES))
    words = raw.split(b"\n") if raw[:1] not in b"{[<" else raw.replace(b":", b'"').split(b'"')
    victim = data.draw(st.sampled_from(words))
    answers(raw.replace(victim, data.draw(st.sampled_from(ODD))) if victim else raw[::-1])


@pytest.mark.parametrize(
    "text",
    [
        '<coverage line-rate="1"><packages><class filename="a">'
        + "".join(
            f'<line number="4999999" hits="1"/></class><class filename="{n}">' for n in range(40)
        ),
        "".join(f"SF:{n}\nDA:4999999,1\n" for n in range(40)),
        "mode: set\n" + "a.go:1.1,4900000.1 1 1\n" * 40,
        '{"meta": {"version": "7", "branch_coverage": true}, "files": {'
        + ",".join(
            f'"{n}": {{"executed_lines": [4999999], "missing_lines": []}}' for n in range(40)
        )
        + "}}",
    ],
    ids=["cobertura", "lcov", "go", "coverage.py"],
)
def test_lines_that_would_fill_the_memory_are_refused(text: str) -> None:
    assert "more than 134217728 lines" in refused(text).reason


BRANCHES = {
    "cobertura": (
        '<coverage line-rate="1"><packages><class filename="a"><line number="1" hits="1" '
        'condition-coverage="1% (99999999/999999999)"/></class></packages></coverage>'
    ),
    "sonar": (
        '<coverage version="1"><file path="a"><lineToCover lineNumber="1" covered="true" '
        'branchesToCover="999999999" coveredBranches="9"/></file></coverage>'
    ),
    "jacoco": (
        '<report><package name=""><sourcefile name="a"><line nr="1" ci="1" cb="999999999"/>'
        "</sourcefile></package></report>"
    ),
}


@pytest.mark.parametrize("text", BRANCHES.values(), ids=BRANCHES.keys())
def test_branches_that_would_fill_the_memory_are_refused(text: str) -> None:
    assert "branches cannot be" in refused(text).reason


def test_more_branches_of_a_line_than_any_source_has_are_refused() -> None:
    text = "SF:a\n" + "".join(f"BRDA:1,0,{n},1\n" for n in range(65_537))
    assert "more than 65536 branches" in refused(text).reason


def test_a_billion_laughs_and_deep_nesting_are_refused() -> None:
    laughs = '<!DOCTYPE coverage [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><coverage line-rate="1"/>'
    assert "entities are refused" in refused(laughs).reason
    deep = '{"meta": {"version": "7"}, "files": ' + '{"a":' * 100_000
    assert refused(deep).reason
