from __future__ import annotations

import pytest
from tests.support.reading import counted, read_tests

from vsm_gate.readers.tests import manual_csv


def test_the_template_can_be_read() -> None:
    report = read_tests(manual_csv.TEMPLATE, "manual-csv")
    assert report.manual
    assert counted(report) == {"passed": 1, "failed": 1, "errored": 1, "skipped": 1}
    assert report.cases.total_micros() == 630_000_000


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Passed", "passed"),
        ("OK", "passed"),
        ("not_ok", "failed"),
        ("Retest", "failed"),
        ("BLOCKED", "errored"),
        ("Not-Run", "skipped"),
        ("N/A", "skipped"),
        ("", "skipped"),
    ],
)
def test_statuses_as_people_write_them(status: str, outcome: str) -> None:
    assert counted(read_tests(f"Title,Status\nOne,{status}\n", "manual-csv")) == {outcome: 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_marks(delimiter: str, end: str, mark: str) -> None:
    rows = [["tester", "Status", "TITLE"], ["Ada", "ok", f"One{delimiter} quoted"]]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    report = read_tests((mark + text).encode(), "manual-csv")
    assert counted(report) == {"passed": 1}


def test_a_comment_tells_why() -> None:
    text = "id,title,suite,status,comment\n7,Pays,Till,failed,no coins\n"
    (detail,) = read_tests(text, "manual-csv").details
    assert (detail.title, detail.suite, detail.message) == ("7 Pays", "Till", "no coins")
    assert detail.line == 2


def test_every_word_for_a_status_is_known_once() -> None:
    words = [word for known in manual_csv._WORDS.values() for word in known]
    assert len(words) == len(set(words))
