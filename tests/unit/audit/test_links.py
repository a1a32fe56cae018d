from __future__ import annotations

from typing import Any

from tests.support.auditing import (
    HOUR,
    MAIN,
    MERGED,
    audited,
    check,
    deployment,
    forge,
    found,
    landed,
)

from vsm_gate.model.population import PolicyEdit, PolicyFacts

BY_BO = forge(("bo", HOUR, True))
LINE = tuple(
    landed(f"{number:040x}", time=MERGED + number * HOUR, subject=f"Change {number}")
    for number in range(6)
)


def sources(made: Any) -> list[tuple[int | None, str]]:
    return [(x.change.pull_request, x.change.link.source) for x in made.changes]


def pushed(number: int, base: int, **more: Any) -> Any:
    at = MERGED + (number + 0.5) * HOUR
    return check(
        head=LINE[number].sha,
        at=at,
        on_main=True,
        change={"base": LINE[base].sha},
        **more,
    )


def test_a_message_that_borrows_a_merged_pull_requests_number_is_a_direct_push() -> None:
    genuine = landed(subject="Round prices once (#7)")
    evil = landed("e" * 40, time=MERGED + HOUR, subject="Mend a typo (#7)", author="mallory")
    known = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=BY_BO)
    made = audited(check(forge=BY_BO), known, commits=(genuine, evil))

    assert sources(made) == [(7, "forge"), (None, "")]
    assert found(made, 0) == []
    assert found(made, 1) == ["no-record", "direct-push", "not-approved"]
    assert "as another commit does" in made.changes[1].change.findings[1].detail


def test_of_two_messages_with_one_number_neither_is_believed() -> None:
    twice = (landed(), landed("e" * 40, time=MERGED + HOUR))
    made = audited(check(forge=BY_BO), commits=twice)

    assert sources(made) == [(None, ""), (None, "")]


def test_where_the_forge_speaks_of_pushes_a_message_is_not_believed_against_it() -> None:
    other = landed("d" * 40, time=MERGED - HOUR, subject="Earlier (#6)")
    told = check(head="d" * 40, on_main=True, forge={**BY_BO, "pull_request": 6})
    direct = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=None)
    made = audited(check(forge=BY_BO), told, direct, commits=(other, landed()))

    assert sources(made) == [(6, "forge"), (None, "")]
    assert "the forge does not" in made.changes[1].change.findings[1].detail


def test_where_the_forge_was_never_asked_a_message_is_all_there_is() -> None:
    direct = check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=None)

    assert sources(audited(check(), direct)) == [(7, "message")]


def test_a_push_of_several_commits_is_tested_and_proposed_as_one() -> None:
    several = {**BY_BO, "merged": None}
    made = audited(pushed(1, 0, forge=several), pushed(4, 1, forge=several), commits=LINE)

    tested = [x.change.tested for x in made.changes]
    assert tested == ["no", "after merge", "after merge", "after merge", "after merge", "no"]
    assert sources(made)[2:5] == [(7, "forge")] * 3


def test_a_push_covers_nothing_that_has_a_check_of_its_own() -> None:
    made = audited(pushed(2, 0, conclusion="fail", verdict="fail"), pushed(4, 0), commits=LINE)

    worst = [x.change.conclusion for x in made.changes]
    assert worst == [None, "fail", "fail", "pass", "pass", None]


def test_a_base_that_is_not_on_the_line_covers_nothing() -> None:
    stray = check(head=LINE[4].sha, at=MERGED + 5 * HOUR, on_main=True, change={"base": "f" * 40})

    assert [x.change.tested for x in audited(stray, commits=LINE).changes].count("no") == 5


def policy(number: int, digest: str) -> Any:
    return pushed(number, number, policy={"source": "elsewhere", "sha256": digest * 64})


def test_a_policy_that_no_edit_brought_is_told_of_once() -> None:
    made = audited(*(policy(n, digest) for n, digest in enumerate("aababb")), commits=LINE)

    kinds = [[each.kind for each in x.change.findings] for x in made.changes]
    assert [("policy-elsewhere" in each) for each in kinds] == [
        False, False, True, False, False, False,
    ]  # fmt: skip
    assert made.changes[2].change.findings[-1].detail == f"{'b' * 12}, from elsewhere"


def test_an_edit_may_bring_a_policy_to_every_team() -> None:
    edits = {LINE[1].sha: PolicyEdit(("scorecards/base.yaml",), "bo")}
    records = [policy(0, "a"), policy(1, "b")]
    others = [{**each, "team": "search"} for each in records]
    made = audited(*records, *others, commits=LINE, policy=PolicyFacts(edits=edits))

    assert "policy-elsewhere" not in found(made, 1)


def test_a_policy_that_an_edit_brought_is_expected() -> None:
    edits = {LINE[1].sha: PolicyEdit(("scorecards/shop.yaml",), "bo")}
    made = audited(
        *(policy(n, digest) for n, digest in enumerate("aabbcc")),
        commits=LINE,
        policy=PolicyFacts(edits=edits),
    )

    named = ["policy-elsewhere" in found(made, place) for place in range(6)]
    assert named == [False, False, False, False, True, False]


def test_what_a_deployment_carried_stays_in_order_with_covered_commits() -> None:
    made = audited(
        pushed(5, 0, forge=BY_BO), deployment(LINE[5].sha, began=MERGED + 9 * HOUR), commits=LINE
    )

    assert [x.tested for x in made.changes] == [False, True, True, True, True, True]
