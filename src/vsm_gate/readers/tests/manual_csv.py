"""Tests done by hand: a sheet with one row a test, as a team's acceptance phase fills it in.

The columns `title` and `status` are required. `id`, `suite`, `minutes` and `comment` are read
where they are there; any other (tester, date, browser …) may stand beside them. The names are
found in any order and case. Separated by comma, semicolon or tab, as spreadsheets export it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import Case, Recorder, micros
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import lines
from vsm_gate.readers.head import Head

FORMAT: Final = Format(
    name="manual-csv",
    title="Tests done by hand (CSV)",
    producers=("a spreadsheet", "TestRail exports"),
    reads="title, status, and where they are there id, suite, minutes and comment; a later row of "
    "the same test is a retest",
    leaves="all other columns",
    how="vsm-gate init --manual-tests > uat.csv, filled in and committed or uploaded",
)

TEMPLATE: Final = """\
id,title,suite,status,minutes,tester,comment
UAT-1,A customer can pay by card,Checkout,passed,4,Ada,
UAT-2,A declined card is explained,Checkout,failed,6.5,Ada,the message is in English only
UAT-3,An invoice can be downloaded,Account,blocked,,Ben,the test system has no documents
UAT-4,An address can be changed,Account,not run,,,
"""

_WORDS: Final = {
    Outcome.PASSED: ("passed", "pass", "ok", "success"),
    Outcome.FAILED: ("failed", "fail", "not ok", "nok", "retest"),
    Outcome.ERRORED: ("blocked", "error"),
    Outcome.SKIPPED: ("not run", "skipped", "untested", "open", "todo", "n/a", "deferred", ""),
}
_STATUSES: Final = {word: outcome for outcome, words in _WORDS.items() for word in words}
_REQUIRED: Final = ("title", "status")
_READ: Final = (*_REQUIRED, "id", "suite", "minutes", "comment")
_DELIMITERS: Final = ",;\t"
_MINUTES: Final = 60e6
_NUMBER: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)


def sniff(head: Head) -> bool:
    """Text whose first line names the columns `title` and `status`."""
    if head.syntax != "text":
        return False
    rows = head.text.removeprefix("\ufeff").splitlines()
    declared = rows and _declared_delimiter(rows[0])
    first = "".join(rows[1:2] if declared else rows[:1])
    return set(_REQUIRED) <= set(_columns(first.split(declared or _delimiter(first))))


def read(stream: BinaryIO) -> TestReport:
    """Read the sheet row by row. Raises `ReadError` with the line of the first mistake."""
    recorder = Recorder(TestReport(FORMAT.name, manual=True), retries=True)
    columns: list[str] = []
    for line, cells in _rows(stream):
        if not columns:
            columns = _header(line, cells)
            continue
        if any(cells):
            row = _row(line, columns, cells)
            recorder.add(_case(line, row), _status(line, row), _time(line, row))
    return recorder.finish()


def _rows(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """(line, stripped cells) of each row."""
    text = lines(stream)
    first = next(text, "")
    declared = _declared_delimiter(first)
    if declared:
        first = next(text, "")
    sheet = csv.reader(chain((first,), text), delimiter=declared or _delimiter(first), strict=True)
    line = offset = 1 if declared else 0
    try:
        for cells in sheet:
            yield line + 1, [cell.strip() for cell in cells]
            line = sheet.line_num + offset
    except csv.Error as problem:
        raise ReadError(f"not a valid CSV row: {problem}", line + 1) from None


def _declared_delimiter(line: str) -> str:
    """The delimiter that Excel's first line `sep=;` declares, or nothing."""
    text = line.strip("\r\n").lower()
    return text[4:] if len(text) == 5 and text.startswith("sep=") else ""


def _delimiter(header: str) -> str:
    """The delimiter that the header has most of."""
    return max(_DELIMITERS, key=header.count)


def _columns(cells: list[str]) -> list[str]:
    return [cell.strip().strip('"').strip().lower() for cell in cells]


def _header(line: int, cells: list[str]) -> list[str]:
    columns = _columns(cells)
    for name in _READ:
        if columns.count(name) > 1:
            raise ReadError(f"the column `{name}` stands there twice", line)
    for name in _REQUIRED:
        if name not in columns:
            raise ReadError(f"the column `{name}` is missing", line)
    return columns


def _row(line: int, columns: list[str], cells: list[str]) -> dict[str, str]:
    """The cells by column. Too many would mean that a text with a delimiter is not quoted."""
    if any(cells[len(columns) :]):
        told = f"the row has {len(cells)} cells and the header {len(columns)}"
        raise ReadError(f"{told}: quote a text that has the delimiter in it", line)
    return dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))


def _case(line: int, row: dict[str, str]) -> Case:
    title = row["title"] or row.get("id", "")
    if not title:
        raise ReadError("the column `title` is empty", line)
    comment = row.get("comment", "")
    number, suite = row.get("id", ""), row.get("suite", "")
    return Case(name=title, classname=number, suite=suite, line=line, message=comment)


def _status(line: int, row: dict[str, str]) -> Outcome:
    word = " ".join(row["status"].lower().replace("_", " ").replace("-", " ").split())
    outcome = _STATUSES.get(word)
    if outcome is None:
        known = ", ".join(words[0] for words in _WORDS.values())
        raise ReadError(
            f"the column `status` says {row['status'][:40]!r}; it may say {known} or nothing", line
        )
    return outcome


def _time(line: int, row: dict[str, str]) -> int | None:
    """The minutes, with a point or a comma."""
    text = row.get("minutes", "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ReadError(f"the column `minutes` says {text[:40]!r}, which is no number", line)
    return micros(float(text.replace(",", ".")), _MINUTES)
