from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.auditing import (
    HEAD,
    HOUR,
    MAIN,
    MERGED,
    approval,
    audited,
    check,
    forge,
    found,
    landed,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("approvals", "expected"),
    [
        ([("bo", HOUR, True)], []),
        ([("alex", HOUR, True)], ["self-approved"]),
        ([("ALEX", HOUR, True)], ["self-approved"]),
        ([("bo", HOUR, False)], ["stale-approval"]),
        ([("bo", -HOUR, True)], ["late-approval"]),
        ([], ["not-approved"]),
        ([("alex", HOUR, True), ("bo", HOUR, True)], []),
        ([("alex", HOUR, True), ("bo", HOUR, False)], ["stale-approval"]),
        ([("chris", HOUR, False), ("bo", -HOUR, True)], ["late-approval"]),
    ],
)
def test_only_another_of_the_final_revision_before_the_merge_counts(
    approvals: list[tuple[str, timedelta, bool]], expected: list[str]
) -> None:
    assert found(audited(check(forge=forge(*approvals)))) == expected


def test_reviews_that_were_not_read_are_unknown_and_not_none() -> None:
    unread = {**forge(), "approvals": None, "missing": {"reviews": "HTTP 403"}}
    made = audited(check(forge=unread))

    assert found(made) == ["approval-unknown"]
    assert made.changes[0].change.findings[-1].detail == "HTTP 403"


@pytest.mark.parametrize(("number", "expected"), [(1, []), (0, ["not-approved"])])
def test_older_records_tell_a_number_of_approvals(number: int, expected: list[str]) -> None:
    counted = {"change.approvals": {"value": number, "unit": "count"}}
    made = audited(check(measurements=counted))

    assert found(made) == expected


def test_a_count_of_an_earlier_revision_does_not_count() -> None:
    counted = {"change.approvals": {"value": 2, "unit": "count"}}
    earlier = check(head="c" * 40, at=MERGED - DAY, measurements=counted)
    made = audited(earlier, check())

    assert "approval-unknown" in found(made)


@pytest.mark.parametrize(
    ("commit", "by", "when", "expected"),
    [
        (HEAD, "bo", -HOUR, []),
        (MAIN, "bo", -HOUR, []),
        (MAIN, "bo", HOUR, ["late-approval"]),
        (HEAD, "alex", -HOUR, ["self-approved"]),
        ("d" * 40, "bo", -HOUR, ["not-approved"]),
    ],
)
def test_recorded_approvals_are_of_their_commit(
    commit: str, by: str, when: timedelta, expected: list[str]
) -> None:
    made = audited(check(forge=forge()), approval(commit, by, MERGED + when))

    assert found(made) == expected


def test_a_recorded_approval_of_an_earlier_head_is_stale() -> None:
    earlier = check(head="c" * 40, at=MERGED - DAY, forge=forge())
    made = audited(earlier, check(forge=forge()), approval("c" * 40, "bo", MERGED - HOUR))

    assert found(made) == ["stale-approval"]


@pytest.mark.parametrize("by", ["Alex", "alex@example.com", "alex"])
def test_an_author_is_known_by_every_name(by: str) -> None:
    author = landed(author="alex", subject="Mend it")
    made = audited(approval(MAIN, by, MERGED - HOUR), commits=(author,))

    assert "self-approved" in found(made)


def test_where_a_push_was_told_of_no_reviews_those_of_the_same_revision_hold() -> None:
    unread = {**forge(), "approvals": None, "missing": {"reviews": "HTTP 403"}}
    after = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=unread)
    told = check(forge=forge(("bo", 3 * HOUR, True)))
    earlier = check(head="c" * 40, at=MERGED - DAY, forge=forge(("bo", DAY, True)))

    assert found(audited(told, after)) == []
    assert found(audited(earlier, check(), after)) == ["approval-unknown"]


def test_the_newest_word_of_the_forge_holds() -> None:
    before = check(forge=forge(("bo", HOUR, True)))
    after = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=forge(("bo", HOUR, False)))

    assert found(audited(before, after)) == ["stale-approval"]
