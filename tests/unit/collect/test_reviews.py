"""Who approved what would be merged, as the forge tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.support.forge import NAME
from tests.support.github_facts import review
from tests.support.github_server import TOKEN, GitHubServer, serving

from vsm_gate.api.client import ApiError, Client
from vsm_gate.collect.reviews import read_reviews
from vsm_gate.model.change import Context
from vsm_gate.model.forge import Reviews

HEAD, EARLIER = "a" * 40, "b" * 40


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with serving() as server:
        yield server


def read(server: GitHubServer) -> Reviews:
    client = Client(Context(NAME, api_url=server.url), TOKEN, sleep=lambda _: None)
    return read_reviews(client, 7, author="ann", head=HEAD)


def approvers(server: GitHubServer) -> list[str]:
    """Who approved the final revision."""
    return [each.by for each in read(server).approvals if each.final]


def test_each_reviewer_counts_once(server: GitHubServer) -> None:
    assert approvers(server) == []
    for who in ("bob", "cem", "bob"):
        review(server, who, commit_id=HEAD)
    assert approvers(server) == ["bob", "cem"]
    assert len(server.log) == 2


def test_the_last_decision_counts_and_a_remark_is_none(server: GitHubServer) -> None:
    review(server, "bob", commit_id=HEAD)
    review(server, "bob", "COMMENTED", commit_id=HEAD)
    assert approvers(server) == ["bob"]
    review(server, "bob", "CHANGES_REQUESTED", commit_id=HEAD)
    assert approvers(server) == []
    review(server, "bob", commit_id=HEAD)
    review(server, "cem", "DISMISSED", commit_id=HEAD)
    assert approvers(server) == ["bob"]
    assert read(server).changes_requested == 1


def test_what_was_pushed_after_an_approval_is_not_approved(server: GitHubServer) -> None:
    review(server, "bob", commit_id=EARLIER, submitted_at="2026-11-20T10:00:00Z")
    [approval] = read(server).approvals
    assert (approval.by, approval.final) == ("bob", False)
    assert approval.at == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize("rights", ["NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR"])
def test_strangers_do_not_approve(server: GitHubServer, rights: str) -> None:
    review(server, "mallory", rights=rights, commit_id=HEAD)
    found = read(server)
    assert found.approvals == ()
    assert found.first is not None


@pytest.mark.parametrize("rights", ["NONE", "CONTRIBUTOR"])
def test_a_member_whose_membership_is_private_approves_by_their_rights(
    server: GitHubServer, rights: str
) -> None:
    server.rights |= {"dan": "write", "eve": "read"}
    for who in ("dan", "eve"):
        review(server, who, rights=rights, commit_id=HEAD)
    review(server, "fay", "CHANGES_REQUESTED", rights=rights, commit_id=HEAD)
    assert approvers(server) == ["dan"]
    assert [each.path.rpartition("/repos/acme/payments/")[2] for each in server.log] == [
        "pulls/7/reviews",
        "collaborators/dan/permission",
        "collaborators/eve/permission",
    ]


def test_more_approvals_of_strangers_than_can_be_asked_about_are_no_number(
    server: GitHubServer,
) -> None:
    for number in range(30):
        review(server, f"stranger-{number}", rights="NONE", commit_id=HEAD)
    with pytest.raises(ApiError, match="the rights of 30 people who approved are not known"):
        read(server)


def test_neither_the_author_nor_a_bot_approves_or_reviews(server: GitHubServer) -> None:
    review(server, "ann", rights="OWNER", commit_id=HEAD)
    review(server, "robot[bot]", kind="Bot", commit_id=HEAD)
    assert read(server) == Reviews()


def test_the_first_review_is_the_earliest_of_all_pages(server: GitHubServer) -> None:
    for day in range(120):
        at = f"2026-{11 - day // 25:02}-{25 - day % 25:02}T10:00:00Z"
        review(server, "bob", "COMMENTED", submitted_at=at)
    assert read(server).first == datetime(2026, 7, 6, 10, tzinfo=UTC)
    assert len(server.log) == 2
