"""SARIF, as code scanning takes it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.results import failing, objective, patch, result

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.model.results import Status
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.sarif import LIMIT, sarif

TESTS = objective("tests-green", "tests.failed", Status.FAIL, key=True)


def run_of(found: CheckResult) -> Any:
    document = json.loads(sarif(found))
    assert document["version"] == "2.1.0"
    [run] = document["runs"]
    return run


def test_each_remark_on_a_line_is_a_result_of_a_known_rule() -> None:
    missed = PatchCoverage(1, 4, {"src/a b.py": (range(3, 6),)})
    run = run_of(result([TESTS], tests=failing(1, file="tests/t.py"), patch=missed))
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    found = [(each["ruleId"], each["level"]) for each in run["results"]]
    assert found == [("failing-test", "error"), ("uncovered-lines", "warning")]
    assert rules >= {rule for rule, _ in found}
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "src/a%20b.py"
    assert place["region"] == {"startLine": 3, "endLine": 5}


def test_a_remark_about_no_file_is_no_result() -> None:
    assert run_of(result([TESTS], tests=failing(2)))["results"] == []


def test_what_code_scanning_would_not_show_is_left_out_and_counted() -> None:
    run = run_of(result([TESTS], tests=failing(300, file="t.py"), patch=patch(50, 100)))
    assert len(run["results"]) == LIMIT
    assert sum(each["level"] == "error" for each in run["results"]) == 300
    [said] = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("300 more remarks")


def test_a_test_keeps_its_fingerprint_where_it_moves() -> None:
    def prints(first: int) -> list[str]:
        report = failing(1, file="t.py")
        report.details = failing(first, file="t.py").details[-1:]
        run = run_of(result([TESTS], tests=report))
        return [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]

    assert prints(1) == prints(1)
    assert prints(1) != prints(2)


@settings(max_examples=50)
@given(name=st.text(max_size=300), file=st.text(min_size=1, max_size=50))
def test_hostile_names_leave_valid_text(name: str, file: str) -> None:
    named = name.replace("{", "{{").replace("}", "}}")
    run = run_of(result([TESTS], tests=failing(1, name=named, message=name, file=file)))
    for each in run["results"]:
        assert each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii()
        each["message"]["text"].encode()
