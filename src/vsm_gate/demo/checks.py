"""What a simulated check finds: measurements, objectives and the verdict that follows."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any, Final

_SUITE: Final = 1200
_CODE: Final = 40_000


@dataclass(frozen=True, slots=True)
class Rule:
    """An objective as a scorecard has it."""

    metric: str
    passes: str
    warns: str | None
    weight: int
    phase: str
    key: bool = False


_GREEN: Final = Rule("tests.failed", "== 0", None, 3, "enforce", key=True)
_PATCH: Final = Rule("coverage.patch", ">= 85%", ">= 65%", 3, "warn")
_NO_LOSS: Final = Rule("coverage.line", ">= baseline", ">= baseline - 0.5%", 1, "warn")
_TIME: Final = Rule("tests.duration", "<= 500s", "<= 600s", 1, "warn")


def facts(
    *, lines: int, covered: float, enforced: bool, failing: bool, flaky: bool, dice: random.Random
) -> dict[str, Any]:
    """The part of a check record that says how the change was judged."""
    failed = dice.randint(1, 4) if failing else 0
    patch = _rate(round(lines * covered), lines)
    line = _rate(round(_CODE * (0.72 + 0.12 * covered)), _CODE)
    duration = dice.gauss(440, 70)
    drift = dice.gauss(0.1 * (covered - 0.5), 0.15)
    on_patch = replace(_PATCH, phase="enforce", key=True) if enforced else _PATCH
    objectives = {
        "tests-green": _objective(_GREEN, failed, 0 if failed else 100),
        "patch-coverage": _objective(on_patch, patch["value"], _score(patch["value"], 85, 65)),
        "no-coverage-loss": _objective(_NO_LOSS, line["value"], _score(drift, 0, -0.5)),
        "suite-time": _objective(_TIME, duration, _score(-duration, -500, -600)),
    }
    return {
        "measurements": {
            "tests.total": {"value": _SUITE, "unit": "count"},
            "tests.failed": {"value": failed, "unit": "count"},
            "tests.pass_rate": _rate(_SUITE - failed, _SUITE),
            "tests.flaky": {"value": dice.randint(0, 3) if flaky else 0, "unit": "count"},
            "tests.duration": {"value": round(duration, 1), "unit": "s"},
            "coverage.patch": patch,
            "coverage.line": line,
            "coverage.branch": {"missing": "the reports carry no branches"},
        },
        **_judged(objectives),
        "evidence": [_report(failed)],
        "policy": {
            "source": "scorecards/team.yaml",
            "sha256": ("1" if enforced else "0") * 64,
        },
        "cost": {"seconds": round(dice.uniform(0.8, 2.4), 2)},
    }


def _judged(objectives: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The objectives, and the score and the verdict that follow from them."""
    weight = sum(item["weight"] for item in objectives.values())
    score = sum(item["score"] * item["weight"] for item in objectives.values()) / weight
    vetoed = any(item["key"] and item["status"] == "fail" for item in objectives.values())
    verdict = "fail" if vetoed else "pass" if score >= 90 else "warn" if score >= 70 else "fail"
    return {
        "objectives": objectives,
        "score": score,
        "level": "silver" if score >= 90 else "bronze",
        "evidence_rate": 100,
        "verdict": verdict,
        "conclusion": verdict if vetoed else "pass",
        "would_block": verdict == "fail",
        "blocked": vetoed,
        "phase": "enforce",
        "waivers": [],
        "break_glass": None,
    }


def _report(failed: int) -> dict[str, Any]:
    return {
        "path": "build/junit.xml",
        "kind": "tests",
        "format": "junit",
        "sha256": "0" * 64,
        "size": 0,
        "stage": "unit",
        "failed": failed,
        "problem": None,
    }


def _rate(numerator: int, denominator: int) -> dict[str, Any]:
    value = 100 * numerator / denominator
    return {"value": value, "numerator": numerator, "denominator": denominator, "unit": "%"}


def _objective(rule: Rule, value: float, score: float) -> dict[str, Any]:
    status = "pass" if score >= 100 else "warn" if score >= 50 else "fail"
    return {
        "metric": rule.metric,
        "status": status,
        "score": score,
        "value": value,
        "weight": rule.weight,
        "key": rule.key,
        "phase": rule.phase,
        "pass": rule.passes,
        "warn": rule.warns,
        "waiver": None,
    }


def _score(value: float, full: float, half: float) -> float:
    """100 from `full` on, 50 at `half`, straight lines, 0 as far below."""
    return max(0.0, min(100.0, 50 + 50 * (value - half) / (full - half)))
