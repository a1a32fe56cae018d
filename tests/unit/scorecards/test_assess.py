from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.support.policies import baseline, policy

from vsm_gate.model.results import Baseline, Measurement, ObjectiveResult, Status
from vsm_gate.scorecards.decide import judge

TODAY = date(2026, 11, 22)


def result(
    rule: str,
    measurement: Measurement | None,
    base: Baseline | None = None,
    facts: dict[str, object] | None = None,
) -> ObjectiveResult:
    gate = policy(f"objectives:\n  it: {{{rule}}}\n")
    values = {measurement.metric: measurement} if measurement else {}
    return judge(gate, values, base or Baseline(), today=TODAY, facts=facts).objectives[0]


def patch(
    value: int | None, denominator: int | None = None, sample: int | None = None
) -> Measurement:
    return Measurement(
        "coverage.patch",
        None if value is None else Fraction(value),
        "no coverage report" if value is None else None,
        denominator=denominator,
        sample=sample,
    )


PATCH = 'metric: coverage.patch, pass: ">= 80%", warn: ">= 60%"'


@pytest.mark.parametrize(
    ("rule", "measurement", "status", "explanation"),
    [
        (PATCH, patch(80), "pass", "80.0 % satisfies `>= 80%`"),
        (
            PATCH,
            patch(70),
            "warn",
            (
                "70.0 % does not satisfy `>= 80%` but satisfies `>= 60%`: "
                "score 100 − 50 · 10.0 % ÷ 20.0 % = 75.0"
            ),
        ),
        (
            PATCH,
            patch(50),
            "fail",
            (
                "50.0 % does not satisfy `>= 80%` nor `>= 60%`: "
                "score 100 − 50 · 30.0 % ÷ 20.0 % = 25.0"
            ),
        ),
        (
            PATCH,
            patch(10),
            "fail",
            (
                "10.0 % does not satisfy `>= 80%` nor `>= 60%`: "
                "score 100 − 50 · 70.0 % ÷ 20.0 % = 0 at the least"
            ),
        ),
        (
            'metric: coverage.patch, pass: ">= 80%"',
            patch(70),
            "fail",
            "70.0 % does not satisfy `>= 80%`: score 0.0",
        ),
        (
            'metric: coverage.patch, pass: "> 80%", warn: ">= 80%"',
            patch(80),
            "warn",
            "80.0 % does not satisfy `> 80%` but satisfies `>= 80%`: score 50.0",
        ),
        (
            'metric: coverage.patch, pass: "== 0%", warn: ">= 0%"',
            patch(3),
            "warn",
            "3.0 % does not satisfy `== 0%` but satisfies `>= 0%`: score 100.0",
        ),
        (PATCH, patch(None), "missing", "missing: no coverage report"),
        (PATCH, None, "missing", "missing: nothing measured coverage.patch"),
        (
            f"{PATCH}, on_missing: exclude",
            patch(None),
            "excluded",
            "left out, as it is missing: no coverage report",
        ),
        (
            PATCH,
            patch(None, denominator=0),
            "not_applicable",
            "not applicable: no coverage report",
        ),
        (
            f"{PATCH}, min_sample: 20",
            patch(10, denominator=19),
            "not_applicable",
            "not applicable: a sample of 19, and 20 are asked for",
        ),
        (f"{PATCH}, min_sample: 20", patch(80, denominator=20), "pass", None),
        (f"{PATCH}, min_sample: 20", patch(80, denominator=99, sample=19), "not_applicable", None),
        (f"{PATCH}, min_sample: 20", patch(80, denominator=1, sample=20), "pass", None),
        (f"{PATCH}, min_sample: 20", patch(80), "pass", None),
        (f"{PATCH}, min_sample: 20", patch(None), "missing", None),
        (f"{PATCH}, min_sample: 20", patch(None, sample=3), "not_applicable", None),
        (
            f"{PATCH}, min_sample: 20",
            patch(None, sample=0),
            "not_applicable",
            "not applicable: no coverage report",
        ),
    ],
)
def test_a_status_and_why(
    rule: str, measurement: Measurement | None, status: str, explanation: str | None
) -> None:
    found = result(rule, measurement)
    assert found.status == status
    assert explanation in {None, found.explanation}
    assert (found.score is None) is (status not in {"pass", "warn", "fail"})
    assert (found.missing is None) is (status not in {"missing", "excluded"})


LOSS = 'metric: coverage.line, pass: ">= baseline - 1%", warn: ">= baseline - 3%"'


def test_a_relative_objective_shows_its_baseline() -> None:
    line = Measurement("coverage.line", Fraction(78))
    found = result(LOSS, line, baseline(coverage__line=80))
    assert (found.status, found.score, found.baseline) == (Status.WARN, 75, 80)
    assert found.explanation == (
        "78.0 % (baseline 80.0 %) does not satisfy `>= baseline - 1%` "
        "but satisfies `>= baseline - 3%`: score 100 − 50 · 1.0 % ÷ 2.0 % = 75.0"
    )
    good = result(LOSS, line, baseline(coverage__line=0))
    assert good.explanation == "78.0 % (baseline 0.0 %) satisfies `>= baseline - 1%`"
    plain = result('metric: coverage.line, pass: ">= 1%"', line, baseline(coverage__line=80))
    assert plain.explanation == "78.0 % satisfies `>= 1%`"
    assert plain.baseline == 80


def test_without_a_baseline_nothing_relative_is_true() -> None:
    found = result(LOSS, Measurement("coverage.line", Fraction(99)), baseline(tests__flaky=1))
    assert (found.status, found.score, found.value) == (Status.NO_BASELINE, None, 99)
    assert found.explanation == "99.0 %, and no baseline to compare with yet"


