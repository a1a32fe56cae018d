"""What it means that the API did not do what was asked, and when to ask again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# A secondary limit may come without a word on when to ask again: the forge advises a minute.
_USUAL_WAIT: Final = 60.0
_SAID: Final = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request failed.

    `unreachable`: no usable answer came, and the request may have been carried out all the same.
    `forbidden`: the token lacks a permission. `limited`: too much was asked; `after` is for how
    many seconds nothing more should be.
    """

    said: str
    unreachable: bool = False
    forbidden: bool = False
    limited: bool = False
    after: float | None = None

    def wait(self, attempt: int) -> float | None:
        """Seconds until the request may be repeated after this attempt; None: it may not."""
        if self.limited:
            return _USUAL_WAIT if self.after is None else self.after
        return float(2 ** (attempt - 1)) if self.unreachable else None

    def needing(self, permission: str) -> str:
        """The problem for a person; where the token may not, which permission the job lacks."""
        if not self.forbidden:
            return self.said
        return f"the token may not; the job needs `{permission}` ({self.said})"


def explain(problem: Exception, now: float) -> Problem:
    """The meaning of what a request raised; `now` in seconds since 1970."""
    status = getattr(problem, "status", None)
    if not isinstance(status, int):
        return Problem(f"no answer: {_plain(problem)}", unreachable=True)
    headers = {name.lower(): str(value) for name, value in _part(problem, "headers").items()}
    said = _message(_part(problem, "data"))
    if status in {403, 429} and _is_limit(said, headers, status):
        after = _after(headers, now)
        soon = "" if after is None else f", for {int(after):,} s"
        return Problem(f"rate limit{soon}: {said}", limited=True, after=after)
    if status in {403, 404}:
        return Problem(f"{status} {said}", forbidden=True)
    if status >= 500:
        return Problem(f"GitHub answers {status} {said}".rstrip(), unreachable=True)
    if status == 401:
        return Problem("401: the token is not valid")
    return Problem(f"{status} {said}")


def _part(problem: Exception, name: str) -> Mapping[str, Any]:
    part = getattr(problem, name, None)
    return part if isinstance(part, Mapping) else {}


def _message(data: Mapping[str, Any]) -> str:
    """The forge's own words, and which fields it does not like."""
    errors = data.get("errors")
    fields = [
        str(each.get("message") or each) if isinstance(each, dict) else str(each)
        for each in (errors if isinstance(errors, list) else ())
    ]
    said = "; ".join([str(data.get("message") or "without a reason"), *fields])
    return " ".join(said[:_SAID].split())


def _is_limit(said: str, headers: Mapping[str, str], status: int) -> bool:
    spent = headers.get("x-ratelimit-remaining") == "0"
    return status == 429 or spent or "retry-after" in headers or "rate limit" in said.lower()


def _after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the limit ends, as the headers say; None where they do not."""
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(float(reset) - now, 1.0)
    return None


def _plain(problem: Exception) -> str:
    """The kind of a failure below HTTP, without the address, which a log need not have."""
    kinds = {
        "ConnectTimeout": "timed out",
        "ReadTimeout": "timed out",
        "ConnectionError": "the connection failed",
        "ChunkedEncodingError": "the answer was cut off",
        "JSONDecodeError": "the answer was cut off",
    }
    name = type(problem).__name__
    return kinds.get(name, name)
