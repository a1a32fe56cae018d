"""Who approved what would be merged, as the forge tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.support.forge import NAME
from tests.support.github_server import GitHubServer, broken, forbidden, serving

from vsm_gate.api.client import Client
from vsm_gate.collect.reviews import read_reviews
from vsm_gate.model.change import Context

TOKEN = "ghs_a_token"
HEAD, EARLIER = "a" * 40, "b" * 40
CONTEXT = Context(NAME, event="pull_request", head=HEAD, pull_request=7, author="ann")


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with serving(TOKEN) as server:
        yield server


def review(server: GitHubServer, who: str, state: str = "APPROVED", **changes: Any) -> None:
    """Someone's review of the head, by a member unless it says otherwise."""
    [made] = server.describes.example("pull-request-review-items")
    made |= {"id": len(server.reviews) + 1, "state": state, "commit_id": HEAD}
    made["author_association"] = changes.pop("rights", "MEMBER")
    made["user"] |= {"login": who, "type": changes.pop("kind", "User")}
    server.reviews.append(made | changes)


def approvals(server: GitHubServer, context: Context = CONTEXT) -> int | None:
    client = Client(replace(context, api_url=server.url), TOKEN, sleep=lambda _: None)
    return read_reviews(client, context).approvals


def test_each_reviewer_counts_once(server: GitHubServer) -> None:
    assert approvals(server) == 0
    for who in ("bob", "cem", "bob"):
        review(server, who)
    assert approvals(server) == 2
    assert len(server.log) == 2


def test_the_last_decision_counts_and_a_remark_is_none(server: GitHubServer) -> None:
    review(server, "bob")
    review(server, "bob", "COMMENTED")
    assert approvals(server) == 1
    review(server, "bob", "CHANGES_REQUESTED")
    assert approvals(server) == 0
    review(server, "bob")
    review(server, "cem", "DISMISSED")
    assert approvals(server) == 1


def test_what_was_pushed_after_an_approval_is_not_approved(server: GitHubServer) -> None:
    review(server, "bob", commit_id=EARLIER)
    assert approvals(server) == 0


@pytest.mark.parametrize("rights", ["NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR"])
def test_strangers_do_not_approve(server: GitHubServer, rights: str) -> None:
    review(server, "mallory", rights=rights)
    assert approvals(server) == 0


def test_neither_the_author_nor_a_bot_approves(server: GitHubServer) -> None:
    review(server, "ann", rights="OWNER")
    review(server, "robot[bot]", kind="Bot")
    assert approvals(server) == 0


@pytest.mark.parametrize("fault", [forbidden, broken(502)])
def test_what_cannot_be_read_is_missing_with_the_reason(server: GitHubServer, fault: Any) -> None:
    server.fault = fault
    client = Client(replace(CONTEXT, api_url=server.url), TOKEN, sleep=lambda _: None)
    found = read_reviews(client, CONTEXT)
    assert found.approvals is None
    assert "reviews cannot be read" in found.missing


def test_without_a_pull_request_there_is_nothing_to_ask(server: GitHubServer) -> None:
    context = replace(CONTEXT, event="push", pull_request=None)
    assert approvals(server, context) is None
    assert server.log == []
