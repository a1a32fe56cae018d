from __future__ import annotations

from datetime import date, timedelta
from typing import Any

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
    iso,
    landed,
)

from vsm_gate.model.population import PolicyEdit, PolicyFacts, WaiverTerms

BY_BO = forge(("bo", HOUR, True))
EARLIER = "c" * 40


def heartbeat(**more: Any) -> dict[str, Any]:
    return {**check(forge=BY_BO, **more), "kind": "heartbeat", "problem": "GitError: no network"}


def test_a_change_in_order_has_no_finding() -> None:
    made = audited(
        check(forge=BY_BO), check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=BY_BO)
    )

    assert found(made) == []
    assert made.clean
    item = made.changes[0].change
    assert (item.tested, item.conclusion, item.pull_request, item.link.source) == (
        "before merge",
        "pass",
        7,
        "forge",
    )
    assert [each.by for each in item.approval.valid] == ["bo"]


def test_what_nothing_speaks_of_has_no_record() -> None:
    made = audited()

    kinds = [each.kind for each in made.changes[0].change.findings]
    assert kinds == ["no-record", "named-by-message", "approval-unknown"]
    assert not made.clean


def test_a_crashed_gate_and_an_evaded_one_do_not_look_the_same() -> None:
    assert found(audited(heartbeat()))[0] == "gate-crashed"
    assert audited(heartbeat()).changes[0].change.findings[0].detail == "GitError: no network"


def test_a_heartbeat_that_a_verdict_followed_is_no_exception() -> None:
    made = audited(heartbeat(), check(forge=BY_BO, at=MERGED - HOUR))

    assert "gate-crashed" not in found(made)


@pytest.mark.parametrize("conclusion", ["fail", "inconclusive"])
def test_the_last_word_before_the_merge_decides(conclusion: str) -> None:
    red = check(conclusion=conclusion, forge=BY_BO)
    assert "merged-past-red" in found(audited(red))

    green = check(at=MERGED - HOUR, forge=BY_BO)
    assert "merged-past-red" not in found(audited(red, green))

    too_late = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=BY_BO)
    assert "merged-past-red" in found(audited(red, too_late))


def test_every_team_and_job_has_a_last_word() -> None:
    red = check(conclusion="fail", forge=BY_BO)
    other = check(at=MERGED - HOUR, forge=BY_BO, team="search")
    job = check(at=MERGED - HOUR, forge=BY_BO, change={"job": "other"})

    assert "merged-past-red" in found(audited(red, other, job))


def test_red_since_it_landed_is_told_from_merged_past_red() -> None:
    red = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=BY_BO, conclusion="fail")

    assert found(audited(check(forge=BY_BO), red)) == ["red-after-merge"]
    assert found(audited(red)) == ["merged-past-red", "tested-after-merge"]


def test_a_failure_that_is_not_enforced_is_not_merged_past_red() -> None:
    observed = {**check(forge=BY_BO), "verdict": "fail", "conclusion": "pass"}

    assert "merged-past-red" not in found(audited(observed))


def test_an_earlier_revision_is_not_what_was_merged() -> None:
    commit = landed(parents=("0" * 40, HEAD), subject="Merge pull request #7 from acme/x")
    earlier = check(head=EARLIER, forge=BY_BO)
    final = check(at=MERGED - HOUR, forge=BY_BO)

    assert "stale-check" in found(audited(earlier, commits=(commit,)))
    assert found(audited(earlier, final, commits=(commit,))) == []


def test_a_merge_is_known_by_its_parent_and_not_by_its_author() -> None:
    commit = landed(parents=("0" * 40, HEAD), subject="Merge", author="bo")
    made = audited(check(forge=None), approval(HEAD, "bo", MERGED - HOUR), commits=(commit,))

    assert made.changes[0].change.link.source == "merge"
    assert found(made) == []


def test_a_direct_push_is_named_with_its_author() -> None:
    pushed = check(head=MAIN, at=MERGED + HOUR, on_main=True, number=None)
    made = audited(pushed, commits=(landed(subject="Mend it"),))

    assert found(made) == ["tested-after-merge", "direct-push", "not-approved"]
    details = [each.detail for each in made.changes[0].change.findings]
    assert details[1] == "committed by alex"


def test_the_group_of_a_merge_queue_is_tested_before_the_merge() -> None:
    queued = check(head=MAIN, number=None, change={"event": "merge_group"})
    made = audited(queued, check(forge=BY_BO))

    assert made.changes[0].change.tested == "before merge"


