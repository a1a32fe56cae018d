"""The gate's own result as JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.results import objective, result

from vsm_gate.model.results import Phase, Reason, Status, Verdict
from vsm_gate.publish.junit import junit
from vsm_gate.publish.result import CheckResult


def judged(*objectives: Any, reasons: tuple[Reason, ...] = ()) -> CheckResult:
    found = result(objectives)
    return replace(found, decision=replace(found.decision, reasons=reasons))


def cases(found: CheckResult) -> dict[str, tuple[str, str]]:
    """Of each case the element that makes it other than passed, and its message."""
    root = ET.fromstring(junit(found))
    said = {}
    for case in root.iter("testcase"):
        red = [part for part in case if part.tag in {"failure", "error", "skipped"}]
        assert len(red) <= 1
        said[case.get("name", "")] = (red[0].tag, red[0].get("message", "")) if red else ("", "")
    return said


def why(name: str | None, effect: Verdict, acts_as: Verdict) -> Reason:
    return Reason(name, effect, acts_as, f"{name} is at fault")


def test_an_objective_that_blocks_fails_and_one_that_warns_does_not() -> None:
    red = objective("red", "tests.failed", Status.FAIL)
    soft = objective("soft", "tests.failed", Status.FAIL, phase=Phase.WARN)
    found = judged(
        red,
        soft,
        reasons=(
            why("red", Verdict.FAIL, Verdict.FAIL),
            why("soft", Verdict.FAIL, Verdict.WARN),
        ),
    )
    assert cases(found) == {"red": ("failure", "the arithmetic"), "soft": ("", "")}
    assert "tests.failed: 1, asked for is == 0: fail" in junit(found)


@pytest.mark.parametrize(
    "status", [Status.NOT_APPLICABLE, Status.EXCLUDED, Status.NO_BASELINE], ids=str
)
def test_what_was_not_judged_is_skipped(status: Status) -> None:
    tag, message = cases(judged(objective("x", "tests.failed", status)))["x"]
    assert tag == "skipped"
    assert message


def test_a_waived_objective_is_skipped_and_names_its_waiver() -> None:
    waived = objective("x", "tests.failed", Status.FAIL, waiver="W-7")
    found = judged(waived, reasons=(why("x", Verdict.FAIL, Verdict.WARN),))
    assert cases(found)["x"] == ("skipped", "waived by W-7")


def test_a_lack_of_evidence_that_blocks_is_an_error() -> None:
    lost = objective("x", "tests.failed", Status.MISSING, missing="no report was found")
    found = judged(lost, reasons=(why("x", Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE),))
    assert cases(found)["x"] == ("error", "no report was found")


def test_a_score_that_blocks_is_a_case_of_its_own() -> None:
    found = judged(
        objective("x", "tests.failed", Status.PASS),
        reasons=(why(None, Verdict.FAIL, Verdict.FAIL),),
    )
    decision = replace(found.decision, conclusion=Verdict.FAIL)
    assert cases(replace(found, decision=decision)) == {
        "x": ("", ""),
        "score": ("failure", "None is at fault"),
    }


def test_the_totals_are_those_of_the_cases() -> None:
    found = judged(
        objective("a", "tests.failed", Status.PASS),
        objective("b", "tests.failed", Status.FAIL),
        objective("c", "tests.failed", Status.EXCLUDED),
        reasons=(why("b", Verdict.FAIL, Verdict.FAIL),),
    )
    [suite] = ET.fromstring(junit(found))
    totals = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert totals == {"tests": "3", "failures": "1", "errors": "0", "skipped": "1"}


@settings(max_examples=50)
@given(text=st.text(max_size=400))
def test_hostile_text_leaves_well_formed_xml_of_the_same_cases(text: str) -> None:
    hostile = objective(
        text or "x", "tests.failed", Status.FAIL, explanation=text, remedy=text, missing=text
    )
    found = judged(hostile, reasons=(why(text or "x", Verdict.FAIL, Verdict.FAIL),))
    named = replace(found, policy=replace(found.policy, team=text))
    assert [tag for tag, _ in cases(named).values()] == ["failure"]
