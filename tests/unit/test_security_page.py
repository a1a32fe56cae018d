"""The page on security: each claim names a test, and each test that is named is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "security.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:unit|integration|e2e)/[\w/]+\.py)::(\w+)`", PAGE)))
CLAIMS = [
    line
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| they cannot", "| what they do"))
]


@cache
def functions(file: str) -> set[str]:
    """The functions of a test module."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_there_are_claims() -> None:
    assert len(CLAIMS) > 30
    assert len(NAMED) > 40


@pytest.mark.parametrize("claim", [line for line in CLAIMS if "| shown by |" not in line])
def test_each_claim_names_a_test(claim: str) -> None:
    assert re.search(r"`(unit|integration|e2e)/[\w/]+\.py::test_\w+`", claim), claim


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name in functions(file)
