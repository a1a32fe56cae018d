"""scoverage, SonarQube's generic format, Codecov's and Coveralls' JSON."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import Ratio


def statement(line: int, count: int, **others: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in others.items())
    return f'<statement line="{line}" invocation-count="{count}"{more}/>'


def test_scoverage_statements_are_of_lines() -> None:
    inside = (
        statement(1, 0)
        + statement(1, 2, branch="true", start="4", end="9")
        + statement(2, 0, branch="true", start="14", end="19")
        + statement(3, 0, ignored="true", branch="true")
    )
    found = read(f'<scoverage><class filename="a.scala">{inside}</class></scoverage>')
    assert states(found.files["a.scala"]) == "cm"
    assert found.branch_ratio() == Ratio(1, 2)
    own = statement(1, 1, source="/x/b.scala")
    assert list(read(f"<scoverage>{own}</scoverage>").files) == ["/x/b.scala"]
    assert "without its `source`" in refused(f"<scoverage>{statement(1, 1)}</scoverage>").reason


def test_sonar_has_branches_as_fractions() -> None:
    found = read(
        '<coverage version="1"><file path="a.js"><lineToCover lineNumber="1" covered="true"/>'
        '<lineToCover lineNumber="2" covered="false" branchesToCover="2" coveredBranches="1"/>'
        "</file></coverage>"
    )
    assert states(found.files["a.js"]) == "cm"
    assert found.branch_ratio() == Ratio(1, 2)


def test_codecov_has_counts_and_fractions_and_no_branches() -> None:
    found = read(json.dumps({"coverage": {"a.rs": {"1": 0, "2": "0/2", "3": "1/2", "4": None}}}))
    assert states(found.files["a.rs"]) == "mmc"
    assert found.branch_ratio() is None


def test_coveralls_branches_come_in_fours() -> None:
    file = {"name": "a.c", "coverage": [1, None, 0], "branches": [1, 0, 0, 2, 1, 0, 1, 0]}
    found = read(json.dumps({"source_files": [file]}))
    assert states(found.files["a.c"]) == "c m"
    assert found.files["a.c"].branches == {1: (0b1, 2)}


@pytest.mark.parametrize(
    "document",
    [
        {"coverage": {"a.rs": {"1": "x"}}},
        {"coverage": {"a.rs": {"1": True}}},
        {"source_files": [{"name": "a.c", "coverage": ["x"]}]},
        {"source_files": [{"name": "a.c", "coverage": [1], "branches": [1]}]},
    ],
)
def test_another_shape_is_refused(document: object) -> None:
    assert refused(json.dumps(document)).reason
