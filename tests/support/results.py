"""Results of a run, made by hand, for what shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.model.change import Change, Context, FileChange
from vsm_gate.model.evidence import Evidence
from vsm_gate.model.impact import Impact
from vsm_gate.model.results import (
    Baseline,
    Decision,
    Measurement,
    ObjectiveResult,
    Phase,
    Status,
    Verdict,
)
from vsm_gate.model.tests import CaseDetail, Outcome, TestReport
from vsm_gate.publish.result import CheckResult, PolicyUsed


def objective(id: str, metric: str, status: Status, **changes: Any) -> ObjectiveResult:  # noqa: A002
    """An objective's result; what is not given is unremarkable."""
    given: dict[str, Any] = {
        "score": Fraction(100 if status is Status.PASS else 0),
        "value": Fraction(1),
        "baseline": None,
        "pass_criterion": "== 0",
        "warn_criterion": None,
        "phase": Phase.ENFORCE,
        "key": False,
        "weight": Fraction(1),
        "level": None,
        "waiver": None,
        "missing": None,
        "explanation": "the arithmetic",
        "remedy": None,
        "source": "scorecard.yaml:7",
    }
    return ObjectiveResult(id=id, metric=metric, status=status, **{**given, **changes})


def failing(
    count: int, *, name: str = "test_{}", message: str = "expected 3, got 4", file: str = ""
) -> TestReport:
    """A report of `count` failing cases."""
    report = TestReport("junit")
    for number in range(count):
        index = report.cases.add(number + 1, Outcome.FAILED, 1000)
        report.describe(
            CaseDetail(
                index,
                number + 1,
                Outcome.FAILED,
                name.format(number),
                classname="tests.test_it",
                file=file,
                line=number + 1 if file else None,
                message=message,
            )
        )
    return report


def result(
    objectives: Sequence[ObjectiveResult] = (),
    *,
    verdict: Verdict = Verdict.PASS,
    conclusion: Verdict | None = None,
    **changes: Any,
) -> CheckResult:
    """A run of the gate; what is not given is unremarkable."""
    given: dict[str, Any] = {
        "now": datetime(2026, 11, 22, 10, tzinfo=UTC),
        "tool_version": "1.2.3",
        "context": Context("acme/pay", branch="feature"),
        "change": Change(
            base="b" * 40,
            head="a" * 40,
            tested="a" * 40,
            base_found="the merge base with `main`",
            files=(FileChange("src/new.py", "added", added=10, added_lines=(range(1, 11),)),),
        ),
        "policy": PolicyUsed("payments", "scorecard.yaml", "f" * 64, Phase.ENFORCE),
        "measurements": {"tests.total": Measurement("tests.total", Fraction(7))},
        "baseline": Baseline(),
        "decision": Decision(
            objectives=tuple(objectives),
            score=Fraction(9996, 100),
            evidence_rate=Fraction(100),
            level="silver",
            verdict=verdict,
            conclusion=conclusion or verdict,
            reasons=(),
            exit_code=0,
        ),
        "impact": Impact(total=0),
        "evidence": (Evidence("build/junit.xml", "tests", "junit", "e" * 64, 10),),
        "problems": (),
        "notes": (),
    }
    return CheckResult(**{**given, **changes})


def patch(files: int, ranges: int) -> PatchCoverage:
    """Patch coverage with uncovered ranges of two lines."""
    missed = {
        f"src/file{number}.py": tuple(range(4 * n + 1, 4 * n + 3) for n in range(ranges))
        for number in range(files)
    }
    lines = 2 * files * ranges
    return PatchCoverage(covered=0, coverable=lines, missed=missed)


DAY = date(2027, 2, 1)
