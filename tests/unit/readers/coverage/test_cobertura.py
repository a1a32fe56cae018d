"""Cobertura: which lines count, what a branch is, which root a report names."""

from __future__ import annotations

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import CoverageReport, Ratio


def cobertura(inside: str, attributes: str = 'line-rate="1"') -> CoverageReport:
    return read(f"<coverage {attributes}>{inside}</coverage>")


def classes(*found: str) -> str:
    return f"<packages><package><classes>{''.join(found)}</classes></package></packages>"


def test_lines_of_a_class_count_and_those_of_its_methods_do_not() -> None:
    methods = '<methods><method><lines><line number="9" hits="1"/></lines></method></methods>'
    lines = '<lines><line number="1" hits="3"/><line hits="0" number="3"/></lines>'
    found = cobertura(classes(f'<class filename="a.py">{methods}{lines}</class>'))
    assert states(found.files["a.py"]) == "c m"


def test_lines_of_methods_count_where_a_class_has_no_others() -> None:
    methods = '<methods><method><lines><line number="2" hits="1"/></lines></method></methods>'
    bare = f'<class filename="a.py">{methods}<lines/></class>'
    other = '<class filename="a.py"><lines><line number="1" hits="0"/></lines></class>'
    assert states(cobertura(classes(bare, other)).files["a.py"]) == "mc"
    assert states(cobertura(classes(other, bare)).files["a.py"]) == "mc"


def test_lines_before_the_methods_count_too() -> None:
    inside = (
        '<lines><line number="1" hits="1"/></lines>'
        '<methods><method><lines><line number="9" hits="1"/></lines></method></methods>'
    )
    found = cobertura(classes(f'<class filename="a.py">{inside}</class>'))
    assert states(found.files["a.py"]) == "c"


@pytest.mark.parametrize(
    ("hits", "state"),
    [("0", "m"), ("00", "m"), ("1", "c"), ("1e3", "c"), ("0.0", "m"), ("-2", "m")],
)
def test_a_count_is_a_hit_above_zero(hits: str, state: str) -> None:
    lines = f'<lines><line number="1" hits="{hits}"/></lines>'
    assert states(cobertura(classes(f'<class filename="a">{lines}</class>')).files["a"]) == state


@pytest.mark.parametrize("hits", ["", "many", "nan", "1_0x"])
def test_a_count_that_is_no_number_is_refused(hits: str) -> None:
    text = (
        f'<coverage line-rate="1"><packages><class filename="a">\n<line number="1" hits="{hits}"/>'
    )
    found = refused(f"{text}</class></packages></coverage>")
    assert "not a number" in found.reason
    assert found.line == 2


@pytest.mark.parametrize(
    ("attributes", "branches"),
    [
        ('condition-coverage="50% (1/2)"', {1: (0b1, 2)}),
        ('branch="false" condition-coverage="100% (2/2)"', {1: (0b11, 2)}),
        ('branch="true" condition-coverage="100%"', {}),
        ('branch="true" condition-coverage="(0/0)"', {}),
        ('branch="true"', {}),
    ],
)
def test_only_a_fraction_says_how_many_branches(
    attributes: str, branches: dict[int, tuple[int, int]]
) -> None:
    lines = f'<lines><line number="1" hits="1" {attributes}/></lines>'
    found = cobertura(classes(f'<class filename="a">{lines}</class>'))
    assert found.files["a"].branches == branches
    assert found.has_branches


def test_of_a_repeated_line_the_larger_total_counts_then_the_larger_covered() -> None:
    fractions = ["1/4", "3/4", "2/4", "2/2"]
    lines = "".join(
        f'<line number="1" hits="1" condition-coverage="x ({one})"/>' for one in fractions
    )
    found = cobertura(classes(f'<class filename="a">{lines}</class>'))
    assert found.branch_ratio() == Ratio(3, 4)


def test_roots_are_cleaned() -> None:
    sources = "".join(
        f"<source>{text}</source>" for text in ("--source", "\n  /a/b\n ", "", ".", "C:\\x", "/a/b")
    )
    assert cobertura(f"<sources>{sources}</sources>").roots == ("/a/b", ".", "C:\\x")


def test_the_roots_sums_count_only_where_nothing_is_below_it() -> None:
    sums = 'lines-covered="5" lines-valid="10" branches-covered="1.0" branches-valid="2.0"'
    empty = cobertura("<packages/>", sums)
    assert (empty.line_ratio(), empty.branch_ratio()) == (Ratio(5, 10), Ratio(1, 2))
    lines = '<lines><line number="1" hits="1"/></lines>'
    found = cobertura(classes(f'<class filename="a">{lines}</class>'), sums)
    assert (found.line_ratio(), found.branch_ratio()) == (Ratio(1, 1), Ratio(1, 2))


def test_a_line_number_below_one_is_left_out_and_said() -> None:
    lines = '<line number="0" hits="1"/><line number="-1" hits="1"/><line number="1" hits="1"/>'
    found = cobertura(classes(f'<class filename="a">{lines}</class>'))
    assert found.line_ratio() == Ratio(1, 1)
    assert found.notes == ["2 entries with a line number below 1 left out"]


def test_a_class_without_a_file_is_known_by_its_name() -> None:
    found = cobertura(classes('<class name="Till"><line number="1" hits="1"/></class>'))
    assert list(found.files) == ["Till"]


@pytest.mark.parametrize(
    "inside",
    ['<packages><line number="1" hits="1"/></packages>', "<packages><class/></packages>"],
)
def test_what_belongs_to_no_file_is_refused(inside: str) -> None:
    assert refused(f'<coverage line-rate="1">{inside}</coverage>').line == 1


def test_neither_clover_nor_a_namespaced_root_is_cobertura() -> None:
    assert "no known report format" in refused('<coverage xmlns="urn:x" line-rate="1"/>').reason
    assert read('<coverage clover="4"><project/></coverage>').format == "clover"


@pytest.mark.parametrize(
    "sums", ['lines-covered="9" lines-valid="2"', 'lines-covered="x" lines-valid="2"']
)
def test_sums_that_cannot_be_are_left_out_and_said(sums: str) -> None:
    found = cobertura("<packages/>", sums)
    assert found.line_ratio() == Ratio(0, 0)
    assert found.notes[0].startswith("the sums of lines at the root are left out")
