"""What happened on a pull request, in order: who set its labels, who was asked for a review."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vsm_gate.api.client import ApiError, Client, Json, moment, text
from vsm_gate.model.change import Labels, LabelSet

_REASON: Final = re.compile(r"^[ \t>*_-]*break-glass[*_]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Timeline:
    """When a review was first asked for, when the oldest commit was authored, and who set each
    label last, by its name in lower case; `cut` says why the end of it is not known.
    """

    review_requested: datetime | None = None
    first_commit: datetime | None = None
    labelled: Mapping[str, tuple[str, datetime | None]] = field(default_factory=dict)
    cut: str = ""


def read_timeline(client: Client, number: int) -> Timeline:
    """The timeline of a pull request. Raises `ApiError` where not even its beginning can be read.

    It begins with the oldest. Where its end is not known nobody is said to have set a label: it
    may have been taken off and set again by somebody else since.
    """
    requested: list[datetime] = []
    authored: list[datetime] = []
    labelled: dict[str, tuple[str, datetime | None]] = {}
    cut, seen = "", False
    try:
        for each in client.pages(f"/issues/{number}/timeline", most=client.spare(0)):
            seen = True
            kind, at = text(each, "event"), moment(each, "created_at")
            if kind == "review_requested" and at:
                requested.append(at)
            elif kind == "committed" and (at := moment(each.get("author"), "date")):
                authored.append(at)
            elif kind == "labeled":
                labelled[text(each, "label", "name").casefold()] = (
                    text(each, "actor", "login"),
                    at,
                )
    except ApiError as refused:
        if not seen:
            raise
        cut, labelled = f"the end of the timeline is not known: {refused.problem.said}", {}
    first = min(requested, default=None)
    return Timeline(first, min(authored, default=None), labelled, cut)


def labels_of(pull: Json, timeline: Timeline) -> Labels:
    """The labels that stand on a pull request, each with who set it."""
    said = _REASON.search(text(pull, "body"))
    reason = said[1].strip("*_ \t\r")[:_LONGEST] if said else ""
    standing = []
    listed = pull.get("labels")
    for name in (text(each, "name") for each in (listed if isinstance(listed, list) else ())):
        by, at = timeline.labelled.get(name.casefold(), ("", None))
        standing.append(LabelSet(name, by, at, reason))
    return Labels(tuple(standing))
