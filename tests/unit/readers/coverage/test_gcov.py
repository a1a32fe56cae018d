"""gcov's text, intermediate text and JSON, and gcovr's JSON."""

from __future__ import annotations

import json

import pytest
from tests.support.covered import read, refused, states

from vsm_gate.model.coverage import Ratio

HEAD = "        -:    0:Source:a.c\n        -:    0:Working directory:/build\n"


def test_text_has_a_state_a_line_and_branches_after_it() -> None:
    found = read(
        f"{HEAD}        -:    1:int f();\n       12:    2:x\n    #####:    3:y\n"
        "branch  0 never executed\nbranch  1 never executed\n"
        "       1*:    4:z\nbranch  0 taken 1 (fallthrough)\nbranch  1 taken 0\n"
        "    =====:    5:}\n     1.2k:    6:w\n"
    )
    assert found.roots == ("/build",)
    assert states(found.files["a.c"]) == " cmcmc"
    assert found.files["a.c"].branches == {3: (0, 2), 4: (0b1, 2)}


def test_one_instance_of_a_template_is_enough() -> None:
    instance = (
        "------------------\nf<int>:\n        1:    2:x\n------------------\n    #####:    2:x\n"
    )
    assert states(read(f"{HEAD}       1*:    2:x\n{instance}").files["a.c"]) == " c"


def test_intermediate_text() -> None:
    found = read(
        "file:a.c\nfunction:1,1,f\nlcount:1,1\nbranch:1,taken\nbranch:1,notexec\nlcount:2,0\n"
        "file:b.h\nlcount:1,0\nlcount:1,4\n"
    )
    assert states(found.files["a.c"]) == "cm"
    assert states(found.files["b.h"]) == "c"
    assert found.branch_ratio() == Ratio(1, 2)


@pytest.mark.parametrize("form", ["gcov", "gcovr"])
def test_json_has_a_line_an_instance(form: str) -> None:
    kind = (
        {"gcc_version": "12", "format_version": "1"}
        if form == "gcov"
        else {"gcovr/format_version": "0.6"}
    )
    lines = [
        {"line_number": 1, "count": 0, "branches": [{"count": 0}, {"count": 4}]},
        {"line_number": 1, "count": 4, "branches": [{"count": 1}, {"count": 0}]},
        {"line_number": 2, "count": 0, "branches": []},
    ]
    found = read(json.dumps({**kind, "files": [{"file": "a.c", "lines": lines}]}))
    assert found.format == f"{form}-json"
    assert states(found.files["a.c"]) == "cm"
    assert found.files["a.c"].branches == {1: (0b11, 2)}


def test_what_gcovr_excluded_is_no_code() -> None:
    lines = [
        {"line_number": 1, "count": 0, "gcovr/noncode": True},
        {"line_number": 2, "count": 0, "gcovr/excluded": True, "branches": [{"count": 1}]},
        {"line_number": 3, "count": 1, "branches": [{"count": 1, "gcovr/excluded": True}]},
    ]
    found = read(
        json.dumps({"gcovr/format_version": "0.6", "files": [{"file": "a.c", "lines": lines}]})
    )
    assert states(found.files["a.c"]) == "  c"
    assert found.branch_ratio() == Ratio(0, 0)


def test_a_summary_has_sums() -> None:
    file = {"filename": "a.c", "line_covered": 3, "line_total": 4, "branch_covered": 0}
    head = {"gcovr/summary_format_version": "0.6"}
    found = read(json.dumps({**head, "files": [{**file, "branch_total": 2}]}))
    assert (found.line_ratio(), found.branch_ratio()) == (Ratio(3, 4), Ratio(0, 2))
    assert "`branch_total`" in refused(json.dumps({**head, "files": [file]})).reason


@pytest.mark.parametrize(
    "text",
    [
        "file:a.c\nlcount:x,1\n",
        "file:a.c\nlcount:1\n",
        "file:a.c\nlcount:1,1\nbranch:1,often\n",
        f"{HEAD}        1:99999999:x\n",
    ],
)
def test_what_cannot_be_believed_is_refused(text: str) -> None:
    assert refused(text).line
