"""The scorecards that ship, each on data of its kind."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support.policies import baseline, measured

from vsm_gate.errors import ConfigurationError
from vsm_gate.model.results import Baseline, Decision, Measurement, Status
from vsm_gate.scorecards.decide import judge
from vsm_gate.scorecards.load import Policy, Source, load

ROOT = Path(__file__).parents[3] / "scorecards"
TODAY = date(2026, 11, 22)


def shipped(name: str) -> Policy:
    def read(reference: str) -> Source:
        name = reference.removeprefix("vsm-gate:").removesuffix(".yaml")
        return Source(reference, (ROOT / f"{name}.yaml").read_text("utf-8"))

    return load(read(name), lambda reference, source: read(reference))


def decision(
    name: str,
    values: dict[str, Measurement],
    base: Baseline | None = None,
    facts: dict[str, object] | None = None,
) -> Decision:
    return judge(shipped(name), values, base or Baseline(), today=TODAY, facts=facts)


def status(found: Decision, objective: str) -> Status:
    (result,) = (each for each in found.objectives if each.id == objective)
    return result.status


@dataclass(frozen=True)
class Quality:
    """What is common to all ways of working: failures, flaky tests, coverage in %."""

    failed: int
    flaky: int
    patch: int
    line: str

    def values(self) -> dict[str, Measurement]:
        return {
            **measured(
                tests__failed=self.failed,
                tests__flaky=self.flaky,
                tests__skipped=3,
                coverage__line=Fraction(self.line),
                coverage__unmapped=0,
            ),
            "coverage.patch": Measurement("coverage.patch", Fraction(self.patch), denominator=200),
        }


GOOD = Quality(0, 0, 88, "84.1")
MIDDLING = Quality(0, 2, 71, "82.9")
POOR = Quality(3, 5, 45, "80.5")


def continuous(common: Quality) -> Decision:
    """Deploys every merge: small changes, a suite of minutes."""
    values = {
        **common.values(),
        **measured(tests__duration=240, change__files=6, impact__blast_radius=20),
    }
    base = baseline(coverage__line=84, tests__duration=235, tests__skipped=3)
    return decision("continuous-delivery", values, base)


def train(common: Quality) -> Decision:
    """A release every few weeks: large changes, a suite of an hour."""
    values = {
        **common.values(),
        **measured(tests__duration=3900, change__files=310, impact__blast_radius=90),
    }
    base = baseline(coverage__line=84, tests__duration=3800, tests__skipped=3)
    return decision("release-train", values, base)


def staged(common: Quality) -> Decision:
    """Stages, the last by hand: days of testing, and cases without a time."""
    values = {
        **common.values(),
        **measured(tests__duration=None, tests__automation_rate=61, change__files=480),
    }
    base = baseline(coverage__line=84, tests__automation_rate=60)
    return decision("staged", values, base)


WAYS = [continuous, train, staged]


@pytest.mark.parametrize("common", [GOOD, MIDDLING, POOR])
def test_unlike_teams_of_the_same_quality_score_alike(common: Quality) -> None:
    scores = [way(common).score for way in WAYS]
    known = [score for score in scores if score is not None]
    assert len(known) == len(WAYS)
    assert max(known) - min(known) <= 3


@pytest.mark.parametrize("way", WAYS)
def test_a_better_team_scores_better_whatever_its_way(way: Callable[[Quality], Decision]) -> None:
    good, middling, poor = (way(common) for common in (GOOD, MIDDLING, POOR))
    assert good.score is not None
    assert middling.score is not None
    assert poor.score is not None
    assert good.score > middling.score + 5
    assert middling.score > poor.score + 5
    assert (good.verdict, middling.verdict, poor.verdict) == ("pass", "warn", "fail")
    assert good.level == "gold"
    assert poor.exit_code == 10


def test_the_first_day() -> None:
    first = decision("baseline", measured(tests__failed=0, tests__flaky=0, tests__duration=8))
    assert (first.conclusion, first.exit_code, first.level) == ("warn", 0, "bronze")
    assert status(first, "patch-coverage") is Status.MISSING
    assert status(first, "suite-time") is Status.PASS
    red = decision("baseline", measured(tests__failed=1))
    assert red.exit_code == 10
    silent = decision("baseline", {})
    assert silent.exit_code == 11
    low = decision("baseline", measured(tests__failed=0, coverage__patch=5, coverage__line=5))
    assert (low.verdict, low.conclusion) == ("fail", "warn")


def test_continuous_delivery_sees_what_a_change_reaches() -> None:
    values = {
        **GOOD.values(),
        **measured(tests__duration=1500, change__files=90, impact__blast_radius=85),
    }
    found = decision("continuous-delivery", values, baseline(coverage__line=84))
    assert status(found, "suite-time") is Status.FAIL
    assert status(found, "small-changes") is Status.FAIL
    assert status(found, "blast-radius") is Status.FAIL
    assert found.exit_code == 0


def test_a_release_train_counts_what_was_switched_off() -> None:
    values = {**GOOD.values(), **measured(tests__duration=3900, tests__skipped=9)}
    found = decision("release-train", values, baseline(coverage__line=84, tests__skipped=3))
    assert status(found, "nothing-switched-off") is Status.WARN


def test_a_staged_team_without_coverage_is_judged_by_its_tests() -> None:
    values = measured(
        tests__failed=0, tests__flaky=0, tests__automation_rate=20, coverage__patch=None
    )
    found = decision("staged", values, baseline(tests__automation_rate=20))
    assert (found.verdict, found.exit_code) == ("pass", 0)
    assert shipped("staged").stages == {"SIT": "system", "UAT": "acceptance"}
    failed = {**values, **measured(tests__failed=1)}
    assert decision("staged", failed).exit_code == 10


def test_a_library_counts_branches_and_its_own_tests() -> None:
    values = {
        **Quality(0, 0, 92, "84.1").values(),
        **measured(tests__duration=30, change__test_ratio=0),
        "coverage.patch_branch": Measurement("coverage.patch_branch", Fraction(50), denominator=8),
    }
    found = decision("library", values, baseline(coverage__line=84))
    assert status(found, "patch-branches") is Status.FAIL
    assert status(found, "tests-in-the-change") is Status.FAIL
    assert found.exit_code == 0
    assert decision("library", {**values, **MIDDLING.values()}).exit_code == 10


def test_a_regulated_team_needs_every_evidence() -> None:
    base = baseline(coverage__line=84)
    ordinary: dict[str, object] = {"sensitive": ()}
    values = {**GOOD.values(), **measured(tests__duration=30)}
    without = decision("regulated", values, base, ordinary)
    assert (without.verdict, without.exit_code) == ("inconclusive", 11)
    approved = {**values, **measured(change__approvals=1, change__self_merge=0)}
    found = decision("regulated", approved, base, ordinary)
    assert (found.verdict, found.exit_code) == ("pass", 0)
    assert status(found, "four-eyes-where-it-is-sensitive") is Status.NOT_APPLICABLE
    sensitive = decision("regulated", approved, base, {"sensitive": ("migrations",)})
    assert sensitive.exit_code == 10
    alone = {**approved, **measured(change__self_merge=1)}
    assert decision("regulated", alone, base, ordinary).exit_code == 10


def test_a_regulated_team_cannot_loosen_what_it_was_given() -> None:
    own = Source(
        "team.yaml",
        "schema: vsm-gate/scorecard/v1\nextends: vsm-gate:regulated\n"
        "max_waiver_days: 31\nscore: {pass: 80}\n"
        "objectives:\n  four-eyes: {disabled: true}\n  tests-green: {phase: warn}\n",
    )
    with pytest.raises(ConfigurationError, match="4 mistakes"):
        load(own, lambda reference, source: shipped_source(reference))


def shipped_source(reference: str) -> Source:
    name = reference.removeprefix("vsm-gate:")
    return Source(reference, (ROOT / f"{name}.yaml").read_text("utf-8"))


WAIVER = """schema: vsm-gate/scorecard/v1
extends: vsm-gate:regulated
waivers:
  - {id: W-1, objective: OBJECTIVE, owner: a, approved_by: b, reason: r, created: 2026-11-01,
     expires: 2026-11-30}
"""


@pytest.mark.parametrize(
    ("objective", "waivable"),
    [("patch-coverage", True), ("tests-green", False), ("four-eyes", False)],
)
def test_a_regulated_team_waives_only_what_it_may(objective: str, waivable: bool) -> None:
    own = Source("team.yaml", WAIVER.replace("OBJECTIVE", objective))
    if waivable:
        assert load(own, lambda reference, source: shipped_source(reference)).waivers
        return
    with pytest.raises(ConfigurationError) as caught:
        load(own, lambda reference, source: shipped_source(reference))
    (mistake,) = caught.value.mistakes
    assert "not waivable" in mistake.message


def test_what_ships_is_what_is_there_for_others() -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert included == {
        f"scorecards/{path.name}": f"vsm_gate/scorecards/shipped/{path.name}"
        for path in ROOT.glob("*.yaml")
    }
