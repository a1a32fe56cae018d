"""Whether somebody is in a team of an organisation, from the forge's API."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from vsm_gate.api.client import ApiError, Client
from vsm_gate.model.change import Membership

_NEEDED: Final = "a token of an app with `members: read` of the organisation"


def read_membership(client: Client, team: str, login: str) -> Membership:
    """Whether `login` is an active member of `organisation/team`; None where that cannot be told.

    Whoever is in no such team is told of as a team that may not be seen is: neither is a member.
    """
    organisation, _, name = team.partition("/")
    place = f"/orgs/{quote(organisation, safe='')}/teams/{quote(name, safe='')}"
    try:
        found = client.get(f"{place}/memberships/{quote(login, safe='')}")
    except ApiError as refused:
        if not refused.problem.forbidden:
            return Membership(missing=refused.problem.said)
        said = f"{refused.problem.said}: not in it, or this takes {_NEEDED}"
        return Membership(missing=said)
    return Membership(member=found.get("state") == "active", missing="")
