"""A replay says what the gate would have said, record by record."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.policies import policy

from vsm_gate.model.results import Baseline, Verdict
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.decide import judge
from vsm_gate.scorecards.policy import Policy
from vsm_gate.scorecards.readings import Readings
from vsm_gate.scorecards.replay import BLOCKING, WHOLE, Replay

TODAY = date(2026, 11, 22)
CARD = """
phase: enforce
score: {pass: 90, warn: 60, min_evidence: 50%}
baseline: {window: 3, aggregate: AGGREGATE}
objectives:
  green: {metric: tests.failed, pass: "== 0", key: true}
  cover: {metric: coverage.patch, pass: ">= 80%", warn: ">= 60%", min_sample: 5, weight: 2}
  whole: {metric: coverage.line, pass: ">= baseline - 1%", warn: ">= baseline - 3%"}
  fast: {metric: tests.duration, pass: "<= baseline + 10% or <= 1m", on_missing: exclude}
  risky: {metric: change.files, pass: "<= 3", warn: "<= 5", phase: warn, applies_when: {risk: high}}
  old: {metric: tests.flaky, pass: "== 0", on_missing: warn, enforce_from: 2027-01-01}
waivers:
  - {id: W-1, objective: old, accept: "<= 2", owner: a, approved_by: b, reason: r,
     created: 2026-11-01, expires: 2026-12-01}
"""


def count(top: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.integers(0, top).map(lambda value: {"value": value, "unit": "count"}),
        st.just({"missing": "no report"}),
    )


def share(low: int) -> st.SearchStrategy[dict[str, Any]]:
    rates = st.integers(1, 9).flatmap(
        lambda over: st.integers(over * low // 100, over).map(
            lambda part: {
                "value": 100 * part / over,
                "unit": "%",
                "numerator": part,
                "denominator": over,
            }
        )
    )
    return st.one_of(rates, st.just({"missing": "no line", "numerator": 0, "denominator": 0}))


MEASUREMENTS = st.fixed_dictionaries(
    {},
    optional={
        "tests.failed": count(1),
        "coverage.patch": share(40),
        "coverage.line": share(60),
        "tests.duration": st.floats(30, 90).map(lambda value: {"value": value, "unit": "s"}),
        "change.files": count(7),
        "tests.flaky": count(3),
    },
)
DOCUMENTS = st.builds(
    lambda measurements, landed, repository, risk, problems, tested: {
        "kind": "check",
        "repository": repository,
        "team": "payments",
        "change": {"default_branch": landed, "tested": tested},
        "impact": {"risk": risk},
        "measurements": measurements,
        "problems": problems,
    },
    MEASUREMENTS,
    st.booleans(),
    st.sampled_from(["acme/a", "acme/b"]),
    st.sampled_from([None, {"level": "high"}, {"level": "low"}]),
    st.sampled_from([[], [], [], ["a report is broken"]]),
    st.sampled_from([None, "c1", "c2", "c3", "c4"]),
)


def _one_a_commit(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Newest first."""
    found: list[dict[str, Any]] = []
    for document in reversed(documents):
        commit = document["change"]["tested"]
        if commit is None or all(each["change"]["tested"] != commit for each in found):
            found.append(document)
    return found


def by_the_book(
    card: Policy, documents: list[dict[str, Any]], pinned: Baseline | None
) -> list[tuple[Verdict, Verdict, set[str], set[str]]]:
    """One after the other by `judge`, baselines from all that came before."""
    good: dict[str, list[dict[str, Any]]] = {}
    said = []
    for document in documents:
        before = good.setdefault(document["repository"], [])
        values: dict[str, list[Fraction]] = {}
        for other in _one_a_commit(before)[: card.baseline.window]:
            for metric, measured in other["measurements"].items():
                value = recorded.exact(measured)
                if value is not None:
                    values.setdefault(metric, []).append(value)
        reduce = recorded.AGGREGATES[card.baseline.aggregate]
        measured = {
            metric: found
            for metric, each in document["measurements"].items()
            if (found := recorded.measurement(metric, each))
        }
        decision = judge(
            card,
            measured,
            pinned or Baseline({metric: reduce(found) for metric, found in values.items()}),
            today=TODAY,
            facts=recorded.facts(document),
            broken=document["problems"],
        )
        blocking = {
            each.objective or WHOLE for each in decision.reasons if each.acts_as in BLOCKING
        }
        warning = {
            each.objective or WHOLE for each in decision.reasons if each.acts_as is Verdict.WARN
        }
        said.append((decision.verdict, decision.conclusion, blocking, warning - blocking))
        if document["change"]["default_branch"] and decision.verdict not in BLOCKING:
            before.append(document)
    return said


@pytest.mark.parametrize("aggregate", ["median", "mean", "min", "max", "last"])
@given(documents=st.lists(DOCUMENTS, max_size=25))
@settings(max_examples=40)
def test_it_says_what_judging_one_by_one_says(
    aggregate: str, documents: list[dict[str, Any]]
) -> None:
    card = policy(CARD.replace("AGGREGATE", aggregate))
    replay, readings = Replay(card, TODAY), Readings()
    found = [replay.judge(readings.of(document)) for document in documents]
    said = [(each.verdict, each.conclusion, {*each.blocking}, {*each.warning}) for each in found]
    assert said == by_the_book(card, documents, None)


