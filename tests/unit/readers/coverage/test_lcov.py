"""LCOV: records, identities of branches, sums, and what is no record."""

from __future__ import annotations

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import Ratio


def test_records_of_one_file_are_merged_by_line() -> None:
    found = read(
        "TN:a\nSF:x.c\nDA:1,0\nDA:2,0\nend_of_record\nTN:b\nSF:x.c\nDA:2,5\nend_of_record\n"
    )
    assert states(found.files["x.c"]) == "mc"


def test_a_branch_is_the_same_by_line_block_and_name_across_records() -> None:
    found = read("SF:x.c\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\nSF:x.c\nBRDA:1,0,1,2\n")
    assert found.files["x.c"].branches == {1: (0b11, 2)}
    shuffled = read("SF:x.c\nBRDA:1,0,1,-\nBRDA:1,0,0,1\nBRDA:1,0,1,-\n")
    assert shuffled.branch_ratio() == Ratio(1, 2)


def test_the_expression_of_a_branch_may_have_commas() -> None:
    found = read("SF:x.c\nBRDA:7,e0,a, b,1\nBRDA:7,e0,a, c,0\n")
    assert found.files["x.c"].branches == {7: (0b1, 2)}


def test_checksums_large_counts_and_unknown_keys_are_no_trouble() -> None:
    found = read(
        "\ufeffTN:\r\nSF:x.c\r\nVER:1\r\nMCDC:1,2\r\nDA:1,99999999999999,ab,c\r\nDA:2,-3\r\n"
    )
    assert states(found.files["x.c"]) == "cm"


def test_sums_count_where_a_record_has_nothing_else() -> None:
    found = read("SF:x.c\nLF:4\nLH:3\nBRF:2\nBRH:1\nend_of_record\nSF:y.c\nDA:1,1\nLF:9\nLH:9\n")
    assert found.line_ratio() == Ratio(4, 5)
    assert found.branch_ratio() == Ratio(1, 2)
    assert found.file_count() == 2


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("TN:\nDA:1,1\n", "belongs to no `SF`", 2),
        ("SF:a\nDA:1,1\nend_of_record\nBRDA:1,0,0,1\n", "belongs to no `SF`", 4),
        ("SF:a\nDA:one,1\n", "without a line number", 2),
        ("SF:a\nDA:1,#####\n", "not a number", 2),
        ("SF:a\nDA:1", "not a number", 2),
        ("SF:a\nBRDA:1,1\n", "line,block,branch,taken", 2),
        ("SF:a\nLF:2\nLH:3\n", "3 covered out of 2", None),
        ("SF:a\nDA:5000001,1\n", "above the bound", 2),
    ],
)
def test_what_cannot_be_believed_is_refused_with_its_line(
    text: str, reason: str, line: int | None
) -> None:
    found = refused(text)
    assert reason in found.reason
    assert line is None or found.line == line


def test_a_comment_may_stand_first() -> None:
    assert read("# made by hand\n\nSF:a\nDA:1,1\n").format == "lcov"
    assert "no known report format" in refused("SFX:a\n").reason


def test_spaces_around_a_line_are_nothing() -> None:
    assert states(read(" TN:\n  SF:a b.c \n  DA:1,1\n\tDA:2,0 \n").files["a b.c"]) == "cm"


def test_plain_lines_are_read_in_runs_and_the_rest_between_them() -> None:
    text = (
        "SF:a\nDA:1,1\nDA:2,0\nFNDA:3,4\nDA:3,0,sum\nDA:2,5\nDA:2,0\nBRDA:2,0,0,1\nDA:5,00\nDA:6,1"
    )
    found = read(text)
    assert states(found.files["a"]) == "ccm mc"
    assert found.branch_ratio() == Ratio(1, 1)
    assert refused(f"{text}\nDA:7,1\nDA:9000000,1\n").line == 12
    assert read("SF:a\nDA:0,1\nDA:1,1\n").notes == ["1 entries with a line number below 1 left out"]
