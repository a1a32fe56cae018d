"""What reviewers did with a pull request, from the forge's API."""

from __future__ import annotations

from typing import Any, Final

from vsm_gate.api.client import Client, login, moment
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
        if _is_of_a_person(each) and login(each, "user") != author and moment(each, "submitted_at")
    ]
    decisions = [
        each
        for each in others
        if each.get("state") in _DECISIONS and each.get("author_association") in _TRUSTED
    ]
    last = {login(each, "user"): each for each in decisions}
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


def _is_of_a_person(review: dict[str, Any]) -> bool:
    user = review.get("user") or {}
    return user.get("type") != "Bot" and bool(user.get("login"))
