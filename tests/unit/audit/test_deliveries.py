from __future__ import annotations

from datetime import timedelta

from tests.support.auditing import (
    HEAD,
    HOUR,
    MAIN,
    MERGED,
    approval,
    audited,
    check,
    deployment,
    forge,
    found,
    iso,
    landed,
)

BY_BO = forge(("bo", HOUR, True))
IN_ORDER = check(forge=BY_BO)
LINE = tuple(
    landed(f"{number:040x}", time=MERGED + number * HOUR, subject=f"Change {number}")
    for number in range(6)
)


def sha(number: int) -> str:
    return LINE[number].sha


def test_a_deployment_carries_what_none_before_it_did() -> None:
    made = audited(
        deployment(sha(1), began=MERGED + 10 * HOUR, name="one"),
        deployment(sha(4), began=MERGED + 20 * HOUR, name="two"),
        deployment(sha(2), began=MERGED + 30 * HOUR, name="back"),
        deployment(sha(5), began=MERGED + 40 * HOUR, name="three"),
        commits=LINE,
    )

    carried = {each.happening.id: list(each.carried) for each in made.deliveries}
    assert carried == {"one": [0, 1], "two": [2, 3, 4], "back": [], "three": [5]}
    assert [x.deployment.id for x in made.changes if x.deployment] == [
        "one", "one", "two", "two", "two", "three",
    ]  # fmt: skip


def test_a_change_in_order_is_released_after_both() -> None:
    made = audited(IN_ORDER, deployment())

    item = made.changes[0]
    assert (item.tested, item.approved, item.short) == (True, True, "")
    assert made.clean


def test_a_release_before_the_approval_is_named() -> None:
    late = approval(MAIN, "bo", MERGED + 3 * HOUR)
    made = audited(check(forge=forge()), late, deployment())

    assert found(made) == ["late-approval", "deployed-before-approval"]
    assert made.changes[0].short == "without approval"


def test_an_approval_between_merge_and_release_is_in_time() -> None:
    board = approval(MAIN, "bo", MERGED + timedelta(minutes=30))
    made = audited(check(forge=forge()), board, deployment())

    assert found(made) == ["late-approval"]
    assert (made.changes[0].approved, made.clean) == (True, True)


def test_the_last_word_decides_of_a_commit_from_elsewhere_too() -> None:
    red = check(forge=BY_BO, conclusion="fail")
    green = check(forge=BY_BO, at=MERGED - HOUR)

    for checks, expected in (((red, green), []), ((green, {**red, "time": iso(MERGED)}), ["x"])):
        made = audited(*checks, deployment(HEAD), known=[MAIN, HEAD])
        kinds = [each.kind for each in made.deliveries[0].findings]
        assert kinds == ["off-branch", *(["deployed-without-pass"] if expected else [])]


def test_a_release_without_a_passing_check_is_named_for_the_change_and_the_deployment() -> None:
    made = audited(check(forge=BY_BO, conclusion="fail"), deployment())

    assert found(made) == ["merged-past-red", "deployed-without-pass"]
    assert [each.kind for each in made.deliveries[0].findings] == ["deployed-without-pass"]


def test_a_check_after_the_release_began_is_too_late() -> None:
    late = check(head=MAIN, at=MERGED + 2 * HOUR, on_main=True, forge=BY_BO)
    made = audited(late, deployment())

    assert "deployed-without-pass" in found(made)


def test_an_unknown_commit_and_one_from_elsewhere_are_told_apart() -> None:
    made = audited(
        IN_ORDER,
        deployment("e" * 40, name="lost"),
        deployment(HEAD, name="side"),
        known=[MAIN, HEAD],
    )

    kinds = {x.happening.id: [each.kind for each in x.findings] for x in made.deliveries}
    assert kinds == {"lost": ["unknown-commit", "deployed-without-pass"], "side": ["off-branch"]}


def test_other_environments_are_listed_and_not_judged() -> None:
    made = audited(deployment(environment="staging"))

    assert [x.findings for x in made.deliveries] == [()]
    assert made.changes[0].deployment is None
    assert (
        audited(deployment(environment="staging"), environments=frozenset({"staging"}))
        .changes[0]
        .deployment
    )


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    from vsm_gate.history.record import Record

    first = deployment(status="failure")
    corrected = {**deployment(), "corrects": Record.of(first).id}
    made = audited(IN_ORDER, first, corrected)

    assert [x.happening.status for x in made.deliveries] == ["success"]
    assert [each.kind for each in made.deliveries[0].findings] == ["corrected"]


def test_a_correction_of_another_event_replaces_nothing() -> None:
    from vsm_gate.history.record import Record

    first = deployment()
    foreign = {**deployment(name="deploy-2"), "corrects": Record.of(first).id}

    assert len(audited(IN_ORDER, first, foreign).deliveries) == 2


def test_a_check_cannot_be_corrected_away() -> None:
    from vsm_gate.history.record import Record

    red = check(forge=BY_BO, conclusion="fail")
    green = {**check(forge=BY_BO, at=MERGED - 5 * HOUR), "corrects": Record.of(red).id}

    assert "merged-past-red" in found(audited(red, green))


def test_a_deployment_can_be_asked_for() -> None:
    made = audited(
        deployment(sha(1), began=MERGED + 10 * HOUR, name="one"),
        deployment(sha(4), began=MERGED + 20 * HOUR, name="two"),
        commits=LINE,
        deployment="two",
    )

    assert [x.change.commit.sha for x in made.chosen] == [sha(2), sha(3), sha(4)]
    assert [x.happening.id for x in made.shown] == ["two"]
    assert not made.whole


def test_only_what_finished_in_the_period_is_its_population() -> None:
    made = audited(
        deployment(began=MERGED + timedelta(days=1), name="in"),
        deployment(began=MERGED + timedelta(days=300), name="after"),
    )

    assert [x.happening.id for x in made.deliveries] == ["in"]