@pytest.mark.parametrize(
    ("passes", "warns", "seconds", "status", "score"),
    [
        ("<= baseline or <= 1m", None, 60, "pass", 100),
        ("<= baseline or <= 1m", None, 61, "no_baseline", None),
        ("<= baseline and <= 1m", None, 61, "fail", 0),
        ("<= baseline and <= 1m", "<= 2m", 61, "warn", 50),
        ("<= baseline and <= 1m", "<= 2m", 121, "fail", 0),
        ("<= baseline and <= 1m", "<= baseline or <= 1m", 61, "no_baseline", None),
        ("<= baseline and <= 1m", "<= 2m", 60, "no_baseline", None),
    ],
)
def test_what_holds_at_any_baseline_needs_none(
    passes: str, warns: str | None, seconds: int, status: str, score: int | None
) -> None:
    rule = f'metric: tests.duration, pass: "{passes}"' + (f', warn: "{warns}"' if warns else "")
    found = result(rule, Measurement("tests.duration", Fraction(seconds)))
    assert (found.status, found.score) == (status, score)
    said = {
        "pass": f" (no baseline yet) satisfies `{passes}`",
        "warn": f" (no baseline yet) does not satisfy `{passes}` but satisfies `{warns}`: ",
        "fail": f" (no baseline yet) does not satisfy `{passes}`",
        "no_baseline": ", and no baseline to compare with yet",
    }[status]
    assert said in found.explanation


def test_a_history_that_cannot_be_read_is_missing_evidence() -> None:
    line = Measurement("coverage.line", Fraction(99))
    unreadable = Baseline(problem="the history could not be read: timeout")
    found = result(LOSS, line, unreadable)
    assert (found.status, found.missing) == (Status.MISSING, unreadable.problem)
    absolute = result('metric: coverage.line, pass: ">= 1%"', line, unreadable)
    assert absolute.status is Status.PASS


@pytest.mark.parametrize(
    ("conditions", "facts", "status"),
    [
        ("{risk: high}", {"risk": "high"}, "pass"),
        ("{risk: [medium, high]}", {"risk": "medium"}, "pass"),
        ("{risk: high}", {"risk": "low"}, "not_applicable"),
        ("{risk: high}", {}, "missing"),
        ("{risk: high}", {"risk": None}, "missing"),
        ("{tier: 1}", {"tier": 1}, "pass"),
        ("{component: billing}", {"component": ("search", "billing")}, "pass"),
        ("{component: billing}", {"component": ()}, "not_applicable"),
        ('{paths: ["**", "!**/*.md"]}', {"paths": ("a.md", "b.py")}, "pass"),
        ('{paths: ["**", "!**/*.md"]}', {"paths": ("a.md",)}, "not_applicable"),
        ('{lines: ">= 400"}', {"lines": 400}, "pass"),
        ('{lines: [">= 10", "< 400"]}', {"lines": 400}, "not_applicable"),
        ('{files: "> 20"}', {}, "missing"),
        ("{sensitive: migrations, branch: main}", {"branch": "main"}, "missing"),
        ("{sensitive: migrations, branch: main}", {"branch": "other"}, "not_applicable"),
        ("{branch: main, sensitive: x}", {"branch": "main", "sensitive": "y"}, "not_applicable"),
    ],
)
def test_conditions(conditions: str, facts: dict[str, object], status: str) -> None:
    found = result(f"{PATCH}, applies_when: {conditions}", patch(80), facts=facts)
    assert found.status == status


def test_conditions_say_what_they_missed() -> None:
    rule = f"{PATCH}, applies_when: {{risk: [medium, high], event: push}}"
    found = result(rule, patch(80), facts={"risk": "low"})
    assert found.explanation == (
        "not applicable: it applies where risk is medium or high, which it is not here"
    )
    found = result(rule, patch(80))
    assert found.missing == "whether it applies cannot be told without knowing risk and event"


def test_a_result_says_why_it_applies_where_it_does_not_always() -> None:
    rule = f'{PATCH}, applies_when: {{tier: [1, 2], lines: ["> 9", "< 99"], paths: [src/**]}}'
    known = {"tier": "1", "lines": 10, "paths": ("src/a.py",)}
    found = result(rule, patch(80), facts=known)
    assert found.applies == "tier is 1 or 2 and paths are in src/** and lines > 9 and < 99"
    assert result(rule, patch(80), facts={**known, "tier": "3"}).applies is None
    assert result(PATCH, patch(80)).applies is None


def test_a_result_carries_its_rule() -> None:
    found = result(
        f"{PATCH}, weight: 2, level: gold, remedy: Test it., enforce_from: 2026-12-01, key: true",
        patch(70),
    )
    assert (found.id, found.metric, found.source) == ("it", "coverage.patch", "team.yaml:3")
    assert (found.pass_criterion, found.warn_criterion) == (">= 80%", ">= 60%")
    assert (found.weight, found.level, found.remedy) == (2, "gold", "Test it.")
    assert (found.key, found.enforce_from) == (True, date(2026, 12, 1))


def test_the_rule_of_a_result_is_where_its_criterion_stands() -> None:
    gate = policy(
        'extends: org.yaml\nobjectives:\n  a:\n    key: true\n    pass: "<= 1"\n',
        **{"org.yaml": 'objectives:\n  a: {metric: tests.failed, pass: "<= 3"}\n'},
    )
    found = judge(gate, {}, Baseline(), today=TODAY)
    assert found.objectives[0].source == "team.yaml:6"
