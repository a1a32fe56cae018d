"""The simulated organisation: its planted truths are found, and nothing else is claimed."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.cli import run
from tests.support.ledgers import bare_machine
from tests.support.pictures import at, warehouse_of
from tests.support.records import Document

from vsm_gate.analytics.discoveries import Discovery, discoveries
from vsm_gate.analytics.efficacy import Efficacy, efficacy
from vsm_gate.analytics.picture import Picture, draw
from vsm_gate.analytics.policy_changes import policy_changes
from vsm_gate.analytics.series import weekly
from vsm_gate.analytics.shifts import Shift, shifts
from vsm_gate.demo.organisation import simulate
from vsm_gate.demo.teams import PLAIN, PRACTICE_WEEK, TEAMS, TRUTHS, Team
from vsm_gate.history.record import Record
from vsm_gate.report import insight
from vsm_gate.report.insight import Prediction

END = at("2026-11-22T12:00")
SEEDS = (1, 2)


@dataclass(frozen=True)
class Seen:
    """What analytics makes of a simulated year."""

    picture: Picture
    found: tuple[Discovery, ...]
    shifts: Mapping[str, tuple[Shift, ...]]
    efficacy: Mapping[str | None, Efficacy]

    def stands_out(self) -> set[tuple[str, str]]:
        return {(each.kind, each.team) for each in self.found}


def look(seed: int, teams: tuple[Team, ...], weeks: int) -> Seen:
    made = simulate(seed, END, weeks, teams)
    warehouse = warehouse_of(made.documents)
    warehouse.set_deployed(made.deployed)
    picture = draw(warehouse, since=None, until=END, now=END)
    moved = shifts(weekly(picture), policy_changes(warehouse))
    return Seen(picture, discoveries(picture, moved), moved, efficacy(warehouse))


# By seed, the year of the organisation, or so many weeks of teams in which nothing was planted.
Look = Callable[..., Seen]


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Each history is simulated once: the workers of a run share what they saw on disk."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def kept(seed: int, teams: tuple[Team, ...] = TEAMS, weeks: int = 52) -> Seen:
        place = folder / f"seen-{seed}-{weeks}.pickle"
        with place.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                place.write_bytes(pickle.dumps(look(seed, teams, weeks)))
            found = pickle.loads(place.read_bytes())
        assert isinstance(found, Seen)
        return found

    return kept


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_stands_out_and_nothing_else(seed: int, seen: Look) -> None:
    assert seen(seed).stands_out() == {
        ("improved", "ledger"),
        ("flaky suite", "ios-app"),
        ("risky component", "identity"),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_where_nothing_was_planted_nothing_stands_out(seed: int, seen: Look) -> None:
    plain = seen(seed, PLAIN, 30)

    assert plain.stands_out() == set()
    assert not any(plain.shifts.values())
    assert not [
        (team, each.metric)
        for team, found in plain.efficacy.items()
        for each in found.separations
        if each.tells
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_practice_is_named_at_the_time_of_the_improvement(seed: int, seen: Look) -> None:
    (shift,) = (each for each in seen(seed).shifts["ledger"] if each.metric == "quality.score")

    weeks = [week.monday for week in seen(seed).picture.organisation.weeks]
    assert abs(weeks.index(shift.monday) - PRACTICE_WEEK) <= 1
    assert [(each.what, each.objective) for each in shift.coincides] == [
        ("enforced", "patch-coverage")
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_metrics_tell_failures_apart_only_where_the_gate_predicts(seed: int, seen: Look) -> None:
    tells = {
        team: {each.metric for each in found.separations if each.tells}
        for team, found in seen(seed).efficacy.items()
        if team is not None
    }

    assert {"quality.score", "coverage.patch"} <= tells.pop("payments")
    assert not any(tells.values()), tells


@pytest.mark.parametrize("seed", SEEDS)
def test_the_team_that_improved_is_found(seed: int, seen: Look) -> None:
    medians = {
        team: [week.median or 0 for week in scope.weeks]
        for team, scope in seen(seed).picture.teams.items()
    }

    gains = {
        team: sum(found[PRACTICE_WEEK + 1 :]) / len(found[PRACTICE_WEEK + 1 :])
        - sum(found[:PRACTICE_WEEK]) / PRACTICE_WEEK
        for team, found in medians.items()
    }
    assert gains.pop("ledger") > 10
    assert all(abs(gain) < 2 for gain in gains.values()), gains


@pytest.mark.parametrize("seed", SEEDS)
def test_the_flaky_suite_is_found(seed: int, seen: Look) -> None:
    rates = {
        team: scope.period.figures["governance.false_block_rate"].value or 0
        for team, scope in seen(seed).picture.teams.items()
    }

    assert rates.pop("ios-app") > 40
    assert all(rate == 0 for rate in rates.values()), rates


@pytest.mark.parametrize("seed", SEEDS)
def test_the_risky_component_is_found(seed: int, seen: Look) -> None:
    for team, scope in seen(seed).picture.teams.items():
        rates = {part.name: part.failed / part.deployments for part in scope.components}
        worst, least = max(rates.values()), min(rates.values())
        if team == "identity":
            assert rates["sessions"] == worst > 3 * least
        elif len(rates) > 1 and scope.methodology == "continuous":
            assert worst < 2 * least, (team, rates)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gate_that_predicts_is_told_from_those_that_do_not(seed: int, seen: Look) -> None:
    said = {
        team: insight.prediction([week.foresight for week in scope.weeks])
        for team, scope in seen(seed).picture.teams.items()
    }

    assert said.pop("payments") is Prediction.YES
    assert said["search"] is Prediction.NONE
    assert set(said.values()) <= {Prediction.NONE, Prediction.TOO_FEW}


def test_every_truth_is_about_a_team_that_there_is() -> None:
    assert {truth["team"] for truth in TRUTHS} <= {team.name for team in TEAMS}


def test_a_seed_always_makes_the_same_year_and_another_seed_another() -> None:
    def made(seed: int) -> list[Document]:
        return simulate(seed, END, weeks=1).documents

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_every_simulated_record_could_be_in_a_ledger() -> None:
    for document in simulate(1, END, weeks=5).documents:
        assert Record.of(document).kind == document["kind"]


def test_the_demo_writes_its_truths_beside_the_pages(tmp_path: Path) -> None:
    now = ("--now", "2026-11-22T12:00:00Z")
    arguments = ("demo", "--out", "site", "--weeks", "1", *now)

    done = run(*arguments, folder=tmp_path, environment=bare_machine(tmp_path))

    assert (done.exit_code, done.stdout) == (0, "site/index.html\n")
    truth = json.loads((tmp_path / "site" / "truth.json").read_text("utf-8"))
    assert truth["truths"] == list(TRUTHS)
    lines = (tmp_path / "site" / "records.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["team"] for line in lines} == {team.name for team in TEAMS}
