"""JaCoCo: instructions decide about a line, counters where there are none."""

from __future__ import annotations

from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import Ratio


def test_a_line_is_covered_if_an_instruction_is() -> None:
    lines = (
        '<line nr="1" mi="3" ci="1" mb="1" cb="1"/><line nr="2" mi="3" ci="0" mb="2" cb="0"/>'
        '<line nr="2" mi="0" ci="1"/>'
    )
    package = f'<package name="a/b"><sourcefile name="C.java">{lines}</sourcefile></package>'
    found = read(f"<report>{package}</report>")
    assert states(found.files["a/b/C.java"]) == "cc"
    assert found.branch_ratio() == Ratio(1, 4)


def test_a_file_in_no_package_is_its_name() -> None:
    lines = '<sourcefile name="C.java"><line nr="1" mi="0" ci="1"/></sourcefile>'
    assert list(read(f'<report><package name="">{lines}</package></report>').files) == ["C.java"]


def test_counters_of_the_report_count_where_lines_have_no_instructions() -> None:
    counter = (
        '<counter type="LINE" missed="2" covered="7"/>'
        '<counter type="BRANCH" missed="1" covered="1"/>'
    )
    source = (
        f'<sourcefile name="a.c"><line nr="4"/><line nr="5" mb="1" cb="1"/>{counter}</sourcefile>'
    )
    text = f'<report><package name="">{source}{counter}</package>{counter}</report>'
    found = read(text)
    assert (found.line_ratio(), found.branch_ratio()) == (Ratio(7, 9), Ratio(1, 2))
    assert found.file_count() == 1


def test_counters_of_methods_and_packages_do_not_count() -> None:
    method = '<method name="m"><counter type="LINE" missed="0" covered="5"/></method>'
    found = read(f'<report><package name="a"><class name="a/C">{method}</class></package></report>')
    assert (found.line_ratio(), found.file_count()) == (Ratio(0, 0), 0)


def test_what_is_no_count_is_refused() -> None:
    text = '<report><package name="a"><sourcefile name="C"><line nr="1" mi="0" ci="x"/>'
    assert "`ci` is not a whole number" in refused(f"{text}</sourcefile></package></report>").reason


def test_another_report_is_none_of_jacoco() -> None:
    assert "no known report format" in refused("<report><item/></report>").reason


def test_instructions_that_are_not_given_are_none() -> None:
    lines = '<line nr="1" mi="3"/><line nr="2" ci="1"/><line nr="3"/>'
    source = f'<sourcefile name="C.java">{lines}</sourcefile>'
    found = read(f'<report><package name="a">{source}</package></report>')
    assert states(found.files["a/C.java"]) == "mc"


def test_a_line_without_its_number_is_refused() -> None:
    source = '<sourcefile name="C.java"><line mi="3"/></sourcefile>'
    found = refused(f'<report><package name="a">{source}</package></report>')
    assert "a line number is not a whole number" in found.reason