def test_a_commit_that_is_its_own_pull_requests_head_may_be_older_than_its_check() -> None:
    commit = landed(time=MERGED - timedelta(days=3), subject="Rebased")
    own = check(head=MAIN, forge={**BY_BO, "merged": None, "pull_request": 7})
    made = audited({**own, "forge": None}, approval(MAIN, "bo", MERGED), commits=(commit,))

    assert made.changes[0].change.link.source == "commit"
    assert found(made) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [((-5, 5), "waiver"), ((-9, -1), "waiver-out-of-date"), ((1, 9), "waiver-out-of-date")],
)
def test_a_waiver_is_held_against_the_day_of_the_merge(
    days: tuple[int, int], expected: str
) -> None:
    first, last = (MERGED.date() + timedelta(days=each) for each in days)
    terms = WaiverTerms("tests-green", "alex", "dana", "a known fault", first, last)
    waived = {"tests-green": {"status": "fail", "phase": "enforce", "waiver": "W-1"}}
    made = audited(
        check(forge=BY_BO, objectives=waived),
        policy=PolicyFacts(waivers={("7" * 64, "W-1"): terms}),
    )

    assert found(made) == [expected]
    assert "approved by dana" in made.changes[0].change.findings[-1].detail


def test_a_waiver_whose_terms_are_gone_is_said_to_be_unknown() -> None:
    waived = {"tests-green": {"status": "fail", "phase": "enforce", "waiver": "W-1"}}

    assert found(audited(check(forge=BY_BO, objectives=waived))) == ["waiver-terms-unknown"]


GLASS = {"label": "x", "by": "alex", "at": iso(MERGED - HOUR), "reason": "down"}


@pytest.mark.parametrize(
    ("due", "reviews", "expected"),
    [
        ("2026-07-17", [("bo", 2)], ["break-glass"]),
        ("2026-07-17", [], ["break-glass", "break-glass-unreviewed"]),
        ("2026-07-17", [("bo", 30)], ["break-glass", "break-glass-unreviewed"]),
        ("2026-07-17", [("alex", 2)], ["break-glass", "break-glass-unreviewed"]),
        ("2026-12-31", [], ["break-glass"]),
        ("", [], ["break-glass", "break-glass-unreviewed"]),
    ],
)
def test_break_glass_is_reviewed_by_somebody_else_by_its_date(
    due: str, reviews: list[tuple[str, int]], expected: list[str]
) -> None:
    broken = check(forge=BY_BO, conclusion="warn", break_glass={**GLASS, "review_by": due})
    given = [approval(MAIN, by, MERGED + timedelta(days=days)) for by, days in reviews]

    assert found(audited(broken, *given)) == expected


@pytest.mark.parametrize(
    ("owner", "members", "expected"),
    [
        ("@bo", {}, ["policy-changed"]),
        ("alex", {}, ["policy-changed"]),
        ("@dana", {}, ["policy-changed", "policy-not-by-owner"]),
        ("@acme/leads", {}, ["policy-changed", "policy-owner-unknown"]),
        ("@acme/leads", {"acme/leads": frozenset({"bo"})}, ["policy-changed"]),
        (
            "@acme/leads",
            {"acme/leads": frozenset({"dana"})},
            ["policy-changed", "policy-not-by-owner"],
        ),
        (None, {}, ["policy-changed", "policy-owner-unknown"]),
    ],
)
def test_the_policy_is_its_owners_to_change(
    owner: str | None, members: dict[str, frozenset[str]], expected: list[str]
) -> None:
    edits = {MAIN: PolicyEdit(("scorecards/shop.yaml",), owner)}
    made = audited(check(forge=BY_BO), policy=PolicyFacts(edits=edits, members=members))

    assert found(made) == expected


def test_a_team_that_nobody_approved_for_did_not_own_the_change() -> None:
    edits = {MAIN: PolicyEdit(("scorecards/shop.yaml",), "@acme/leads")}
    made = audited(check(forge=forge()), policy=PolicyFacts(edits=edits))

    assert found(made) == ["not-approved", "policy-changed", "policy-not-by-owner"]


def test_dates_of_waivers_include_both_days() -> None:
    day = date(2026, 7, 10)
    terms = WaiverTerms("tests-green", "alex", "dana", "why", day, day)
    waived = {"tests-green": {"status": "fail", "phase": "enforce", "waiver": "W-1"}}
    facts = PolicyFacts(waivers={("7" * 64, "W-1"): terms})

    assert found(audited(check(forge=BY_BO, objectives=waived), policy=facts)) == ["waiver"]
