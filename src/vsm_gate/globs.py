"""Glob patterns over repository paths, translated once into a regular expression.

`*` and `?` stay within a folder, `**` crosses folders, `[abc]` is a set, a trailing `/` means all
that is below. A pattern without a slash matches at any depth when `anywhere` is asked for.
"""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def compile_glob(pattern: str, *, anywhere: bool = False) -> re.Pattern[str]:
    """The regular expression of a pattern; it is to be used with `fullmatch`."""
    text = pattern.removeprefix("./")
    if text.endswith("/"):
        text += "**"
    if anywhere and "/" not in text:
        text = f"**/{text}"
    return re.compile(_translate(text.removeprefix("/")), re.DOTALL)


def _translate(text: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            out.append("(?:[^/]+/)*")
            at += 3
        elif text.startswith("**", at):
            out.append(".*")
            at += 2
        elif text[at] == "*":
            out.append("[^/]*")
            at += 1
        elif text[at] == "?":
            out.append("[^/]")
            at += 1
        elif text[at] == "[" and (end := text.find("]", at + 2)) > 0:
            inside = text[at + 1 : end].replace("\\", "\\\\")
            negated = inside.startswith(("!", "^"))
            inside = inside.lstrip("!^").replace("[", "\\[").replace("&&", "&\\&")
            out.append(f"[{'^/' if negated else ''}{inside}]")
            at = end + 1
        else:
            out.append(re.escape(text[at]))
            at += 1
    return "".join(out)
