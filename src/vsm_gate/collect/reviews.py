"""What reviewers did with a pull request, from the forge's API."""

from __future__ import annotations

from typing import Final

from vsm_gate.api.client import Client, Json, moment, text
from vsm_gate.model.forge import Approval, Reviews

# People of the repository or its organisation: an approval by anyone else is an opinion.
_TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_DECISIONS: Final = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def read_reviews(client: Client, number: int, *, author: str, head: str) -> Reviews:
    """The reviews of a pull request. Raises `ApiError`.

    Of each reviewer the last decision counts, and it is `final` only on `head`: what was approved
    before the last push is not what would be merged. Approvals by the author, by bots and by people
    outside the repository do not count; the first review may be by anyone but the author and bots.
    """
    others = [
        each
        for each in client.pages(f"/pulls/{number}/reviews", most=client.spare(1))
        if _is_of_another(each, author) and moment(each, "submitted_at")
    ]
    decisions = [
        each
        for each in others
        if text(each, "state") in _DECISIONS and text(each, "author_association") in _TRUSTED
    ]
    last = {text(each, "user", "login"): each for each in decisions}
    approvals = (
        Approval(who, at, final=each.get("commit_id") == head)
        for who, each in last.items()
        if each["state"] == "APPROVED" and (at := moment(each, "submitted_at"))
    )
    return Reviews(
        first=min((at for each in others if (at := moment(each, "submitted_at"))), default=None),
        approvals=tuple(approvals),
        changes_requested=sum(each["state"] == "CHANGES_REQUESTED" for each in decisions),
    )


def _is_of_another(review: Json, author: str) -> bool:
    """Whether somebody wrote it who is neither the author nor a bot."""
    return text(review, "user", "login") not in {"", author} and (
        text(review, "user", "type") != "Bot"
    )
