"""coverage.py's JSON: lines, and arcs as named outcomes."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states


def report(files: object, *, branches: bool = True) -> str:
    meta = {"format": 3, "version": "7.6.1", "branch_coverage": branches}
    return json.dumps({"meta": meta, "files": files, "totals": {}})


def test_lines_and_arcs() -> None:
    entry = {
        "executed_lines": [1, 2],
        "missing_lines": [4],
        "excluded_lines": [3],
        "executed_branches": [[2, 4]],
        "missing_branches": [[2, -1]],
    }
    found = read(report({"a.py": entry}))
    assert states(found.files["a.py"]) == "cc m"
    assert found.files["a.py"].branches == {2: (0b10, 2)}


def test_outcomes_have_the_same_place_in_every_shard() -> None:
    lines = {"executed_lines": [1], "missing_lines": []}
    first = read(
        report({"a.py": lines | {"executed_branches": [[1, 2]], "missing_branches": [[1, 9]]}})
    )
    second = read(
        report({"a.py": lines | {"executed_branches": [[1, 9]], "missing_branches": [[1, 2]]}})
    )
    first.files["a.py"].merge(second.files["a.py"])
    assert first.files["a.py"].branches == {1: (0b11, 2)}


def test_without_branch_measurement_there_are_no_branches() -> None:
    found = read(report({"a.py": {"executed_lines": [1], "missing_lines": []}}, branches=False))
    assert found.branch_ratio() is None


@pytest.mark.parametrize(
    "files",
    [
        [{"executed_lines": [1], "missing_lines": []}],
        {"a.py": []},
        {"a.py": {"executed_lines": [1]}},
        {"a.py": {"executed_lines": ["x"], "missing_lines": []}},
        {"a.py": {"executed_lines": [True], "missing_lines": []}},
        {"a.py": {"executed_lines": [], "missing_lines": [], "missing_branches": [[1]]}},
    ],
)
def test_another_shape_is_refused(files: object) -> None:
    assert refused(report(files)).reason
