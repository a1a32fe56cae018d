"""`vsm-gate scorecard backtest`, on a real history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support import records
from tests.support.cli import Done, run
from tests.support.policies import HEADER
from tests.support.repository import Repository
from tests.support.schemas import validate

from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import Record

NOW = "2026-11-22T12:00:00Z"
CARD = f"""{HEADER}team: payments
score: {{pass: 0, warn: 0, min_evidence: 0%}}
objectives:
  cover: {{metric: coverage.patch, pass: ">= COVER%", key: true}}
"""


class Project:
    """A repository whose committed policy asks for half of a patch to be covered."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder)
        self.write("card.yaml", CARD.replace("COVER", "50"))
        self.write(".vsm-gate.yaml", "schema: vsm-gate/config/v1\nscorecard: card.yaml\n")
        self.repository.commit("Policy", ignored=False)

    def write(self, name: str, text: str) -> None:
        self.repository.write(name, text)

    def record(self, documents: Iterable[dict[str, Any]]) -> list[str]:
        """Append records; their ids."""
        made = [Record.of(document) for document in documents]
        path, environment = self.repository.path, self.repository.environment
        now = datetime.fromisoformat(NOW).astimezone(UTC)
        Ledger.open(path, environment=environment, now=now).append(made)
        return [each.id for each in made]

    def backtest(self, *arguments: str) -> Done:
        return run(
            *("scorecard", "backtest", "--now", NOW, *arguments),
            folder=self.repository.path,
            environment=self.repository.environment,
        )


def check(day: int, cover: int, **more: Any) -> dict[str, Any]:
    """The check of a commit on main."""
    measured = {"coverage.patch": {"value": cover, "unit": "%"}}
    time = f"2026-11-{day:02}T10:00:00Z"
    return records.check(time, measurements=measured, objectives={}, **more)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "work")


def test_a_stricter_policy_on_a_real_history(project: Project) -> None:
    checks = [check(day, cover) for day, cover in ((1, 40), (2, 60), (3, 70), (4, 95), (5, 85))]
    others = [check(6, 10, team="search", repository="acme/search"), check(7, 10, verdict="fail")]
    deployments = [
        records.event(
            "deployment",
            (time := each["time"].replace("T10", "T11")),
            event={
                "id": f"d{index}",
                "commit": each["change"]["tested"],
                "status": "failure" if index in {0, 1, 3} else "success",
                "environment": "production",
                "started": time,
                "finished": time,
                "caused_by": None,
            },
        )
        for index, each in enumerate(checks)
    ]
    project.record([*checks, *others, *deployments])
    # The edit under test is in the file itself; what is committed is today's policy.
    project.write("card.yaml", CARD.replace("COVER", "80"))
    found = project.backtest("card.yaml", "--format", "json").json()
    validate("backtest-v1", found)
    assert (found["team"], found["runs"], found["changes"]) == ("payments", 6, 6)
    candidate, current, then = (
        found["opinions"][name] for name in ("candidate", "current", "recorded")
    )
    assert (candidate["blocked"], current["blocked"], then["blocked"]) == (4, 2, 1)
    assert (found["newly_blocked"], found["no_longer_blocked"]) == (2, 0)
    # Blocked and deployed: 40, 60, 70, of which 40 and 60 failed; 95 failed as well.
    assert candidate["blocks"] == {
        "deployed": 5,
        "failed": 3,
        "told": 3,
        "both": 2,
        "precision": pytest.approx(200 / 3),
        "recall": pytest.approx(200 / 3),
    }
    assert (current["blocks"]["precision"], current["blocks"]["recall"]) == (100, 100 / 3)
    assert found["objectives"]["cover"]["blocked"] == 4
    text = project.backtest("card.yaml")
    assert text.exit_code == 0
    assert text.stdout.startswith("card.yaml against card.yaml at ")
    assert "candidate             4 (66.6 %)        0        2" in text.stdout


def test_which_records_and_which_day(project: Project) -> None:
    card = CARD.replace("COVER", "80").replace("key: true", "key: true, enforce_from: 2027-02-01")
    project.write("next.yaml", card)
    project.record([check(1, 40), check(18, 60), check(20, 90), check(21, 10, team="search")])

    def blocked(*arguments: str) -> tuple[int, int]:
        found = project.backtest("next.yaml", "--format", "json", *arguments).json()
        return found["runs"], found["opinions"]["candidate"]["blocked"]

    assert blocked() == (3, 0)
    assert blocked("--as-of", "2027-02-01T00:00:00Z") == (3, 2)
    assert blocked("--as-of", "2027-02-01T00:00:00Z", "--since", "1w") == (2, 1)
    assert blocked("--since", "2026-11-19T00:00:00Z") == (1, 0)
    assert blocked("--team", "search", "--as-of", "2027-02-01T00:00:00Z") == (1, 1)