@given(documents=st.lists(DOCUMENTS, max_size=15))
def test_a_pinned_baseline_stays(documents: list[dict[str, Any]]) -> None:
    card = policy(CARD.replace("AGGREGATE", "median"))
    for pin in (
        Baseline({"coverage.line": Fraction(90), "tests.duration": Fraction(50)}),
        Baseline(problem="it is gone"),
    ):
        replay, readings = Replay(card, TODAY, pin), Readings()
        found = [replay.judge(readings.of(document)) for document in documents]
        said = [
            (each.verdict, each.conclusion, {*each.blocking}, {*each.warning}) for each in found
        ]
        assert said == by_the_book(card, documents, pin)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsm_gate.scorecards.replay._KEPT", 3)
    card = policy('objectives:\n  cover: {metric: coverage.patch, pass: ">= 80%", warn: ">= 1%"}')
    replay, readings = Replay(card, TODAY), Readings()
    documents = [
        {"measurements": {"coverage.patch": {"value": value, "unit": "%"}}}
        for value in (20, 30, 40, 50, 60, 70, 20, 90)
    ]
    alone = [Replay(card, TODAY).judge(Readings().of(document)) for document in documents]
    assert [replay.judge(readings.of(document)) for document in documents] == alone
    assert len({each.verdict for each in alone}) == 3
    assert len(replay._shapes) <= 3


PATHS = """
score: {pass: 0, warn: 0}
objectives:
  cover: {metric: coverage.patch, pass: ">= 80%", key: true}
waivers:
  - {id: W-1, objective: cover, scope: {paths: "old/**"}, owner: a, approved_by: b, reason: r,
     created: 2026-11-01, expires: EXPIRES}
"""


@pytest.mark.parametrize(
    ("expires", "paths", "conclusion", "untold"),
    [
        ("2026-12-01", ["old/a.py"], "warn", 0),
        ("2026-12-01", ["old/a.py", "new/b.py"], "fail", 0),
        ("2026-12-01", None, "fail", 1),
        ("2026-11-21", None, "fail", 0),
    ],
)
def test_a_waiver_for_paths_needs_a_record_of_them(
    expires: str, paths: list[str] | None, conclusion: str, untold: int
) -> None:
    document = {
        "measurements": {"coverage.patch": {"value": 50, "unit": "%"}},
        "facts": {} if paths is None else {"paths": paths},
    }
    replay = Replay(policy(PATHS.replace("EXPIRES", expires)), TODAY)
    found = replay.judge(Readings().of(document))
    assert (found.conclusion, replay.without_paths) == (conclusion, untold)


@pytest.mark.parametrize(
    ("patch", "verdict"), [(80, "pass"), (79, "warn"), (60, "warn"), (50, "warn"), (49, "fail")]
)
def test_a_score_on_its_threshold_reaches_it(patch: int, verdict: str) -> None:
    card = policy(
        "score: {pass: 90, warn: 75}\n"
        "objectives:\n"
        '  line: {metric: coverage.line, pass: ">= 80%", warn: ">= 60%", weight: 1.5}\n'
        '  cover: {metric: coverage.patch, pass: ">= 100%", warn: ">= 50%", weight: 1.5}\n'
    )
    # 100 at 100 %, 50 at 50 %: the mean of both is 90 at 80 % and 75 at 50 %.
    document = {
        "measurements": {
            "coverage.line": {"value": 80, "unit": "%"},
            "coverage.patch": {"value": patch, "unit": "%"},
        }
    }
    found = Replay(card, TODAY).judge(Readings().of(document))
    decision = judge(
        card,
        {
            metric: measurement
            for metric, each in document["measurements"].items()
            if (measurement := recorded.measurement(metric, each))
        },
        Baseline(),
        today=TODAY,
    )
    assert found.verdict == decision.verdict
    assert (decision.score == 90, decision.score == 75) == (patch == 80, patch == 50)
    assert (WHOLE in found.blocking, found.verdict == "fail") == ((verdict == "fail"),) * 2


def test_what_a_waiver_accepts_may_compare_with_the_baseline() -> None:
    card = policy(
        PATHS.replace("EXPIRES", "2026-12-01").replace(
            'scope: {paths: "old/**"}', 'accept: ">= 80% or >= baseline - 5%"'
        )
    )
    replay, readings = Replay(card, TODAY), Readings()

    def cover(value: int, tested: str) -> str:
        document = {
            "change": {"default_branch": True, "tested": tested},
            "measurements": {"coverage.patch": {"value": value, "unit": "%"}},
        }
        return replay.judge(readings.of(document)).conclusion

    assert card.compared == {"coverage.patch"}
    assert [cover(70, "a"), cover(80, "b"), cover(75, "c"), cover(74, "d")] == [
        "fail",
        "pass",
        "warn",
        "fail",
    ]


def test_what_warns_with_a_full_score_does_not_speak_for_what_warns_with_less() -> None:
    card = policy(
        "score: {pass: 90, warn: 60}\n"
        "objectives:\n"
        '  cover: {metric: coverage.patch, pass: "== 50%", warn: ">= 40%", phase: enforce}\n'
    )
    documents = [
        {"measurements": {"coverage.patch": {"value": value, "unit": "%"}}} for value in (60, 41)
    ]
    replay, readings = Replay(card, TODAY), Readings()
    found = [replay.judge(readings.of(document)) for document in documents]
    assert [each.verdict for each in found] == ["warn", "fail"]
    assert found == [Replay(card, TODAY).judge(Readings().of(each)) for each in documents]
