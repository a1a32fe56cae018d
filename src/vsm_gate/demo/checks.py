"""What a simulated check finds: measurements, objectives and the verdict that follows."""

from __future__ import annotations

import random
from typing import Any, Final

_SUITE: Final = 1200
_CODE: Final = 40_000


def facts(
    *, lines: int, covered: float, enforced: bool, failing: bool, flaky: bool, dice: random.Random
) -> dict[str, Any]:
    """The part of a check record that says how the change was judged."""
    failed = dice.randint(1, 4) if failing else 0
    patch = _rate(round(lines * covered), lines)
    line = _rate(round(_CODE * (0.72 + 0.12 * covered)), _CODE)
    duration = dice.gauss(440, 70)
    drift = dice.gauss(0.1 * (covered - 0.5), 0.15)
    objectives = {
        "tests-green": _objective("tests.failed", failed, 0 if failed else 100, 3, key=True),
        "patch-coverage": _objective(
            "coverage.patch", patch["value"], _score(patch["value"], 85, 65), 3, key=enforced
        ),
        "no-coverage-loss": _objective("coverage.line", line["value"], _score(drift, 0, -0.5), 1),
        "suite-time": _objective("tests.duration", duration, _score(-duration, -500, -600), 1),
    }
    weight = sum(item["weight"] for item in objectives.values())
    score = sum(item["score"] * item["weight"] for item in objectives.values()) / weight
    vetoed = any(item["key"] and item["status"] == "fail" for item in objectives.values())
    verdict = "fail" if vetoed else "pass" if score >= 90 else "warn" if score >= 70 else "fail"
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
        "policy": {"source": "scorecards/organisation.yaml", "sha256": "0" * 64},
    }


def _rate(numerator: int, denominator: int) -> dict[str, Any]:
    value = 100 * numerator / denominator
    return {"value": value, "numerator": numerator, "denominator": denominator, "unit": "%"}


def _objective(
    metric: str, value: float, score: float, weight: int, *, key: bool = False
) -> dict[str, Any]:
    status = "pass" if score >= 100 else "warn" if score >= 50 else "fail"
    return {
        "metric": metric,
        "status": status,
        "score": score,
        "value": value,
        "weight": weight,
        "key": key,
        "phase": "enforce",
        "waiver": None,
    }


def _score(value: float, full: float, half: float) -> float:
    """100 from `full` on, 50 at `half`, straight lines, 0 as far below."""
    return max(0.0, min(100.0, 50 + 50 * (value - half) / (full - half)))
