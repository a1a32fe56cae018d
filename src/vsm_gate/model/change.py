"""A change: the commits between a base and a head, and what they do to files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a change.

    `path` at the head (at the base where it was deleted); `old_path` where it was renamed;
    `status` is added, modified, deleted or renamed; `added_lines` are the ranges of added or
    modified lines at the head, `deleted_lines` those of deleted or modified lines at the base, both
    ascending, `range(first, last + 1)`; `added` and `deleted` count lines and are 0 for a binary
    file.
    """

    path: str
    status: str
    added: int = 0
    deleted: int = 0
    added_lines: tuple[range, ...] = ()
    old_path: str | None = None
    binary: bool = False
    generated: bool = False
    vendored: bool = False
    submodule: bool = False
    deleted_lines: tuple[range, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Where a run stands, as the forge or the local repository tells it. Every name is hostile.

    `event` is the forge's event name, or `local`. `tested` is the commit that is checked out and
    was tested; `head` the commit that results are published on (a pull request's own head, where
    `tested` is the merge commit). `base_ref` is what the change is compared with: a revision, to
    be turned into a merge base. `base_branch` is set where the forge gave that revision: it was
    frozen when the pull request was opened, and the branch of this name has moved on since.
    `default_branch` tells whether this run is of the default branch after a merge, so that its
    record can be a baseline; `default_name` is that branch's name. `author` proposed the change,
    `actor` caused the run.
    """

    repository: str
    event: str = "local"
    branch: str = ""
    default_branch: bool = False
    default_name: str = ""
    head: str = ""
    tested: str = ""
    base_ref: str | None = None
    base_branch: str = ""
    pull_request: int | None = None
    from_fork: bool = False
    author: str = ""
    actor: str = ""
    run: str = ""
    attempt: int = 1
    job: str = ""
    server_url: str = ""
    api_url: str = ""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """A label that stands on a pull request: who set it last, and when. Every text is hostile.

    `at` None: the forge does not tell. `reason` is what a line `Break-glass: REASON` of the pull
    request's description says, empty where there is none.
    """

    name: str
    by: str
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a pull request; `standing` None: not known, for the reason `missing`."""

    standing: tuple[LabelSet, ...] | None = None
    missing: str = "the forge's labels were not read"


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether somebody is in a team; None: it cannot be told, for the reason `missing`."""

    member: bool | None = None
    missing: str = "the forge was not asked"


@dataclass(frozen=True, slots=True)
class PastOfFiles:
    """What the repository's history says of the files of a change, and its messages of the change.

    `file_age` is the mean time in days since the changed files were last changed, None where all
    are new (AGE); `prior_changes` are the distinct earlier changes to them (NUC), `prior_authors`
    the number of people who made those (NDEV); `is_fix` tells whether a message says that a defect
    is fixed (FIX). Where the history cannot tell, the counts are None and `missing` says why.
    """

    file_age: Fraction | None = None
    prior_changes: int | None = None
    prior_authors: int | None = None
    is_fix: bool | None = None
    missing: str = "the repository's history was not read"


@dataclass(frozen=True, slots=True)
class Change:
    """The change under judgement.

    `base` is the commit it is compared with (the empty tree for a first commit) and `base_found`
    says in words how it was found; `files` are sorted by path. `commits` counts the commits between
    them and `first_commit` is when the oldest of them was authored; None where the history at hand
    does not tell.
    """

    base: str
    head: str
    tested: str
    base_found: str
    files: tuple[FileChange, ...] = field(default_factory=tuple)
    commits: int | None = None
    first_commit: datetime | None = None
    past: PastOfFiles = PastOfFiles()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that the change touches: of a renamed file the old one as well."""
        named = (path for file in self.files for path in (file.path, file.old_path) if path)
        return tuple(dict.fromkeys(named))
