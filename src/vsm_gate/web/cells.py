"""Values as cells of a CSV file."""

from __future__ import annotations

import json
from typing import Any, Final

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """A cell: blank for None, the items of a list behind one another, JSON for what is no text.

    A text that a spreadsheet would take for a formula is marked as a text by an apostrophe. JSON
    allows halves of surrogate pairs, UTF-8 does not: they become question marks.
    """
    if value is None:
        return ""
    if isinstance(value, list):
        value = " ".join(str(item) for item in value)
    if isinstance(value, str):
        shown = value.encode("utf-8", "replace").decode()
        return f"'{shown}" if shown.startswith(_FORMULA) else shown
    return json.dumps(value)
