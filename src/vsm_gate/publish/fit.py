"""Texts that fit a surface: cut between lines, whole as Markdown, and saying what was cut."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.publish.escape import cut_bytes, line, visible

_FENCE: Final = re.compile(r"(`{3,})[a-z]*")


def fit(text: str, limit: int, whole: str) -> str:
    """Markdown of at most `limit` bytes of UTF-8; `whole` says where the rest can be read.

    Lines are kept whole, open fences and folds are closed. Folds and fences are taken to begin a
    line, as all do that are written here.
    """
    if len(text.encode()) <= limit:
        return text
    room = limit
    while True:
        kept = cut_bytes(text, room).rpartition("\n")[0]
        left = text[len(kept) :].count("\n")
        tail = f"{_closing(kept)}\n\n_Cut here: {left:,} more lines. The whole is in {whole}._\n"
        over = len((kept + tail).encode()) - limit
        if over <= 0:
            return kept + tail
        room -= over


def _closing(text: str) -> str:
    """What ends the fence and the folds that are open at the end of a text."""
    fence, folds = "", 0
    for each in text.split("\n"):
        if fence:
            fence = "" if each == fence else fence
        elif match := _FENCE.fullmatch(each):
            fence = match.group(1)
        elif each.startswith("<details>"):
            folds += 1
        elif each == "</details>":
            folds -= 1
    return (f"\n{fence}" if fence else "") + "\n\n</details>" * folds


def short(text: str, limit: int) -> str:
    """One visible line of at most `limit` bytes of UTF-8, with a sign where it was cut."""
    flat = line(text, limit)
    if len(flat.encode()) <= limit:
        return flat
    return cut_bytes(flat, limit - len("…".encode())).rstrip("…") + "…"


def block(text: str, limit: int) -> str:
    """Visible text of at most `limit` bytes of UTF-8, its lines kept, saying how much there was."""
    shown = visible(text[:limit])
    if len(text) <= limit and len(shown.encode()) <= limit:
        return shown
    note = f"\n… ({len(text):,} characters in all; the whole is in the report)"
    return cut_bytes(shown, limit - len(note.encode())) + note
