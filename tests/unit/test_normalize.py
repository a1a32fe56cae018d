"""All reports in one language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.results import failing

from vsm_gate.collect.reports import Collected
from vsm_gate.model.evidence import Evidence
from vsm_gate.normalize import normalize

TRACKED = ("src/pay.py", "src/helper.py", "tests/test_pay.py", "java/src/com/acme/PayTest.java")


def place(text: str, *, file: str = "", line: int | None = None) -> tuple[str, int | None]:
    """Where a failed case is shown of which the report says this."""
    report = failing(1, message="")
    report.details = [replace(report.details[0], text=text, file=file, line=line)]
    evidence = Evidence("build/junit.xml", "tests", "junit", "e" * 64, 10)
    found = normalize(Collected(((evidence, report),), ()), TRACKED)
    assert found.tests is not None
    return found.tests.details[0].file, found.tests.details[0].line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tests/test_pay.py:5: AssertionError", ("tests/test_pay.py", 5)),
        ("at com.acme.PayTest.adds(PayTest.java:9)", ("java/src/com/acme/PayTest.java", 9)),
        ('File "/home/ci/work/tests/test_pay.py", line 7', ("tests/test_pay.py", 7)),
        ("it failed", ("", None)),
        ("/usr/lib/python3.11/unittest/case.py:12: AssertionError", ("", None)),
    ],
)
def test_where_a_report_names_no_file_what_was_printed_does(
    text: str, expected: tuple[str, int | None]
) -> None:
    assert place(text) == expected


def test_the_line_of_the_test_comes_before_that_of_what_it_calls() -> None:
    assert place("src/pay.py:3: in add\ntests/test_pay.py:5: in test_add") == (
        "tests/test_pay.py",
        5,
    )
    assert place("src/pay.py:3: in add\nsrc/helper.py:9: ValueError") == ("src/pay.py", 3)


def test_what_the_report_names_stands() -> None:
    assert place("tests/test_pay.py:5: it", file="src/helper.py", line=2) == ("src/helper.py", 2)
