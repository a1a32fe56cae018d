from __future__ import annotations

from typing import Any

from tests.support.auditing import HOUR, MERGED, Document, audited, check, landed

from vsm_gate.audit.continuity import Control

LINE = tuple(
    landed(f"{number:040x}", time=MERGED + number * HOUR, subject=f"Change {number}")
    for number in range(5)
)


def on_main(number: int, phase: str = "enforce", **more: Any) -> Document:
    objectives = {"tests-green": {"status": "pass", "phase": phase}}
    at = MERGED + (number + 0.5) * HOUR
    return check(
        head=LINE[number].sha,
        at=at,
        on_main=True,
        number=None,
        **{"objectives": objectives, **more},
    )


def controls(*documents: Document) -> list[Control]:
    return audited(*documents, commits=LINE).controls


def test_a_control_holds_since_the_change_after_its_last_gap() -> None:
    found = controls(*(on_main(number) for number in (0, 2, 3, 4)))

    assert found == [
        Control(
            "payments",
            "tests-green",
            LINE[2].time,
            3,
            LINE[1].sha,
            "no check of it or of its pull request is recorded",
        )
    ]


def test_a_control_without_a_gap_holds_since_the_first_change() -> None:
    (found,) = controls(*(on_main(number) for number in range(5)))

    assert (found.since, found.changes, found.gap) == (LINE[0].time, 5, None)


def test_an_objective_that_only_warned_was_no_control_then() -> None:
    (found,) = controls(*(on_main(n, "warn" if n < 3 else "enforce") for n in range(5)))

    assert (found.changes, found.gap, found.why) == (2, LINE[2].sha, "its phase was warn")


def test_an_objective_that_was_not_in_the_policy_was_no_control_then() -> None:
    (found,) = controls(*(on_main(n, objectives={}) for n in range(3)), on_main(3), on_main(4))

    assert (found.changes, found.why) == (2, "it was not part of the policy")


def test_a_change_that_was_merged_past_red_is_a_gap() -> None:
    (found,) = controls(
        *(on_main(number) for number in (0, 1, 2, 4)), on_main(3, verdict="fail", conclusion="fail")
    )

    assert (found.changes, found.gap) == (1, LINE[3].sha)


def test_the_newest_change_may_be_the_gap() -> None:
    (found,) = controls(*(on_main(number) for number in range(4)))

    assert (found.since, found.changes, found.gap) == (None, 0, LINE[4].sha)


def test_a_change_of_another_team_is_no_gap_of_this_one() -> None:
    other = on_main(3, team="search")
    found = {
        each.team: (each.changes, each.gap)
        for each in controls(other, *(on_main(number) for number in (0, 1, 2, 4)))
    }

    assert found == {"payments": (4, None), "search": (1, None)}


def test_what_only_warns_now_is_no_control() -> None:
    assert controls(*(on_main(number, "warn") for number in range(5))) == []
