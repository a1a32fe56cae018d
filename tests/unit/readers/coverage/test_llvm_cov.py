"""llvm-cov: lines from segments by LLVM's own rule, else the summaries."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import CoverageReport, Ratio

ONE = [[1, 1, 1, True, True, False], [1, 9, 0, False, False, False]]
Segment = list[int | bool]


def llvm(entry: dict[str, object]) -> CoverageReport:
    return read(document(entry))


def document(entry: dict[str, object]) -> str:
    data = [{"files": [{"filename": "a.c", **entry}], "functions": [{"name": "f"}]}]
    return json.dumps({"data": data, "type": "llvm.coverage.json.export", "version": "2.0.1"})


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        # a function from line 2 to 4 that ran
        ([[2, 1, 3, True, True, False], [4, 2, 0, False, False, False]], " ccc"),
        # inside it a region that did not
        (
            [
                [1, 1, 1, True, True, False],
                [2, 5, 0, True, True, False],
                [3, 6, 1, True, False, False],
                [4, 2, 0, False, False, False],
            ],
            "ccmc",
        ),
        # a gap starts no region: its line is what goes on into it
        (
            [
                [1, 1, 1, True, True, False],
                [2, 9, 0, True, False, True],
                [3, 1, 0, True, True, False],
                [4, 2, 0, False, False, False],
            ],
            "ccmm",
        ),
        # lines skipped by the preprocessor are no code
        (
            [
                [1, 1, 1, True, True, False],
                [2, 1, 0, False, True, False],
                [3, 2, 1, True, False, False],
                [4, 2, 0, False, False, False],
            ],
            "c  c",
        ),
        # five values, as old versions write them
        ([[1, 1, 1, True, True], [1, 9, 0, False, False]], "c"),
    ],
)
def test_lines_come_from_segments(segments: list[Segment], expected: str) -> None:
    assert states(llvm({"segments": segments, "summary": {}}).files["a.c"]) == expected


def test_a_branch_has_two_outcomes_and_instances_are_one() -> None:
    branches = [
        [1, 2, 1, 9, 3, 0, 0, 0, 4],
        [1, 2, 1, 9, 0, 1, 0, 0, 4],
        [2, 1, 2, 4, 0, 0, 0, 0, 4],
    ]
    found = llvm({"segments": ONE, "branches": branches})
    assert found.files["a.c"].branches == {1: (0b11, 2), 2: (0, 2)}


def test_a_summary_counts_where_there_are_no_segments() -> None:
    summary = {"lines": {"count": 7, "covered": 3}, "branches": {"count": 2, "covered": 1}}
    entries: tuple[dict[str, object], ...] = ({}, {"segments": [], "branches": []})
    for entry in entries:
        found = llvm({"summary": summary, **entry})
        assert (found.line_ratio(), found.branch_ratio()) == (Ratio(3, 7), Ratio(1, 2))
    assert llvm({"summary": summary, "segments": ONE}).line_ratio() == Ratio(1, 1)


@pytest.mark.parametrize(
    "entry",
    [
        {"segments": [[1, 1]]},
        {"segments": [["x", 1, 1, True, True]]},
        {"segments": 1},
        {"segments": ONE, "branches": [[1, 2, 3]]},
        {},
        {"summary": {"lines": {}}},
    ],
)
def test_another_shape_is_refused(entry: dict[str, object]) -> None:
    assert refused(document(entry)).reason
