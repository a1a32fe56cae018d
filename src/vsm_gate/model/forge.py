"""What a forge knows of a change beside its code: its pull request, and the jobs that ran for it.

Every name is hostile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from vsm_gate.model.change import Labels


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that stands; `final` where it is of the revision that is, or was, to be merged.

    Never by the author, by a bot, or by somebody outside the repository.
    """

    by: str
    at: datetime
    final: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """What reviewers did: the `first` review, the approvals, how many asked for changes."""

    first: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    changes_requested: int = 0


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The pull request that a change is, or that a commit of the default branch came from.

    `commits` counts its commits, `review_comments` the remarks of reviewers. `reviews` and
    `review_requested` (when a review was first asked for) are None where that is not known, or
    where none was: `ForgeFacts.missing` tells. `first_commit` is when its oldest commit was
    authored.
    """

    number: int
    opened: datetime
    author: str
    head: str
    merged: datetime | None = None
    merged_by: str | None = None
    commits: int | None = None
    review_comments: int | None = None
    labels: Labels = field(default_factory=Labels)
    reviews: Reviews | None = None
    review_requested: datetime | None = None
    first_commit: datetime | None = None

    @property
    def approvers(self) -> frozenset[str] | None:
        """Who approved the final revision; None where it is not known."""
        if self.reviews is None:
            return None
        return frozenset(each.by for each in self.reviews.approvals if each.final)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One attempt of a job of this run, in seconds, as far as it has come.

    `queued_s` None: the forge does not tell. `conclusion` None: it is still running.
    """

    name: str
    attempt: int
    queued_s: Fraction | None
    duration_s: Fraction
    conclusion: str | None


@dataclass(frozen=True, slots=True)
class ForgeFacts:
    """What the forge said; `missing` gives the reason for each part that it did not.

    Parts are `pull_request`, `reviews`, `timeline` (who set labels, who was asked for a review)
    and `runs`. A part that nobody asked for is missing too. `recorded` are those who approved the
    revision by approval events in the history, None where nobody looked there; never the author.
    """

    pull_request: PullRequest | None = None
    runs: tuple[JobRun, ...] | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    recorded: frozenset[str] | None = None

    def why(self, part: str) -> str:
        """Why a part is not known."""
        return self.missing.get(part, "the forge was not asked")

    def why_of_pull(self, part: str) -> str:
        """Why a part of the pull request is not known: perhaps because there is none."""
        return self.why("pull_request" if self.pull_request is None else part)
