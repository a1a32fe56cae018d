"""What the readers of test reports share: times as text, bounded strings, line numbers."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.model.tests import MAX_TEXT, CaseDetail, Outcome, TestReport

MAX_NAME: Final = 1024
MAX_MICROS: Final = 1 << 63

_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+\.\d*")


def micros(seconds: str | None) -> int | None:
    """Seconds as text, in whole microseconds; None where the text is no time.

    A negative, infinite or non-numeric text is no time. `1,234.5` has a thousands separator.
    Any decimal text below 71 minutes comes out exact.
    """
    if seconds is None or "_" in seconds:
        return None
    try:
        value = float(seconds)
    except ValueError:
        if not _GROUPED.fullmatch(seconds.strip()):
            return None
        value = float(seconds.replace(",", ""))
    if not 0 <= value < MAX_MICROS / 1e6:
        return None
    return int(value * 1e6 + 0.5)


def cut(text: str | None, limit: int = MAX_TEXT) -> str:
    """The text within its bound; nothing where there is none."""
    return text[:limit] if text else ""


def line_number(text: str | None) -> int | None:
    """A line as a report gives it, or None where that is no line."""
    if text and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text) or None
    return None


def add_errored(
    report: TestReport, name: str, *, message: str = "", text: str = "", suite: str = ""
) -> None:
    """Count red that belongs to no case as one errored case; its name says what it was."""
    index = report.cases.add(0, Outcome.ERRORED, None)
    report.describe(
        CaseDetail(
            index=index,
            identity=0,
            outcome=Outcome.ERRORED,
            name=cut(name, MAX_NAME),
            suite=cut(suite, MAX_NAME),
            message=cut(message),
            text=cut(text),
        )
    )
