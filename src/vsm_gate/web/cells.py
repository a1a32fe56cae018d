"""Values as cells of a CSV file."""

from __future__ import annotations

import json
from typing import Any, Final

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """A cell: blank for None, the items of a list behind one another, JSON for what is no text."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = " ".join(str(item) for item in value)
    return text(value) if isinstance(value, str) else json.dumps(value)


def text(value: str) -> str:
    """A text that a spreadsheet would take for a formula is marked as a text by an apostrophe.

    A NUL ends a cell for some readers, a carriage return the line; neither says anything. Half a
    surrogate pair cannot be written; it is shown as a question mark.
    """
    shown = value if value.isascii() else value.encode("utf-8", "replace").decode()
    clean = shown.replace("\0", "\N{REPLACEMENT CHARACTER}").replace("\r", " ")
    return f"'{clean}" if shown.startswith(_FORMULA) else clean
