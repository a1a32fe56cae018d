"""Istanbul: statements by the line where they start."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states


def entry(**others: object) -> dict[str, object]:
    places = {str(n): {"start": {"line": line}} for n, line in enumerate((1, 1, 3))}
    counts = {"0": 0, "1": 2, "2": 0}
    whole = {"statementMap": places, "s": counts, "branchMap": {}, "b": {}}
    return {"path": "/a.js", **whole, **others}


def test_a_line_is_covered_by_any_statement_that_starts_there() -> None:
    found = read(json.dumps({"/a.js": entry()}))
    assert states(found.files["/a.js"]) == "c m"


def test_entries_may_be_wrapped() -> None:
    found = read(json.dumps({"/a.js": {"data": entry()}}))
    assert states(found.files["/a.js"]) == "c m"


@pytest.mark.parametrize(
    "place",
    [
        {"loc": {"start": {"line": 5}}, "line": 9},
        {"locations": [{"start": {}}, {"start": {"line": 5}}]},
        {"line": 5},
    ],
)
def test_a_branch_is_at_its_own_line(place: dict[str, object]) -> None:
    found = read(json.dumps({"/a.js": entry(branchMap={"0": place}, b={"0": [0, 3]})}))
    assert found.files["/a.js"].branches == {5: (0b10, 2)}


@pytest.mark.parametrize(
    "others",
    [
        {"s": {}},
        {"s": {"0": None, "1": 1, "2": 1}},
        {"branchMap": {"0": {"line": 1}}, "b": {}},
        {"branchMap": {"0": {"line": "x"}}, "b": {"0": [1]}},
        {"branchMap": {"0": 1}, "b": {"0": [1]}},
        {"statementMap": {"0": 1}},
    ],
)
def test_a_count_that_is_missing_is_refused(others: dict[str, object]) -> None:
    assert refused(json.dumps({"/a.js": entry(**others)})).reason
