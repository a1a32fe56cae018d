"""Scorecards: all mistakes of a bad one; a backtest over years of checks with planted failures."""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.support.policies import policy

from bench.measure import PYTHON, Row, Sample, measure
from vsm_gate.scorecards.backtest import CANDIDATE, Backtest, backtest
from vsm_gate.scorecards.outcomes import Commit
from vsm_gate.scorecards.replay import Replay

COUNT: Final = 100_000
_TEAMS: Final = 40
_DAY: Final = date(2027, 1, 1)
_BEGAN: Final = datetime(2024, 1, 1, tzinfo=UTC)
_TODAY: Final = """
extends: vsm-gate:continuous-delivery
objectives:
  patch-coverage: {pass: ">= 50%", warn: ">= 30%"}
"""
_CANDIDATE: Final = """
extends: vsm-gate:continuous-delivery
objectives:
  patch-coverage: {pass: ">= 80%", warn: ">= 60%"}
  loss: {metric: coverage.line, pass: ">= baseline - 0.5%", warn: ">= baseline - 2%"}
  size: {metric: change.files, pass: "<= 30", warn: "<= 60", applies_when: {risk: high}}
"""
_BAD: Final = """\
schema: vsm-gate/scorecard/v1
baseline: {window: 0}
objectives:
  a: {metric: coverage.ptch, pass: ">= 80%"}
  b: {metric: coverage.patch, pass: ">= 80"}
  c: {metric: tests.failed, pas: "== 0"}
  d: {metric: coverage.line, pass: ">= 60%", warn: ">= 80%"}
  e: {metric: coverage.line, pass: "> baselin"}
  f: {metric: coverage.line, pass: ">= 1%", enforce_from: soon}
  g: {metric: coverage.line, pass: ">= 1%", phase: enforced}
waivers:
  - {id: W, objective: h, owner: a, approved_by: a, reason: r, created: 2026-01-01,
     expires: 2026-02-01}
"""
# Of the changes below the candidate's bar this many in a hundred fail, of the others this many.
_FAIL_BELOW: Final = 25
_FAIL_ABOVE: Final = 2


def rows(folder: Path) -> Iterator[Row]:
    """Lint, and a backtest."""
    yield _lint(folder)
    yield _backtest()


def _lint(folder: Path) -> Row:
    (folder / "bad.yaml").write_text(_BAD, "utf-8")
    command = [PYTHON, "-m", "vsm_gate", "scorecard", "lint", "bad.yaml"]
    ours = measure(command, folder=folder, runs=9, accept=frozenset({2}))
    bare = measure([PYTHON, "-c", "pass"], runs=9)
    met = ours.seconds <= 0.2
    return Row(
        "lint of a scorecard with ten mistakes", ours, "python -c pass", bare, "≤ 0.2 s", met
    )


def _backtest() -> Row:
    """Reading and replaying records against reading them alone, which no replay does without."""
    lines, outcomes = _history()
    started = time.perf_counter()
    for line in lines:
        json.loads(line)
    floor = Sample(time.perf_counter() - started, _memory())
    shipped = {
        f"vsm-gate:{name}": Path(f"scorecards/{name}.yaml").read_text("utf-8")
        for name in ("continuous-delivery", "baseline")
    }
    cards = [policy(text, **shipped) for text in (_CANDIDATE, _TODAY)]
    started = time.perf_counter()
    found = backtest(
        ((f"r{number}", json.loads(line)) for number, line in enumerate(lines)),
        candidate=Replay(cards[0], _DAY),
        current=Replay(cards[1], _DAY),
        outcomes=outcomes,
    )
    took = Sample(time.perf_counter() - started, _memory())
    planted = _planted(found, lines, outcomes)
    work = f"backtest of two policies over {COUNT:,} checks{'' if planted else ', WRONG'}"
    met = planted and took.seconds <= 5
    return Row(work, took, "json.loads of each record", floor, "≤ 5 s, planted recall", met)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _planted(found: Backtest, lines: list[str], outcomes: dict[Commit, bool]) -> bool:
    """Whether what it says of failures is what was planted, counted the plain way."""
    told = {
        (document["repository"], document["change"]["tested"])
        for document in map(json.loads, lines)
        if document["measurements"]["coverage.patch"]["value"] < 60
    }
    failed = {commit for commit, bad in outcomes.items() if bad}
    blocks = found.opinions[CANDIDATE].blocks
    return (blocks.told, blocks.failed, blocks.both) == (
        len(told),
        len(failed),
        len(told & failed),
    )


def _history() -> tuple[list[str], dict[Commit, bool]]:
    """Checks as they are recorded, one a commit, and what became of each in production."""
    dice = random.Random(11)
    lines, outcomes = [], {}
    covered = [40_000] * _TEAMS
    for number in range(COUNT):
        covered[number % _TEAMS] += dice.randrange(-60, 61)
        document = _check(number, covered[number % _TEAMS], dice)
        lines.append(json.dumps(document))
        below = document["measurements"]["coverage.patch"]["value"] < 60
        commit = document["repository"], document["change"]["tested"]
        outcomes[commit] = dice.randrange(100) < (_FAIL_BELOW if below else _FAIL_ABOVE)
    return lines, outcomes


def _check(number: int, lines: int, dice: random.Random) -> dict[str, Any]:
    """A team's check, of the size that a record has; `lines` of its code are covered."""
    team, when = number % _TEAMS, _BEGAN + timedelta(minutes=15 * number)
    covered, coverable = dice.randrange(40, 101), 100
    measurements = {
        "tests.total": {"value": 1200, "unit": "count"},
        "tests.failed": {"value": 0, "unit": "count"},
        "tests.new_failures": {"value": 0, "unit": "count"},
        "tests.flaky": {"value": dice.randrange(3), "unit": "count"},
        "tests.duration": {"value": round(dice.gauss(300, 20), 1), "unit": "s"},
        "tests.skipped_rate": _rate(dice.randrange(30), 1200),
        "coverage.line": _rate(lines, 50_000),
        "coverage.patch": _rate(covered, coverable),
        "coverage.lost_lines": {"value": dice.randrange(4), "unit": "count"},
        "change.files": {"value": dice.randrange(1, 50), "unit": "count"},
        "change.lines_added": {"value": dice.randrange(1, 700), "unit": "count"},
        **{f"quality.other{part}": _rate(13, 16) for part in range(15)},
    }
    return {
        "schema": "vsm-gate/record/v1",
        "kind": "check",
        "time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "repository": f"acme/service-{team}",
        "team": f"team-{team}",
        "change": {
            "head": f"{number:040x}",
            "tested": f"{number:040x}",
            "branch": "main",
            "default_branch": True,
            "event": "push",
            "pull_request": None,
            "attempt": 1,
            "job": "test",
        },
        "impact": {
            "components": [f"part-{team}"],
            "tier": 1 + team % 3,
            "risk": {"level": dice.choice(["low", "medium", "high"])},
            "sensitive": {},
        },
        "measurements": measurements,
        "objectives": {},
        "verdict": "pass",
        "conclusion": "pass",
        "blocked": False,
        "waivers": [],
        "problems": [],
    }


def _rate(numerator: int, denominator: int) -> dict[str, Any]:
    value = 100 * numerator / denominator
    return {"value": value, "numerator": numerator, "denominator": denominator, "unit": "%"}