def test_baselines_come_from_before_the_period_or_are_pinned(project: Project) -> None:
    keep = CARD.replace('">= COVER%"', '">= baseline"')
    project.write("keep.yaml", keep)
    ids = project.record([check(1, 30), check(2, 70), check(3, 70), check(20, 50)])

    def blocked() -> int:
        done = project.backtest("keep.yaml", "--since", "7d", "--format", "json")
        found: int = done.json()["opinions"]["candidate"]["blocked"]
        return found

    assert blocked() == 1
    project.write("keep.yaml", f"{keep}baseline: {{pinned: '{ids[0]}'}}\n")
    assert blocked() == 0
    project.write("keep.yaml", f"{keep}baseline: {{pinned: '{'0' * 64}'}}\n")
    assert blocked() == 1


def test_mistakes_are_told(project: Project) -> None:
    none = project.backtest("none.yaml")
    assert none.exit_code == 2
    assert "none.yaml" in none.stderr
    odd = project.backtest("card.yaml", "--since", "90x")
    assert odd.exit_code == 2
    assert "ISO 8601" in odd.stderr
    assert "such as 90d" in odd.stderr
    late = project.backtest("card.yaml", "--since", "2027-01-01T00:00:00Z")
    assert late.exit_code == 2
    assert "not before now" in late.stderr


def test_an_empty_history_has_nothing_to_replay(project: Project) -> None:
    done = project.backtest("card.yaml", "--against", "vsm-gate:baseline")
    assert done.exit_code == 0
    assert "against vsm-gate:baseline" in done.stdout
    assert "nothing to replay" in done.stdout
    assert done.stderr.endswith("vsm-gate: there is no branch `vsm-history` yet: no records\n")


def test_suggested_thresholds_are_of_the_history(project: Project) -> None:
    covers = [50 + 2 * number for number in range(20)]
    project.record(
        [
            *(check(1 + number, cover) for number, cover in enumerate(covers)),
            *(check(1 + number, 1, team="search") for number in range(20)),
        ]
    )

    def suggest(*arguments: str) -> Done:
        return run(
            *("scorecard", "suggest", "--now", NOW, *arguments),
            folder=project.repository.path,
            environment=project.repository.environment,
        )

    done = suggest("--metric", "coverage.patch", "--metric", "tests.failed", "--step", "10")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "objectives:",
        "  cover:  # of 20 changes, in the middle 69.0 %",
        "    metric: coverage.patch",
        '    pass: ">= 54%"  # 18 of 20 did',
        '    warn: ">= 52%"',
        "    enforce_from: 2026-12-02",
        '    # on 2026-12-12: pass: ">= 60%", warn: ">= 54%"  (15 of 20 did)',
        '    # on 2026-12-22: pass: ">= 70%", warn: ">= 60%"  (10 of 20 did)',
        "  # tests.failed: too little data: n=0, and 20 are needed",
    ]
    found = suggest("--format", "json").json()
    validate("suggest-v1", found)
    assert found["metrics"]["coverage.patch"]["steps"][0] == {
        "from": "2026-12-22",
        "pass": ">= 54%",
        "reached": 18,
    }
    short = suggest("--since", "5d", "--team", "search", "--format", "json").json()
    assert short["metrics"]["coverage.patch"]["missing"].startswith("too little data: n=")
    for metric, hint in [
        ("coverage.pach", "coverage.patch"),
        ("x", "`vsm-gate metrics` lists them"),
    ]:
        unknown = suggest("--metric", metric)
        assert unknown.exit_code == 2
        assert hint in unknown.stderr


def test_what_the_gate_cost_by_team(project: Project) -> None:
    blocked = {"verdict": "fail", "conclusion": "fail", "blocked": True}
    commit = {"change": {"tested": "c1", "pull_request": 7, "default_branch": False}}
    project.record(
        [
            check(1, 60, **commit, **blocked, cost={"seconds": 90}),
            check(2, 60, **commit),
            check(3, 60, team="search"),
        ]
    )

    def cost(*arguments: str) -> Done:
        return run(
            *("scorecard", "cost", "--now", NOW, *arguments),
            folder=project.repository.path,
            environment=project.repository.environment,
        )

    assert cost("--since", "30d").stdout.splitlines() == [
        "2026-10-23 to 2026-11-22:",
        "  the gate took 1 min 30 s in 1 of 3 runs: 1 min 30 s each",
        (
            "  1 commit blocked; 1 (100.0 %) passed later with no code change, after 24 h 00 min "
            "in all; 0 under a waiver; 0 by break-glass"
        ),
        "payments:",
        "  the gate took 1 min 30 s in 1 of 2 runs: 1 min 30 s each",
        (
            "  1 commit blocked; 1 (100.0 %) passed later with no code change, after 24 h 00 min "
            "in all; 0 under a waiver; 0 by break-glass"
        ),
        "search:",
        "  how long the gate took is not recorded in 1 run",
        (
            "  0 commits blocked; 0 passed later with no code change, after 0 ms in all; "
            "0 under a waiver; 0 by break-glass"
        ),
    ]
    found = cost("--format", "json", "--team", "search").json()
    validate("scorecard-cost-v1", found)
    assert (found["team"], list(found["teams"]), found["all"]["runs"]) == ("search", ["search"], 1)
    every = cost("--format", "json").json()
    validate("scorecard-cost-v1", every)
    assert every["teams"]["payments"]["unchanged"] == 1
