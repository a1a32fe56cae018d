"""What conditions may speak of, and when they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.scorecards.facts import CONDITIONS, holds, sizes
from vsm_gate.scorecards.schema import Conditions

CODE = ("src/a.py", "docs/a.md")
PROSE = ("docs/a.md", "README.md")
NOT_PROSE = ("**", "!docs/**", "!**/*.md")


def test_every_condition_of_the_schema_is_explained() -> None:
    assert set(CONDITIONS) == set(Conditions.model_fields)


@pytest.mark.parametrize(
    ("paths", "patterns", "expected"),
    [
        (CODE, ("src/**",), True),
        (PROSE, ("src/**",), False),
        (CODE, NOT_PROSE, True),
        (PROSE, NOT_PROSE, False),
        (CODE, NOT_PROSE[1:], True),
        (PROSE, NOT_PROSE[1:], False),
        ((), NOT_PROSE, False),
    ],
)
def test_paths(paths: tuple[str, ...], patterns: tuple[str, ...], expected: bool) -> None:
    assert holds({"paths": paths}, "paths", patterns) is expected


@pytest.mark.parametrize(
    ("size", "words", "expected"),
    [
        (400, (">= 400",), True),
        (399, (">= 400",), False),
        (400, ("> 400",), False),
        (401, (">400",), True),
        (20, ("<= 20",), True),
        (20, ("< 20",), False),
        (15, (">= 10", "< 20"), True),
        (20, (">= 10", "< 20"), False),
    ],
)
def test_sizes(size: int, words: tuple[str, ...], expected: bool) -> None:
    assert holds({"lines": size}, "lines", words) is expected


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_is_not_known_neither_holds_nor_does_not(name: str) -> None:
    assert holds({}, name, ("> 0",)) is None


@given(st.sampled_from([">=", ">", "<=", "<"]), st.integers(0, 999), st.integers(0, 1000))
def test_sizes_are_the_comparisons_own(sign: str, bound: int, size: int) -> None:
    meant = {">=": size >= bound, ">": size > bound, "<=": size <= bound, "<": size < bound}
    assert (size in sizes([f"{sign} {bound}"])) is meant[sign]
