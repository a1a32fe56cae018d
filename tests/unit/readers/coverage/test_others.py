"""scoverage, SonarQube's generic format, Codecov, Coveralls, Microsoft's formats, dotCover."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import Ratio


def statement(line: int, count: int, **others: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in others.items())
    return f'<statement line="{line}" invocation-count="{count}"{more}/>'


def test_scoverage_statements_are_of_lines() -> None:
    inside = (
        statement(1, 0)
        + statement(1, 2, branch="true", start="4", end="9")
        + statement(2, 0, branch="true", start="14", end="19")
        + statement(3, 0, ignored="true", branch="true")
    )
    found = read(f'<scoverage><class filename="a.scala">{inside}</class></scoverage>')
    assert states(found.files["a.scala"]) == "cm"
    assert found.branch_ratio() == Ratio(1, 2)
    own = statement(1, 1, source="/x/b.scala")
    assert list(read(f"<scoverage>{own}</scoverage>").files) == ["/x/b.scala"]
    assert "without its `source`" in refused(f"<scoverage>{statement(1, 1)}</scoverage>").reason


def test_sonar_has_branches_as_fractions() -> None:
    found = read(
        '<coverage version="1"><file path="a.js"><lineToCover lineNumber="1" covered="true"/>'
        '<lineToCover lineNumber="2" covered="false" branchesToCover="2" coveredBranches="1"/>'
        "</file></coverage>"
    )
    assert states(found.files["a.js"]) == "cm"
    assert found.branch_ratio() == Ratio(1, 2)


def test_codecov_has_counts_and_fractions_and_no_branches() -> None:
    found = read(json.dumps({"coverage": {"a.rs": {"1": 0, "2": "0/2", "3": "1/2", "4": None}}}))
    assert states(found.files["a.rs"]) == "mmc"
    assert found.branch_ratio() is None


def test_coveralls_branches_come_in_fours() -> None:
    file = {"name": "a.c", "coverage": [1, None, 0], "branches": [1, 0, 0, 2, 1, 0, 1, 0]}
    found = read(json.dumps({"source_files": [file]}))
    assert states(found.files["a.c"]) == "c m"
    assert found.files["a.c"].branches == {1: (0b1, 2)}


@pytest.mark.parametrize(
    "document",
    [
        {"coverage": {"a.rs": {"1": "x"}}},
        {"coverage": {"a.rs": {"1": True}}},
        {"source_files": [{"name": "a.c", "coverage": ["x"]}]},
        {"source_files": [{"name": "a.c", "coverage": [1], "branches": [1]}]},
    ],
)
def test_another_shape_is_refused(document: object) -> None:
    assert refused(json.dumps(document)).reason


def test_microsofts_ranges_are_of_the_files_that_their_module_names() -> None:
    module = (
        '<module><ranges><range source_id="0" covered="{}" start_line="1" end_line="2"/></ranges>'
        '<source_files><source_file id="0" path="{}"/></source_files></module>'
    )
    modules = module.format("no", "a.cs") + module.format("partial", "b.cs")
    found = read(f"<results><modules>{modules}</modules></results>")
    assert {path: states(file) for path, file in found.files.items()} == {
        "a.cs": "mm",
        "b.cs": "cc",
    }
    odd = module.format("perhaps", "a.cs")
    assert "neither covered" in refused(f"<results><modules>{odd}</modules></results>").reason


def test_visual_studio_names_its_files_at_the_end() -> None:
    rows = "".join(
        f"<Lines><LnStart>{line}</LnStart><LnEnd>{line}</LnEnd><Coverage>{state}</Coverage>"
        "<SourceFileID>1</SourceFileID></Lines>"
        for line, state in enumerate("0122", 1)
    )
    name = "<SourceFileNames><SourceFileID>1</SourceFileID><SourceFileName>a.cs</SourceFileName>"
    found = read(f"<CoverageDSPriv>{rows}{name}</SourceFileNames></CoverageDSPriv>")
    assert states(found.files["a.cs"]) == "ccmm"
    assert "does not name" in refused(f"<CoverageDSPriv>{rows}</CoverageDSPriv>").reason


def test_dotcover_statements_are_of_their_start_line() -> None:
    statement = '<Statement FileIndex="1" Line="{}" EndLine="9" Covered="{}"/>'
    inside = '<File Index="1" Name="a.cs"/>' + statement.format(1, "True")
    found = read(f'<Root DotCoverVersion="1">{inside}{statement.format(2, "False")}</Root>')
    assert states(found.files["a.cs"]) == "cm"
    stray = statement.format(1, "True")
    assert "without its file" in refused(f'<Root DotCoverVersion="1">{stray}</Root>').reason
