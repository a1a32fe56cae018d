from __future__ import annotations

from datetime import date

import pytest
from tests.support.policies import mistakes, policy

from vsm_gate.scorecards.campaigns import Observation, progress
from vsm_gate.scorecards.policy import Campaign

TODAY = date(2026, 11, 22)
COVER = Campaign(id="c", by=date(2026, 12, 1), objective="cover")
GOLD = Campaign(id="g", by=date(2026, 11, 1), level="silver", peer_groups=("backend",))


def seen(
    team: str, status: str | None = None, waiver: str | None = None, level: str | None = None
) -> Observation:
    objectives = {} if status is None else {"cover": {"status": status, "waiver": waiver}}
    return Observation(f"record of {team}", team, "backend", level, objectives)


@pytest.mark.parametrize(
    ("status", "waiver", "reached", "detail"),
    [
        ("pass", None, True, "pass"),
        ("warn", None, False, "warn"),
        ("missing", None, False, "missing"),
        ("no_baseline", None, False, "no_baseline"),
        ("pass", "W-1", False, "pass, waived"),
        ("not_applicable", None, None, "not applicable yet"),
        (None, None, False, "not in its scorecard"),
    ],
)
def test_when_a_team_has_reached_an_objective(
    status: str | None, waiver: str | None, reached: bool | None, detail: str
) -> None:
    (team,) = progress(COVER, [seen("a", status, waiver)], TODAY).teams
    assert (team.reached, team.detail, team.record) == (reached, detail, "record of a")


def test_the_newest_word_on_each_team_counts() -> None:
    newest = [
        seen("b", "fail"),
        seen("a", "not_applicable"),
        seen("a", "not_applicable"),
        seen("b", "pass"),
        seen("a", "pass"),
        seen("a", "fail"),
        seen("c", "not_applicable"),
    ]
    found = progress(COVER, newest, TODAY)
    assert [(team.team, team.reached) for team in found.teams] == [
        ("a", True),
        ("b", False),
        ("c", None),
    ]
    assert (found.reached, found.days_left) == (1, 9)


def test_a_level_and_those_above_it_count_for_the_peer_group() -> None:
    other = Observation("r", "other", "frontend", "gold", {})
    unknown = Observation("r", "unknown", None, "gold", {})
    newest = [seen("a", level="gold"), seen("b", level="silver"), seen("c", level="bronze")]
    found = progress(GOLD, [*newest, seen("d"), seen("e", level="platinum"), other, unknown], TODAY)
    assert [team.reached for team in found.teams] == [True, True, False, False, False]
    assert found.teams[3].detail == "no level"
    assert found.days_left == -21


def test_what_a_record_says_wrongly_is_not_believed() -> None:
    for said in ("pass", {}, {"status": None}):
        observed = Observation("r", "a", None, None, {"cover": said})
        (team,) = progress(COVER, [observed], TODAY).teams
        assert team.reached is False


GREEN = 'objectives:\n  green: {metric: tests.failed, pass: "== 0"}\n'


@pytest.mark.parametrize(
    ("rule", "where", "message"),
    [
        ("{by: 2027-01-01}", "4:13", "campaign `c` is for an `objective` or for a `level`"),
        (
            "{objective: green, level: gold, by: 2027-01-01}",
            "4:13",
            "campaign `c` is for an `objective` or for a `level`",
        ),
        ("{objective: gren, by: 2027-01-01}", "4:17", "which is no objective"),
        ("{objective: green, by: spring}", "4:35", "must be a date"),
        ("{objective: green}", "4:13", "`by` is missing"),
    ],
)
def test_a_campaign_that_is_none(rule: str, where: str, message: str) -> None:
    (only,) = mistakes(f"{GREEN}campaigns: {{c: {rule}}}\n")
    assert (only.where, message in only.message) == (f"team.yaml:{where}", True), only


def test_campaigns_are_inherited_and_replaced_by_name() -> None:
    org = (
        f"{GREEN}campaigns:\n  a: {{objective: green, by: 2027-01-01}}\n"
        "  b: {level: gold, by: 2027-01-01}\n"
    )
    text = "extends: org.yaml\ncampaigns:\n  a: {objective: green, by: 2026-12-01}\n"
    first, second = policy(text, **{"org.yaml": org}).campaigns
    assert (first.id, first.by, str(first.source)) == ("a", date(2026, 12, 1), "team.yaml:4")
    assert (second.id, second.level, str(second.source)) == ("b", "gold", "org.yaml:6")
    (only,) = mistakes("extends: gone.yaml\ncampaigns: {c: {objective: x, by: 2027-01-01}}\n")
    assert "there is no gone.yaml" in only.message
