"""SimpleCov's result set and its JSON."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states


def test_commands_are_merged_by_line() -> None:
    found = read(
        json.dumps(
            {
                "RSpec": {"coverage": {"/a.rb": [1, None, 0, 0]}, "timestamp": 1.5},
                "Cucumber": {"coverage": {"/a.rb": {"lines": [0, None, 2, 0]}}},
            }
        )
    )
    assert states(found.files["/a.rb"]) == "c cm"


def test_branches_stand_at_their_conditions_line() -> None:
    outcomes = {"[:then, 1, 4, 2, 4, 9]": 0, "[:else, 2, 6, 2, 6, 9]": 3}
    entry = {"lines": [1], "branches": {"[:if, 0, 3, 1, 7, 4]": outcomes}}
    found = read(json.dumps({"RSpec": {"coverage": {"/a.rb": entry}}}))
    assert found.files["/a.rb"].branches == {3: (0b10, 2)}


@pytest.mark.parametrize("branches", [{"odd": {}}, {"[:if, 0, 3, 1]": 1}, [1]])
def test_a_condition_that_has_another_shape_is_refused(branches: object) -> None:
    text = json.dumps({"RSpec": {"coverage": {"/a.rb": {"lines": [], "branches": branches}}}})
    assert refused(text).reason


def test_ignored_lines_and_branches_are_no_code() -> None:
    branches = [
        {"type": "then", "start_line": 1, "end_line": 1, "coverage": 1},
        {"type": "else", "start_line": 1, "end_line": 1, "coverage": 0},
        {"type": "else", "start_line": 2, "end_line": 2, "coverage": "ignored"},
    ]
    entry = {"lines": [2, "ignored", None, 0], "branches": branches}
    text = json.dumps({"meta": {"simplecov_version": "0.22.0"}, "coverage": {"/a.rb": entry}})
    found = read(text)
    assert states(found.files["/a.rb"]) == "c  m"
    assert found.files["/a.rb"].branches == {1: (0b1, 2)}


@pytest.mark.parametrize("meta", [{"simplecov_version": "1.0"}, {"simplecov_root": "/p"}])
def test_simplecov_and_undercover_write_the_same(meta: dict[str, str]) -> None:
    document = {"meta": meta, "coverage": {"a.rb": {"lines": [1, None, 0]}}, "groups": {}}
    assert states(read(json.dumps(document)).files["a.rb"]) == "c m"
