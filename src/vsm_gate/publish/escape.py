"""Strings from outside, made safe for the place where they go.

Reports, branches, titles and paths are written by anyone. Each function is for one surface, and
nothing reaches that surface without it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()#+.!|~<>&$:@/-]")
# The forge looks for these in what readers see, after character references were read.
_REFERRING: Final = re.compile(r"[@#]|(?<=gh)-(?=\d)", re.IGNORECASE)


def visible(text: str) -> str:
    """Text with every control and invisible character shown as an escape, line ends kept.

    Invisible are those that change how others are read: bidirectional overrides, zero widths,
    terminal controls, lone surrogates.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\n\t" or unicodedata.category(char) not in _UNSEEN:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def line(text: str, limit: int = 200) -> str:
    """One visible line, cut at `limit` characters with a sign that it was cut."""
    flat = " ".join(visible(text[: limit * 4]).split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def markdown(text: str, limit: int = 200) -> str:
    """One line that Markdown, HTML and the forge read as nothing but text.

    Punctuation that could begin markup or a link becomes a character reference, which no later
    stage turns back into syntax. Mentions and references to issues are found by the forge in the
    finished text: a space without width behind their sign keeps it from them.
    """
    return _MARKDOWN.sub(
        lambda match: f"&#{ord(match.group())};",
        _REFERRING.sub(lambda match: f"{match.group()}\u200b", line(text, limit)),
    )


def code(text: str, limit: int = 200) -> str:
    """One line in `code`, whatever backticks it holds; safe within a table."""
    flat = line(text, limit).replace("|", "\u2223")
    runs = re.findall("`+", flat)
    fence = "`" * (max(map(len, runs), default=0) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") or not flat else ""
    return f"{fence}{space}{flat}{space}{fence}"


def fenced(text: str, limit: int = 4000) -> str:
    """A block of preformatted text whose fence is longer than any inside."""
    shown = visible(text[:limit])
    if len(text) > limit:
        shown += f"\n… ({len(text) - limit:,} more characters)"
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", shown)), 3)
    return f"{fence}text\n{shown}\n{fence}"


def command_value(text: str) -> str:
    """The message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a workflow command."""
    return command_value(text).replace(":", "%3A").replace(",", "%2C")


def cut_bytes(text: str, limit: int) -> str:
    """The longest beginning of `text` that is at most `limit` bytes of UTF-8."""
    raw = text.encode("utf-8", "replace")
    return text if len(raw) <= limit else raw[:limit].decode("utf-8", "ignore")
