from __future__ import annotations

from datetime import date

import pytest
from tests.support.policies import mistakes, policy

from vsm_gate.scorecards.campaigns import Observation, Standing, TeamProgress, progress
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
    assert team == TeamProgress("a", Standing(reached, detail, "record of a"))


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
    assert [(team.team, team.standing.reached) for team in found.teams] == [
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
    assert [team.standing.reached for team in found.teams] == [True, True, False, False, False]
    assert found.teams[3].standing.detail == "no level"
    assert found.days_left == -21


def touching(team: str, status: str, components: tuple[str, ...], **tiers: str) -> Observation:
    objectives = {"cover": {"status": status, "waiver": None}}
    record = f"{status} of {' '.join(components)}"
    return Observation(record, team, "backend", None, objectives, components, tiers)


CRITICAL = Campaign(id="c", by=TODAY, objective="cover", tiers=("1",))


def test_a_campaign_for_a_tier_follows_each_component_of_it() -> None:
    newest = [
        touching("a", "pass", ("api", "docs"), api="1", docs="3"),
        touching("a", "fail", ("docs",), docs="3"),
        touching("a", "not_applicable", ("core",), core="1"),
        touching("a", "fail", ("api", "core"), api="1", core="1"),
        touching("b", "pass", ("web",), web="1"),
        touching("c", "fail", ("tools",), tools="2"),
        touching("c", "fail", ("bare",)),
        touching("d", "not_applicable", ("x",), x="1"),
        Observation("old", "e", "backend", None, {}, ("y",)),
    ]
    found = progress(CRITICAL, newest, TODAY)

    a, b, d = found.teams
    first, mixed = "pass of api docs", "fail of api core"
    assert a == TeamProgress(
        "a",
        Standing(False, "1 of 2 components", first),
        {"api": Standing(True, "pass", first), "core": Standing(False, "fail", mixed)},
    )
    web = Standing(True, "pass", "pass of web")
    assert b == TeamProgress("b", Standing(True, "1 of 1 component", web.record), {"web": web})
    assert (d.team, d.standing.reached, d.standing.detail) == ("d", None, "0 of 1 component")
    assert (found.reached, found.untold, found.unseen) == (1, 1, ())


def test_a_component_of_which_nothing_is_known_yet_holds_no_team_back() -> None:
    newest = [
        touching("a", "not_applicable", ("api",), api="1"),
        touching("a", "pass", ("core",), core="1"),
    ]
    (team,) = progress(CRITICAL, newest, TODAY).teams
    assert (team.standing.reached, team.standing.detail) == (True, "1 of 2 components")


def test_a_campaign_for_components_names_those_that_nobody_touched() -> None:
    campaign = Campaign(id="c", by=TODAY, objective="cover", components=("api", "core", "gone"))
    newest = [
        touching("a", "pass", ("api", "docs"), api="1"),
        Observation("r", "b", None, None, {}, ("core",)),
    ]
    found = progress(campaign, newest, TODAY)

    assert [sorted(team.components) for team in found.teams] == [["api"], ["core"]]
    assert (found.unseen, found.untold) == (("gone",), 0)

    both = Campaign(id="c", by=TODAY, objective="cover", components=("api",), tiers=("2",))
    neither = progress(both, newest, TODAY)
    assert (neither.teams, neither.unseen, neither.untold) == ((), ("api",), 1)


def test_what_the_record_of_a_check_tells() -> None:
    document = {
        "repository": "acme/shop",
        "team": "payments",
        "peer_group": "backend",
        "level": "gold",
        "change": {"default_branch": True},
        "objectives": {"cover": {"status": "pass"}},
        "impact": {"components": ["api"], "tiers": {"api": 1}},
    }
    assert Observation.of("r", document) == Observation(
        "r",
        "payments",
        "backend",
        "gold",
        {"cover": {"status": "pass"}},
        ("api",),
        {"api": "1"},
    )
    bare = {"repository": "acme/shop", "change": {"default_branch": True}}
    assert Observation.of("r", bare) == Observation("r", "acme/shop", None, None, {})
    assert Observation.of("r", {**document, "change": {}}) is None


def test_what_a_record_says_wrongly_is_not_believed() -> None:
    for said in ("pass", {}, {"status": None}):
        observed = Observation("r", "a", None, None, {"cover": said})
        (team,) = progress(COVER, [observed], TODAY).teams
        assert team.standing.reached is False


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
    limited = "{level: gold, by: 2027-01-01, tier: [1, 2], component: api, peer_group: [x]}"
    (third,) = policy(f"{GREEN}campaigns: {{c: {limited}}}\n").campaigns
    assert (third.tiers, third.components, third.peer_groups) == (("1", "2"), ("api",), ("x",))
    (only,) = mistakes("extends: gone.yaml\ncampaigns: {c: {objective: x, by: 2027-01-01}}\n")
    assert "there is no gone.yaml" in only.message
