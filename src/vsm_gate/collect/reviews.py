"""What reviewers said of a pull request, from the forge's API."""

from __future__ import annotations

from typing import Any, Final

from vsm_gate.api.client import ApiError, Client
from vsm_gate.model.change import Context, Reviews

# People of the repository or its organisation: an approval by anyone else is an opinion.
_TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_DECISIONS: Final = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def read_reviews(client: Client, context: Context) -> Reviews:
    """The approvals of the head that was judged. What cannot be read is missing, with the reason.

    Of each reviewer the last decision counts, and only on the final revision: what was approved
    before the last push is not what would be merged. Approvals by the author, by bots and by people
    outside the repository do not count.
    """
    if context.pull_request is None:
        return Reviews(missing="the run is not of a pull request")
    last: dict[str, dict[str, Any]] = {}
    try:
        for each in client.pages(f"/pulls/{context.pull_request}/reviews"):
            if each.get("state") in _DECISIONS and _counts(each, context):
                last[_login(each)] = each
    except ApiError as refused:
        return Reviews(missing=f"the forge's reviews cannot be read: {refused.problem.said}")
    approved = [
        login
        for login, each in last.items()
        if each["state"] == "APPROVED" and each.get("commit_id") == context.head
    ]
    return Reviews(approvals=len(approved))


def _counts(review: dict[str, Any], context: Context) -> bool:
    author = review.get("user") or {}
    return (
        review.get("author_association") in _TRUSTED
        and author.get("type") != "Bot"
        and _login(review) not in {"", context.author}
    )


def _login(review: dict[str, Any]) -> str:
    return str((review.get("user") or {}).get("login") or "")
