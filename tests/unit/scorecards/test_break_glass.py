from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from tests.support.policies import measured, mistakes, policy

from vsm_gate.model.change import Labels, LabelSet, Membership
from vsm_gate.model.results import Baseline, Decision, Exemption, Reason, Verdict
from vsm_gate.scorecards import break_glass
from vsm_gate.scorecards.decide import judge, remarks
from vsm_gate.scorecards.policy import Policy

TODAY = date(2026, 11, 22)
SET = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
CARD = """
break_glass: {label: Break Glass, allowed: ["@Acme/SRE", acme/leads, kim], review_within: 3d}
objectives:
  tests: {metric: tests.failed, pass: "== 0", key: true}
  cover: {metric: coverage.patch, pass: ">= 80%", phase: warn}
  seen: {metric: coverage.patch, pass: ">= 90%", phase: observe}
"""
IN, OUT = Membership(member=True), Membership(member=False)


def judged(card: Policy, failed: int = 1) -> Decision:
    values = measured(tests__failed=failed, coverage__patch=10)
    return judge(card, values, Baseline(), today=TODAY)


def labelled(by: str, name: str = "break glass", reason: str = "") -> Labels:
    return Labels(standing=(LabelSet("docs", "eve"), LabelSet(name, by, SET, reason)))


def opened(
    labels: Labels,
    members: Mapping[str, Membership] | None = None,
    *,
    card: str = CARD,
    failed: int = 1,
) -> Decision:
    gate = policy(card)
    return break_glass.apply(judged(gate, failed), gate.break_glass, labels, members or {}, TODAY)


def test_a_member_of_an_allowed_team_lets_a_red_change_through() -> None:
    before = judged(policy(CARD))
    found = opened(labelled("sam", reason="the shop is down"), {"acme/sre": OUT, "acme/leads": IN})

    review_by = date(2026, 11, 23)
    assert found.break_glass == Exemption("break glass", "sam", SET, "the shop is down", review_by)
    assert (before.verdict, before.conclusion, before.exit_code) == ("fail", "fail", 10)
    assert (found.verdict, found.conclusion, found.exit_code) == ("fail", "warn", 0)
    assert (found.score, found.level, found.objectives) == (
        before.score,
        before.level,
        before.objectives,
    )
    lead, *others = found.reasons
    assert lead == Reason(
        None,
        Verdict.FAIL,
        Verdict.WARN,
        "let through by break-glass, and not passed: sam set `break glass` on 2026-11-20 "
        "(the shop is down); to be reviewed by 2026-11-23",
    )
    assert [each.text for each in others] == [each.text for each in before.reasons]
    softer = {"tests": "warn", "cover": "warn", "seen": "pass", None: "warn"}
    assert [each.acts_as for each in others] == [softer[each.objective] for each in others]
    assert {each.objective for each in others} == set(softer)


@pytest.mark.parametrize("login", ["kim", "KIM", "@kim"])
def test_a_login_that_is_named_needs_no_team(login: str) -> None:
    assert opened(labelled(login)).break_glass is not None


def test_without_a_reason_and_a_time_both_are_said_to_be_unknown() -> None:
    found = opened(Labels(standing=(LabelSet("Break Glass", "kim"),)))

    assert found.break_glass == Exemption("Break Glass", "kim", None, "", date(2026, 11, 25))
    assert found.reasons[0].text == (
        "let through by break-glass, and not passed: kim set `Break Glass` on 2026-11-22 (no "
        "reason was given; a line `Break-glass: …` of the description says one); to be reviewed "
        "by 2026-11-25"
    )


