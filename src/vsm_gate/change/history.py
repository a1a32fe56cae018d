"""What the history says of the files of a change: Kamei et al., IEEE TSE 39(6), 2013.

People are counted and never kept: an author comes in as an opaque key and does not come out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

# Of a file that every change touches all earlier changes would be counted again at each of them;
# of each file only the newest are, so that the cost of a change has a bound.
NEWEST: Final = 250
DAY: Final = 86_400

_FIXES: Final = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|bug(?:s|fix(?:es)?)?|hot-?fix(?:es)?|defects?|regressions?"
    r"|crash(?:e[sd])?)\b",
    re.IGNORECASE,
)
_NO_DEFECT: Final = re.compile(
    r"\b(?:typos?|spelling|grammar|lint(?:er|ing)?|flake8|mypy|whitespace|formatting|indentation)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HistoryFeatures:
    """Features that the history gives a change.

    `file_age` is the mean number of whole seconds since its files were last changed, None where
    all are new (AGE); `prior_changes` the distinct earlier changes to them, of each file the newest
    `NEWEST` (NUC); `prior_authors` the number of people who made those (NDEV); `is_fix` whether it
    says that it fixes a defect (FIX).
    """

    file_age: int | None
    prior_changes: int
    prior_authors: int
    is_fix: bool


def history_features(
    moment: int,
    earlier: Sequence[Sequence[int]],
    time_of: Callable[[int], int],
    author_of: Callable[[int], Hashable],
    *,
    is_fix: bool,
) -> HistoryFeatures:
    """The features of a change made at `moment`, in seconds.

    `earlier` gives for each of its files the numbers of the earlier changes to it, ascending;
    `time_of` and `author_of` say of a change when it was made and by whom. A clock that went back
    makes no negative age.
    """
    ages = [max(0, moment - time_of(changes[-1])) for changes in earlier if changes]
    distinct = set(chain.from_iterable(changes[-NEWEST:] for changes in earlier))
    return HistoryFeatures(
        file_age=sum(ages) // len(ages) if ages else None,
        prior_changes=len(distinct),
        prior_authors=len(set(map(author_of, distinct))),
        is_fix=is_fix,
    )


def says_fix(message: str) -> bool:
    """Whether the title of a commit message says that a defect is fixed.

    The title of a merge is the first line below its subject, where a forge writes the pull
    request's. A corrected spelling or format is no fix.
    """
    lines = [line for line in message.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Merge "):
        del lines[0]
    title = lines[0] if lines else ""
    return _FIXES.search(title) is not None and _NO_DEFECT.search(title) is None
