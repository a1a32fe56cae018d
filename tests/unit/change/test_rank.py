"""The rank of a change among earlier ones."""

from __future__ import annotations

from fractions import Fraction

import pytest

from vsm_gate.change.rank import NEEDED, rank
from vsm_gate.model.change import FileChange


def lines(
    count: int, path: str = "a.py", *, generated: bool = False, vendored: bool = False
) -> FileChange:
    return FileChange(path, "modified", added=count, generated=generated, vendored=vendored)


HUNDRED = [[lines(size)] for size in range(1, 101)]


@pytest.mark.parametrize(
    ("size", "percentile", "level"),
    [
        (1, Fraction(1, 2), "low"),
        (50, Fraction(99, 2), "low"),
        (51, Fraction(101, 2), "medium"),
        (90, Fraction(179, 2), "medium"),
        (91, Fraction(181, 2), "high"),
        (1000, Fraction(100), "high"),
        (0, Fraction(0), "low"),
    ],
)
def test_the_rank_is_by_churn(size: int, percentile: Fraction, level: str) -> None:
    found = rank([lines(size)], HUNDRED)
    assert (found.percentile, found.level, found.compared) == (percentile, level, 100)


def test_added_and_deleted_lines_count_alike() -> None:
    deleted = FileChange("a.py", "deleted", deleted=91)
    assert rank([deleted], HUNDRED) == rank([lines(91)], HUNDRED)


def test_generated_and_vendored_files_count_for_nothing() -> None:
    noise = [lines(10_000, "uv.lock", generated=True), lines(10_000, "x.go", vendored=True)]
    assert rank([lines(10), *noise], HUNDRED) == rank([lines(10)], HUNDRED)
    noisy = [[*files, *noise] for files in HUNDRED]
    assert rank([lines(10)], noisy) == rank([lines(10)], HUNDRED)


def test_of_too_few_there_is_no_rank() -> None:
    found = rank([lines(10)], [*HUNDRED[: NEEDED - 1], [], [lines(0)]])
    assert (found.percentile, found.level) == (None, None)
    assert found.missing == "29 earlier changes to compare with, and 30 are needed"
    assert rank([lines(10)], HUNDRED[:NEEDED]).missing == ""
    assert rank([], HUNDRED[:1]).missing.startswith("1 earlier change to")


def test_the_drivers_say_what_is_unusual() -> None:
    wide = [lines(500, f"d{number}/a.py") for number in range(4)]
    found = rank(wide, HUNDRED)
    assert found.drivers == (
        "2,000 lines changed: more than in 100 % of earlier changes",
        "4 files: more than in 100 % of earlier changes",
        "4 directories: more than in 100 % of earlier changes",
    )
    assert rank([lines(50)], HUNDRED).drivers == ()
    assert rank([lines(80)], HUNDRED).drivers == (
        "80 lines changed: more than in 79 % of earlier changes",
    )


def test_a_share_is_never_rounded_up() -> None:
    past = [[lines(1)] for _ in range(299)] + [[lines(1000)]]
    assert rank([lines(500)], past).drivers == (
        "500 lines changed: more than in 99 % of earlier changes",
    )
