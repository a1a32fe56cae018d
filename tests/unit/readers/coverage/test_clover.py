"""Clover: statements and conditions count, methods do not."""

from __future__ import annotations

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import CoverageReport, Ratio


def clover(lines: str, name: str = 'name="a.js"') -> CoverageReport:
    return read(f'<coverage clover="4"><project><file {name}>{lines}</file></project></coverage>')


def test_a_method_alone_is_no_line() -> None:
    found = clover('<line num="1" type="method" count="1"/><line num="2" type="stmt" count="0"/>')
    assert states(found.files["a.js"]) == " m"


@pytest.mark.parametrize(
    ("counts", "state", "taken"),
    [
        ('truecount="1" falsecount="0"', "c", 1),
        ('truecount="0" falsecount="0"', "m", 0),
        ('count="0" truecount="2" falsecount="3"', "m", 2),
        ('count="1" truecount="0" falsecount="0"', "c", 0),
    ],
)
def test_a_condition_has_two_outcomes(counts: str, state: str, taken: int) -> None:
    found = clover(f'<line num="1" type="cond" {counts}/>')
    assert states(found.files["a.js"]) == state
    assert found.branch_ratio() == Ratio(taken, 2)


def test_several_conditions_of_a_line_are_told_apart() -> None:
    found = clover(
        '<line num="1" type="cond" truecount="1" falsecount="0"/>'
        '<line num="1" type="cond" truecount="0" falsecount="1"/>'
    )
    assert found.branch_ratio() == Ratio(2, 4)


def test_the_path_is_the_path_where_there_is_one() -> None:
    line = '<line num="1" type="stmt" count="1"/>'
    assert list(clover(line, 'name="a.js" path="/x/a.js"').files) == ["/x/a.js"]


def test_a_file_without_a_name_is_refused() -> None:
    text = '<coverage clover="4"><project>\n<file/></project></coverage>'
    assert refused(text).line == 2


def test_a_report_without_a_project_is_empty() -> None:
    assert read('<coverage generated="1" clover="4.4"></coverage>').file_count() == 0