@pytest.mark.parametrize(
    ("labels", "teams", "says"),
    [
        (
            labelled("sam"),
            {"acme/sre": OUT, "acme/leads": OUT},
            (
                "label `break glass` does not act: sam, who set it, is none of @Acme/SRE, "
                "acme/leads, kim"
            ),
        ),
        (
            labelled("sam"),
            {"acme/sre": OUT, "acme/leads": Membership(missing="the token may not read teams")},
            (
                "label `break glass` does not act: whether sam may set it cannot be told "
                "(acme/leads: the token may not read teams)"
            ),
        ),
        (
            labelled("sam"),
            {"acme/sre": OUT},
            (
                "label `break glass` does not act: whether sam may set it cannot be told "
                "(acme/leads: the forge was not asked)"
            ),
        ),
        (
            labelled("sam"),
            {},
            (
                "label `break glass` does not act: whether sam may set it cannot be told "
                "(acme/sre: the forge was not asked; acme/leads: the forge was not asked)"
            ),
        ),
        (
            labelled(""),
            {"acme/sre": IN, "acme/leads": IN},
            "label `break glass` does not act: the forge does not tell who set it",
        ),
        (
            Labels(missing="the token may not read pull requests"),
            {"acme/sre": IN, "acme/leads": IN},
            (
                "whether it is labelled `Break Glass` cannot be told: the token may not read pull "
                "requests"
            ),
        ),
    ],
)
def test_a_label_that_does_not_act_is_told_why(
    labels: Labels, teams: dict[str, Membership], says: str
) -> None:
    before, found = judged(policy(CARD)), opened(labels, teams)

    assert (found.conclusion, found.exit_code, found.break_glass) == ("fail", 10, None)
    assert found.reasons[:-1] == before.reasons
    said = Reason(None, Verdict.PASS, Verdict.PASS, f"break-glass: {says}")
    assert found.reasons[-1] == said
    assert remarks(found) == (f"break-glass: {says}",)


@pytest.mark.parametrize(
    ("labels", "card", "failed"),
    [
        (labelled("kim", name="other"), CARD, 1),
        (Labels(standing=()), CARD, 1),
        (labelled("kim"), CARD, 0),
        (Labels(), CARD, 0),
        (labelled("kim"), CARD.replace("break_glass:", "#"), 1),
        (Labels(), CARD.replace("break_glass:", "#"), 1),
    ],
)
def test_where_nobody_asks_or_nothing_blocks_nothing_changes(
    labels: Labels, card: str, failed: int
) -> None:
    found = opened(labels, {"acme/sre": IN}, card=card, failed=failed)

    assert found == judged(policy(card), failed)


def test_what_is_asked_of_the_forge() -> None:
    gate = policy(CARD)
    rule = gate.break_glass
    assert rule is not None
    assert break_glass.teams(rule) == ("acme/sre", "acme/leads")
    asked = break_glass.asked(judged(gate), rule, labelled("sam"))
    assert asked == LabelSet("break glass", "sam", SET)
    assert break_glass.asked(judged(gate, failed=0), rule, labelled("sam")) is None
    assert break_glass.asked(judged(gate), None, labelled("sam")) is None
    assert break_glass.asked(judged(gate), rule, Labels()) is None


@pytest.mark.parametrize(
    ("rule", "column", "says"),
    [
        ("{label: x}", 1, "`allowed` is missing"),
        ("{allowed: x}", 1, "`label` is missing"),
        ("{label: x, allowed: []}", 24, "`allowed`: list should have at least 1 item"),
        ("{label: x, allowed: y, review_within: 7}", 36, "`review_within`: must be days"),
        ("{label: x, allowed: y, review_within: 0d}", 36, "`review_within`: must be days"),
        ("{label: x, allowed: y, review_within: 2w}", 36, "`review_within`: must be days"),
        ("{label: x, alowed: y}", 24, "unknown key `alowed`"),
    ],
)
def test_a_bad_rule_is_a_mistake(rule: str, column: int, says: str) -> None:
    found = mistakes(
        f"break_glass: {rule}\nobjectives: {{a: {{metric: tests.failed, pass: '== 0'}}}}"
    )
    assert any(each.message.startswith(says) and each.line == 2 for each in found), found
