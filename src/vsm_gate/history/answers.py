"""What a server's answer to a fetch or a push means. Pure.

Some texts mean *try again* (somebody else was faster, the line broke), others mean *no*
(permission, a protected branch, no such repository). Taking one for the other loses records or
hammers a server.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final


class Answer(Enum):
    """How a push or a fetch ended."""

    DONE = "done"
    AGAIN = "again"  # somebody else was faster
    BROKEN = "broken"  # the line or the server failed; it may have been accepted all the same
    LACKING = "lacking"  # the server cannot do atomic pushes
    REFUSED = "refused"


_LACKING: Final = ("does not support --atomic push",)
_REFUSED: Final = (
    "permission",
    "denied",
    "forbidden",
    "unauthorized",
    "authentication failed",
    "could not read (username|password)",
    "terminal prompts disabled",
    "returned error: 40[0-7]",
    "protected branch",
    "hook declined",
    "hidden ref",
    "not found",
    "does not appear to be a git repository",
    "shallow update not allowed",
    "unpacker error",
    "read-only",
    "dubious ownership",
    "no space left",
    "quota",
    "exceeds",
    "archived",
    "currently checked out",
    "funny refname",
    r"\bGH0\d\d",
)
_AGAIN: Final = (
    "fetch first",
    "non-fast-forward",
    "cannot lock ref",
    "failed to (update|lock) ref",
    "unable to lock",
    "incorrect old value",
    "reference already exists",
    "stale info",
    "remote ref does not exist",
    "atomic transaction failed",
    "returned error: 409",
    "is at [0-9a-f]+ but expected",
)
_BROKEN: Final = (
    r"returned error: (408|429|5\d\d)",
    "hung up",
    "early eof",
    "connection",
    "(failed to|could not|couldn't) connect",
    "timed? ?out",
    "rpc failed",
    "unexpected disconnect",
    "could not resolve host",
    "network",
    "broken pipe",
    "internal server error",
    "remote error",
    r"curl \d+",
    "gnutls",
    r"\bssl\b",
    "bad line length",
    "protocol error",
    "index-pack failed",
    "temporar",
    "try again",
    "low speed",
)
# In this order: a refusal that mentions a lock is still a refusal.
_MEANINGS: Final = tuple(
    (answer, re.compile("|".join(texts), re.IGNORECASE))
    for answer, texts in (
        (Answer.LACKING, _LACKING),
        (Answer.REFUSED, _REFUSED),
        (Answer.AGAIN, _AGAIN),
        (Answer.BROKEN, _BROKEN),
    )
)


def meaning(code: int, text: str) -> Answer:
    """What git's exit code and texts mean. What is not known is a refusal: it is shown."""
    if code == 0:
        return Answer.DONE
    for answer, pattern in _MEANINGS:
        if pattern.search(text):
            return answer
    return Answer.REFUSED
