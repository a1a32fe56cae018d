from __future__ import annotations

from textwrap import dedent

import pytest
from tests.support.reading import counted, read_tests, red_names


@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        ("ok", "passed"),
        ("ok 1", "passed"),
        ("ok 1 - a name", "passed"),
        ("ok - not ok", "passed"),
        ("ok 1 # skipped: no network", "skipped"),
        ("ok 1 - a #SKIP", "skipped"),
        ("not ok 1 # SKIP", "skipped"),
        ("not ok 1 - a # todo later", "skipped"),
        ("ok 1 - a # TODO later", "passed"),
        ("not ok 1 - see \\# TODO", "failed"),
        ("not ok 1 - issue #12", "failed"),
        ("not ok", "failed"),
    ],
)
def test_points_and_directives(point: str, outcome: str) -> None:
    assert counted(read_tests(f"TAP version 13\n1..1\n{point}\n", "tap")) == {outcome: 1}


@pytest.mark.parametrize(
    "line",
    [
        "}",
        "{",
        "    1..3",
        "  ---",
        "\u2028ok 2",
        "okay then",
        "not okay",
        "nok 1",
        "# ok 1",
        "OK 1",
        "ok: 1",
    ],
)
def test_what_is_no_point(line: str) -> None:
    assert counted(read_tests(f"1..1\nok 1\n{line}\n", "tap")) == {"passed": 1}


@pytest.mark.parametrize(
    ("text", "red"),
    [
        ("1..2\nok 1\n", ["(plan not met: 2 tests were planned and 1 ran)"]),
        ("ok 1\nok 2\n1..1\n", ["(plan not met: 1 tests were planned and 2 ran)"]),
        ("TAP version 13\nok 1\n", ["(no plan: the test run did not finish)"]),
        ("1..9\nok 1\nBail out! no disk\n", ["(Bail out! no disk)"]),
        ("1..9\n    Bail out!\nBail out!\n", ["(Bail out!)"]),
        ("1..0 # skip no shop\n", []),
        ("1..1\nok 1\nTAP version 13\n1..1\nok 1\n", []),
        ("ok 1\n1..1\nok 1\n1..1\n", []),
        ("a.t .. \n1..1\nok 1\nok\nResult: PASS\n", []),
        (
            "a.t .. \n1..1\nok 1\nDubious, test returned 1\nResult: FAIL\n",
            ["(prove says that the run failed, though none of its tests did)"],
        ),
    ],
)
def test_red_that_belongs_to_no_point(text: str, red: list[str]) -> None:
    assert red_names(read_tests(text, "tap")) == red


NESTED = """\
    TAP version 14
    # Subtest: shop
        # Subtest: till
            ok 1 - opens
            {inner} 2 - closes
            1..{plan}
        {outer} 1 - till
        1..1
    {outer} 1 - shop
    1..1
"""


@pytest.mark.parametrize(
    ("inner", "outer", "plan", "expected"),
    [
        ("ok", "ok", 2, {"passed": 2}),
        ("not ok", "not ok", 2, {"passed": 1, "failed": 1}),
        ("ok", "not ok", 2, {"passed": 2, "failed": 1}),
        ("ok", "not ok", 3, {"passed": 2, "failed": 1}),
        ("ok", "ok", 3, {"passed": 2, "errored": 1}),
        ("not ok", "not ok", 3, {"passed": 1, "failed": 1, "errored": 1}),
    ],
)
def test_leaves_are_the_cases(inner: str, outer: str, plan: int, expected: dict[str, int]) -> None:
    text = dedent(NESTED).format(inner=inner, outer=outer, plan=plan)
    assert counted(read_tests(text, "tap")) == expected


def test_nested_documents_in_braces() -> None:
    text = """\
        TAP version 14
        1..3
        ok 1 - till {
            1..2
            ok 1 - opens
            not ok 2 - coins # TODO
        }
        not ok 2 - shop
          ---
          message: it is shut
          ...
        {
            ok 1 - lights
            1..1
        }
        ok 3 - returns {
    """
    report = read_tests(dedent(text), "tap")
    assert counted(report) == {"passed": 3, "failed": 1, "skipped": 1}
    assert red_names(report) == ["shop"]


def test_details_of_a_failure() -> None:
    text = """\
        TAP version 14
        # Subtest: shop
            # Subtest: closes \\# 2
            not ok 1 - closes \\# 2
              ---
              duration_ms: 12.5
              location: '/project/shop.test.js:7:5'
              error: 'the door is open'
              stack: |-
                error: 'not this'
              ...
            1..1
        not ok 1 - shop
        1..1
    """
    report = read_tests(dedent(text), "tap")
    (detail,) = report.details
    assert (detail.classname, detail.name) == ("shop", "closes # 2")
    assert (detail.file, detail.line) == ("/project/shop.test.js", 7)
    assert detail.message == "the door is open"
    assert "not this" in detail.text
    assert report.cases.total_micros() == 12_500


def test_identity_does_not_depend_on_number_time_or_directive() -> None:
    first = read_tests("1..1\nok 1 - opens # time=3ms\n", "tap")
    later = read_tests("1..2\nok 1 - more\nnot ok 2 - opens # TODO\n", "tap")
    assert first.cases.identities[0] == later.cases.identities[1]
    assert first.cases.identities[0] != later.cases.identities[0]


def test_a_point_in_a_yaml_block_is_none() -> None:
    text = "1..1\nnot ok 1 - a\n  ---\n  got: |\n    ok 2\n\n    1..7\n  ...\n"
    assert counted(read_tests(text, "tap")) == {"failed": 1}


def test_the_name_of_a_file_may_stand_before_the_version() -> None:
    text = "# Subtest: tests/till.js\nTAP version 13\nok 1 - adds\n1..1\n"
    assert counted(read_tests(text, "tap")) == {"passed": 1}
