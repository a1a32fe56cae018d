"""One tree of errors. A class is a way to stop a run, and each has its own exit code.

Expected bad input (an unreadable report, say) is a value and travels with the data; what is
raised from here ends the run. The message says what and where, the hint says how to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

OK = 0
FAILED = 10
INCONCLUSIVE = 11
NOT_PUBLISHED = 12


class VsmGateError(Exception):
    """Base of all errors that are meant for a user's eyes."""

    exit_code: ClassVar[int] = 1
    slug: ClassVar[str] = "internal"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake in a file that a person wrote. Lines and columns count from 1."""

    file: str
    line: int | None
    column: int | None
    message: str
    hint: str | None = None

    @property
    def where(self) -> str:
        """`file:line:column`, as far as it is known."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class UsageError(VsmGateError):
    """The command line asks for something that cannot be done."""

    exit_code = 2
    slug = "usage"


class ConfigurationError(VsmGateError):
    """A configuration or a scorecard is wrong: all of its mistakes at once."""

    exit_code = 2
    slug = "configuration"

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = len(self.mistakes)
        super().__init__(f"{count} mistake{'' if count == 1 else 's'} in the configuration")


class InputError(VsmGateError):
    """An input could not be read, or verification found a fault."""

    exit_code = 3
    slug = "input"


class GitError(InputError):
    """git could not answer: no repository, an unknown revision, a cut history."""

    slug = "git"


class HistoryError(InputError):
    """The history branch could not be read. Never the same as an empty history."""

    slug = "history"
