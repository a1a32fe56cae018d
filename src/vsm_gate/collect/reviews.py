"""What reviewers did with a pull request, from the forge's API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from vsm_gate.api.client import ApiError, Client, Json, moment, text
from vsm_gate.api.problem import Problem
from vsm_gate.model.forge import Approval, Reviews

# People of the repository or its organisation: an approval by anyone else is an opinion. The forge
# keeps a private membership, which is the usual one, from a job's token: there their rights tell.
_TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_WRITERS: Final = frozenset({"admin", "maintain", "write"})
_DECISIONS: Final = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def read_reviews(client: Client, number: int, *, author: str, head: str) -> Reviews:
    """The reviews of a pull request. Raises `ApiError`.

    Of each reviewer the last decision counts, and it is `final` only on `head`: what was approved
    before the last push is not what would be merged. Approvals by the author, by bots and by people
    without rights in the repository do not count; the first review may be by anyone but the author
    and bots.
    """
    others = [
        each
        for each in client.pages(f"/pulls/{number}/reviews", most=client.spare(1))
        if _is_of_another(each, author) and moment(each, "submitted_at")
    ]
    decisions = [each for each in others if text(each, "state") in _DECISIONS]
    last = {text(each, "user", "login"): each for each in decisions}
    approved = [each for each in last.values() if each["state"] == "APPROVED"]
    approvals = (
        Approval(text(each, "user", "login"), at, final=each.get("commit_id") == head)
        for each in _of_the_repository(client, approved)
        if (at := moment(each, "submitted_at"))
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


def _of_the_repository(client: Client, reviews: Iterable[Json]) -> list[Json]:
    """Those by people of the repository; of whom the forge does not tell, by their rights."""
    known: list[Json] = []
    unknown: list[Json] = []
    for each in reviews:
        trusted = text(each, "author_association") in _TRUSTED
        (known if trusted else unknown).append(each)
    if len(unknown) > client.spare(1, least=0):
        words = f"the rights of {len(unknown)} people who approved are not known"
        raise ApiError(Problem(f"{words}, too many to ask about"))
    for each in unknown:
        login = quote(text(each, "user", "login"), safe="")
        rights = client.get(f"/collaborators/{login}/permission")
        if text(rights, "permission") in _WRITERS:
            known.append(each)
    return known
