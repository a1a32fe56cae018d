"""What an audit begins with: every change that came to the default branch, and its policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class LandedCommit:
    """A commit on the first-parent line of the default branch. Every text is hostile.

    `time` is when it came to the line, in UTC: by its date, `dated`, as far as that can be
    believed; `parents` begins with the line's own.
    """

    sha: str
    parents: tuple[str, ...]
    time: datetime
    author: str
    email: str
    subject: str
    dated: datetime


@dataclass(frozen=True, slots=True)
class PolicyUse:
    """A policy that judged: its digest, where it came from, and a commit that it judged."""

    sha256: str
    source: str
    commit: str


@dataclass(frozen=True, slots=True)
class PolicyEdit:
    """A commit that edits files of the policy, and who owned it before; None: nobody is named."""

    paths: tuple[str, ...]
    owner: str | None


@dataclass(frozen=True, slots=True)
class WaiverTerms:
    """What a policy says of a waiver."""

    objective: str
    owner: str
    approved_by: str
    reason: str
    created: date
    expires: date


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """The policies of the past, from git: the commits that edited them, and the waivers of each
    policy that acted, by its digest and the waiver's id. `members` are the logins that belong to an
    owner, all in lower case and without `@`.
    """

    edits: Mapping[str, PolicyEdit] = field(default_factory=dict)
    waivers: Mapping[tuple[str, str], WaiverTerms] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
