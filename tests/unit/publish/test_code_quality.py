"""GitLab's code quality report."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.results import failing, objective, patch, result

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.model.results import Status
from vsm_gate.publish.code_quality import LIMIT, code_quality
from vsm_gate.publish.result import CheckResult

TESTS = objective("tests-green", "tests.failed", Status.FAIL, key=True)


def findings(found: CheckResult) -> list[dict[str, Any]]:
    document = json.loads(code_quality(found))
    assert isinstance(document, list)
    return document


def test_each_remark_beside_the_code_is_a_finding() -> None:
    missed = PatchCoverage(1, 4, {"src/a b.py": (range(3, 6),)})
    found = findings(result([TESTS], tests=failing(1, file="tests/t.py"), patch=missed))
    assert [each["check_name"] for each in found] == [
        "vsm-gate/failing-test",
        "vsm-gate/uncovered-lines",
    ]
    assert [each["severity"] for each in found] == ["major", "minor"]
    assert found[1]["location"] == {"path": "src/a b.py", "lines": {"begin": 3}}
    assert "Lines 3 to 5" in found[1]["description"]


def test_findings_are_told_apart_and_known_again() -> None:
    found = findings(result([TESTS], patch=patch(3, 3)))
    prints = [each["fingerprint"] for each in found]
    assert len(set(prints)) == 9
    assert prints == [each["fingerprint"] for each in findings(result([], patch=patch(3, 3)))]


def test_a_remark_about_no_file_is_no_finding() -> None:
    assert findings(result([TESTS], tests=failing(2))) == []


def test_what_is_left_out_is_counted() -> None:
    found = findings(result([], patch=patch(51, 100)))
    assert len(found) == LIMIT
    assert found[-1]["description"].endswith("… and 100 more are left out here")


@settings(max_examples=50)
@given(name=st.text(max_size=300), file=st.text(min_size=1, max_size=50))
def test_hostile_names_leave_one_finding_of_valid_text(name: str, file: str) -> None:
    named = name.replace("{", "{{").replace("}", "}}")
    for each in findings(result([TESTS], tests=failing(1, name=named, message=name, file=file))):
        each["description"].encode()
        assert not any(char in each["description"] for char in "\u202e\u200b\x1b")
