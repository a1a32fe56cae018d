"""Coverlet's JSON: methods share the lines of their file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import Ratio


def branch(line: int, hits: int, *, offset: int = 4, path: int = 0) -> dict[str, int]:
    return {"Line": line, "Offset": offset, "Path": path, "Ordinal": path, "Hits": hits}


def document(**methods: Any) -> str:
    return json.dumps({"Till.dll": {"/till/Till.cs": {"Till.Till": methods}}})


def method(lines: dict[str, object], *branches: object) -> dict[str, Any]:
    return {"Lines": lines, "Branches": list(branches)}


def test_a_line_of_two_methods_is_covered_if_either_ran_it() -> None:
    found = read(document(A=method({"1": 0, "3": 2}), B=method({"1": 5, "2": 0})))
    assert states(found.files["/till/Till.cs"]) == "cmc"


def test_a_branch_is_known_by_its_method_offset_and_path() -> None:
    ways = (branch(1, 0), branch(1, 3, path=1), branch(1, 0, offset=9))
    found = read(document(A=method({"1": 3}, *ways), B=method({"1": 1}, branch(1, 1))))
    assert found.branch_ratio() == Ratio(2, 4)


def test_a_file_of_two_modules_is_one_file() -> None:
    till = {"/till/Till.cs": {"Till.Till": {"A": method({"1": 0})}}}
    other = {"/till/Till.cs": {"Till.Till": {"A": method({"1": 1})}}}
    found = read(json.dumps({"Till.dll": till, "Other.exe": other}))
    assert found.line_ratio() == Ratio(1, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document(A=method({"x": 1})), "a line number is not a whole number"),
        (document(A=method({"1": None})), "`hits` is not a whole number"),
        (document(A=method({"1": 1}, {"Line": 1})), "`Hits` is not a whole number"),
        (document(A=method({"1": 1}, 7)), "a branch is not an object"),
        (document(A={"Lines": {}, "Branches": 7}), "`Branches` is not an array"),
        ('{"A.dll": {"a.cs": 7, "b": {"C": {"m": {"Lines": {}}}}}}', "is not an object"),
    ],
)
def test_what_is_no_count_is_refused(text: str, reason: str) -> None:
    assert reason in refused(text).reason
