"""OpenCover: points, their files, and what is skipped."""

from __future__ import annotations

from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import CoverageReport, Ratio

FILES = '<Files><File uid="1" fullPath="C:\\a.cs"/><File uid="2" fullPath="C:\\b.cs"/></Files>'


def opencover(methods: str, module: str = "<Module>") -> CoverageReport:
    return read(
        f"<CoverageSession><Modules>{module}{FILES}{methods}</Module></Modules></CoverageSession>"
    )


def test_the_file_of_a_point_is_its_own_else_its_methods() -> None:
    points = '<SequencePoint vc="1" sl="1"/><SequencePoint vc="0" sl="2" fileid="2"/>'
    found = opencover(f'<Method><FileRef uid="1"/>{points}</Method>')
    assert states(found.files["C:\\a.cs"]) == "c"
    assert states(found.files["C:\\b.cs"]) == " m"


def test_a_file_of_one_method_is_not_that_of_the_next() -> None:
    point = '<SequencePoint vc="1" sl="1"/>'
    found = opencover(f'<Method><FileRef uid="1"/>{point}</Method><Method>{point}{point}</Method>')
    assert found.line_ratio() == Ratio(1, 1)


def test_what_is_skipped_is_not_missed() -> None:
    method = '<Method><FileRef uid="1"/><SequencePoint vc="0" sl="1"/></Method>'
    assert opencover(method, '<Module skippedDueTo="Filter">').line_ratio() == Ratio(0, 0)
    skipped = method.replace("<Method>", '<Method skippedDueTo="Attribute">')
    seen = method.replace('sl="1"', 'sl="2"')
    assert states(opencover(skipped + seen).files["C:\\a.cs"]) == " m"


def test_hidden_lines_are_no_lines() -> None:
    assert (
        opencover(
            '<Method><FileRef uid="1"/><SequencePoint vc="0" sl="16707566"/></Method>'
        ).file_count()
        == 0
    )


def test_a_branch_without_a_line_is_of_the_point_before_it() -> None:
    points = "".join(
        f'<SequencePoint vc="1" sl="{line}" offset="{offset}"/>'
        for line, offset in ((3, 0), (5, 8))
    )
    branches = '<BranchPoint vc="1" path="0" offset="9"/><BranchPoint vc="0" path="1" offset="2"/>'
    found = opencover(f'<Method><FileRef uid="1"/>{points}{branches}</Method>')
    assert found.files["C:\\a.cs"].branches == {5: (1, 1), 3: (0, 1)}


def test_the_same_method_of_two_frameworks_has_its_branches_once() -> None:
    method = (
        '<Method><Name>System.Void A::B()</Name><FileRef uid="1"/><SequencePoint vc="0" sl="1"/>'
        '<BranchPoint vc="{}" sl="1" path="0" ordinal="0"/></Method>'
    )
    found = opencover(method.format(0) + f"</Module><Module>{FILES}" + method.format(2))
    assert found.branch_ratio() == Ratio(1, 1)


def test_a_visit_count_must_be_a_number() -> None:
    point = '<Method><FileRef uid="1"/><SequencePoint sl="1"/></Method>'
    text = f"<CoverageSession><Modules><Module>{FILES}{point}</Module></Modules></CoverageSession>"
    assert "a visit count is not a number" in refused(text).reason
