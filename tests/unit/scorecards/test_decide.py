from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.policies import baseline, measured, policy

from vsm_gate.model.change import Labels, LabelSet, Membership
from vsm_gate.model.results import (
    Baseline,
    Decision,
    Measurement,
    ObjectiveResult,
    Phase,
    Reason,
    Status,
    Verdict,
)
from vsm_gate.scorecards import break_glass
from vsm_gate.scorecards.decide import EXIT_CODES, SEVERITY, judge
from vsm_gate.scorecards.policy import Policy

TODAY = date(2026, 11, 22)

# How an objective comes to each status: its rule, and what is measured (None: missing).
SITUATIONS: dict[str, tuple[str, int | None]] = {
    "pass": ('pass: ">= 80%", warn: ">= 60%"', 85),
    "warn": ('pass: ">= 80%", warn: ">= 60%"', 70),
    "fail": ('pass: ">= 80%", warn: ">= 60%"', 50),
    "missing": ('pass: ">= 80%", on_missing: inconclusive', None),
    "missing-fail": ('pass: ">= 80%", on_missing: fail', None),
    "missing-warn": ('pass: ">= 80%", on_missing: warn', None),
    "excluded": ('pass: ">= 80%", on_missing: exclude', None),
    "no_baseline": ('pass: ">= baseline"', 85),
    "not_applicable": ('pass: ">= 80%", applies_when: {branch: other}', 50),
}
STATUS = {
    "missing-fail": Status.MISSING,
    "missing-warn": Status.MISSING,
}
# What each situation asks for, by whether the objective is key.
EFFECTS = {
    "pass": ("pass", "pass"),
    "warn": ("warn", "warn"),
    "fail": ("warn", "fail"),
    "missing": ("inconclusive", "inconclusive"),
    "missing-fail": ("fail", "fail"),
    "missing-warn": ("warn", "warn"),
    "excluded": ("pass", "pass"),
    "no_baseline": ("warn", "warn"),
    "not_applicable": ("pass", "pass"),
}
# What an effect comes to in a phase, without a waiver and with one.
CONCLUSIONS = {
    ("pass", "observe"): ("pass", "pass"),
    ("pass", "warn"): ("pass", "pass"),
    ("pass", "enforce"): ("pass", "pass"),
    ("warn", "observe"): ("pass", "pass"),
    ("warn", "warn"): ("warn", "warn"),
    ("warn", "enforce"): ("warn", "warn"),
    ("inconclusive", "observe"): ("pass", "pass"),
    ("inconclusive", "warn"): ("warn", "warn"),
    ("inconclusive", "enforce"): ("inconclusive", "warn"),
    ("fail", "observe"): ("pass", "pass"),
    ("fail", "warn"): ("warn", "warn"),
    ("fail", "enforce"): ("fail", "warn"),
}
# Who set the label of break-glass: nobody, somebody who may not, a member of a team that may.
LABELLED: dict[str, tuple[Labels, Membership]] = {
    "nobody": (Labels(standing=()), Membership(member=True)),
    "stranger": (Labels(standing=(LabelSet("Break-Glass", "sam"),)), Membership(member=False)),
    "member": (Labels(standing=(LabelSet("Break-Glass", "sam"),)), Membership(member=True)),
}
CODES = {"pass": 0, "warn": 0, "inconclusive": 11, "fail": 10}

WAIVER = """
waivers:
  - {id: W-1, objective: it, owner: a, approved_by: b, reason: r, created: 2026-11-01,
     expires: 2026-11-30}
"""


@pytest.mark.parametrize(
    ("situation", "phase", "waived", "key", "labelled"),
    list(
        product(SITUATIONS, ["observe", "warn", "enforce"], [False, True], [False, True], LABELLED)
    ),
)
def test_every_combination(
    situation: str, phase: str, waived: bool, key: bool, labelled: str
) -> None:
    rule, value = SITUATIONS[situation]
    gate = policy(
        f"""
break_glass: {{label: break-glass, allowed: acme/sre}}
score: {{pass: 0, warn: 0, min_evidence: 0%}}
objectives:
  other: {{metric: tests.failed, pass: "== 0"}}
  it: {{metric: coverage.patch, phase: {phase}, key: {str(key).lower()}, {rule}}}
{WAIVER if waived else ""}"""
    )
    judged = judge(
        gate,
        measured(tests__failed=0, coverage__patch=value),
        Baseline(),
        today=TODAY,
        facts={"branch": "main"},
    )
    labels, membership = LABELLED[labelled]
    found = break_glass.apply(judged, gate.break_glass, labels, {"acme/sre": membership}, TODAY)
    effect = EFFECTS[situation][key]
    conclusion = CONCLUSIONS[effect, phase][waived]
    broken = conclusion in {"inconclusive", "fail"} and labelled == "member"
    result = found.objectives[1]
    assert result.status == STATUS.get(situation, situation)
    assert result.waiver == ("W-1" if waived else None)
    assert (found.verdict, found.conclusion) == (effect, "warn" if broken else conclusion)
    assert found.exit_code == (0 if broken else CODES[conclusion])
    assert (found.break_glass is not None) is broken
    if broken:
        lead, reason = found.reasons
        assert (lead.objective, lead.effect, lead.acts_as) == (None, effect, "warn")
        assert (reason.objective, reason.effect, reason.acts_as) == ("it", effect, "warn")
    elif effect == "pass":
        assert found.reasons == ()
    else:
        reason, *others = found.reasons
        asked = conclusion in {"inconclusive", "fail"} and labelled == "stranger"
        assert [each.effect for each in others] == (["pass"] if asked else [])
        assert (reason.objective, reason.effect) == ("it", effect)
        assert reason.acts_as == conclusion
        assert reason.text.startswith("it ")
        assert reason.text.endswith(" (waived by W-1)") is waived


def decided(
    text: str,
    facts: dict[str, object] | None = None,
    base: Baseline | None = None,
    **values: object,
) -> Decision:
    numbers = {
        name: None if value is None else Fraction(str(value)) for name, value in values.items()
    }
    return judge(policy(text), measured(**numbers), base or Baseline(), today=TODAY, facts=facts)


def whole(decision: Decision) -> Reason:
    """The one reason of the scorecard as a whole."""
    (found,) = (reason for reason in decision.reasons if reason.objective is None)
    return found


TWO = """
score: {pass: 90, warn: 75, min_evidence: 80%}
objectives:
  one: {metric: coverage.line, pass: ">= 80%", warn: ">= 60%", weight: 3}
  two: {metric: coverage.patch, pass: ">= 80%", warn: ">= 60%"}
"""


def test_the_total_is_the_mean_by_weight() -> None:
    found = decided(TWO, coverage__line=80, coverage__patch=70)
    assert found.score == Fraction(3 * 100 + 75, 4)
    assert found.evidence_rate == 100


@pytest.mark.parametrize(
    ("line", "verdict", "says"),
    [
        ("76", "warn", None),  # (3 · 90 + 90) ÷ 4 = 90: reached
        ("75.99", "warn", "the score is 89.9, and at least 90.0 is asked for"),
        ("70", "warn", "the score is 75.0, and at least 90.0 is asked for"),
        ("69.99", "fail", "the score is 74.9, and at least 75.0 is asked for"),
    ],
)
def test_the_total_against_its_thresholds(line: str, verdict: str, says: str | None) -> None:
    found = decided(TWO, coverage__line=line, coverage__patch=line)
    assert (found.verdict, found.conclusion) == (verdict, verdict)
    if says is None:
        assert all(reason.objective for reason in found.reasons)
    else:
        assert whole(found).text == says


def test_evidence_is_the_weight_that_was_measured() -> None:
    found = decided(TWO, coverage__line=80, coverage__patch=None)
    assert found.evidence_rate == 75
    assert found.score == 100
    assert whole(found) == Reason(
        None,
        Verdict.INCONCLUSIVE,
        Verdict.INCONCLUSIVE,
        "75.0 % of the evidence is there, and at least 80.0 % is asked for",
    )
    enough = TWO.replace("80%}", "75%}", 1)
    assert all(
        r.objective for r in decided(enough, coverage__line=80, coverage__patch=None).reasons
    )


def test_only_what_is_missing_counts_against_the_evidence() -> None:
    found = decided(
        """
objectives:
  green: {metric: tests.failed, pass: "== 0"}
  excluded: {metric: tests.flaky, pass: "== 0", on_missing: exclude}
  later: {metric: coverage.line, pass: ">= baseline"}
  elsewhere: {metric: coverage.patch, pass: ">= 80%", applies_when: {branch: other}}
""",
        facts={"branch": "main"},
        tests__failed=0,
        tests__flaky=None,
        coverage__line=80,
        coverage__patch=80,
    )
    assert found.evidence_rate == 100
    assert found.verdict is Verdict.WARN  # it has no baseline yet, which is not a pass


@pytest.mark.parametrize("phase", ["warn", "observe"])
def test_what_does_not_enforce_does_not_block_through_the_mean(phase: str) -> None:
    text = f"""
objectives:
  green: {{metric: tests.failed, pass: "== 0", key: true}}
  cover: {{metric: coverage.patch, pass: ">= 80%", weight: 9, phase: {phase}}}
"""
    found = decided(text, tests__failed=0, coverage__patch=10)
    shown = Verdict.WARN if phase == "warn" else Verdict.PASS
    assert found.score == 10
    assert whole(found).effect is Verdict.FAIL
    assert whole(found).acts_as is shown
    assert (found.verdict, found.conclusion, found.exit_code) == ("fail", shown, 0)


def test_what_does_not_enforce_does_not_save_through_the_mean_either() -> None:
    text = """
objectives:
  cover: {metric: coverage.patch, pass: ">= 80%"}
  other: {metric: coverage.line, pass: ">= 80%", weight: 9, phase: warn}
"""
    found = decided(text, coverage__patch=10, coverage__line=90)
    assert found.score == 90
    assert (found.verdict, found.conclusion) == ("warn", "warn")
    stricter = decided(f"score: {{pass: 95}}\n{text}", coverage__patch=10, coverage__line=90)
    assert whole(stricter).effect is Verdict.WARN
    assert (stricter.verdict, stricter.conclusion) == ("warn", "warn")


def test_a_waived_objective_does_not_block_through_the_mean() -> None:
    text = (
        'objectives:\n  it: {metric: coverage.patch, pass: ">= 80%", weight: 9}\n'
        '  green: {metric: tests.failed, pass: "== 0"}\n' + WAIVER
    )
    found = decided(text, coverage__patch=10, tests__failed=0)
    assert (found.verdict, found.conclusion, found.exit_code) == ("fail", "warn", 0)
    assert whole(found).acts_as is Verdict.WARN


@pytest.mark.parametrize(
    ("phase", "acts_as"), [("enforce", "fail"), ("warn", "warn"), ("observe", "pass")]
)
def test_the_total_acts_no_stronger_than_the_scorecard(phase: str, acts_as: str) -> None:
    text = f"""
phase: {phase}
objectives:
  one: {{metric: coverage.line, pass: ">= 80%", phase: enforce}}
"""
    found = decided(text, coverage__line=10)
    assert (whole(found).effect, whole(found).acts_as) == ("fail", acts_as)


def test_evidence_that_only_warns_does_not_block() -> None:
    text = """
objectives:
  green: {metric: tests.failed, pass: "== 0"}
  cover: {metric: coverage.patch, pass: ">= 80%", weight: 9, phase: warn}
"""
    found = decided(text, tests__failed=0, coverage__patch=None)
    assert whole(found).effect is Verdict.INCONCLUSIVE
    assert (found.verdict, found.conclusion, found.exit_code) == ("inconclusive", "warn", 0)
    enforced = decided(text.replace(", phase: warn", ", on_missing: warn"), tests__failed=0)
    assert whole(enforced).acts_as is Verdict.INCONCLUSIVE
    assert enforced.exit_code == 11
    observed = decided(text.replace("phase: warn", "phase: observe"), tests__failed=0)
    assert observed.verdict is Verdict.INCONCLUSIVE
    assert observed.exit_code == 0


def test_every_missing_weight_counts() -> None:
    text = """
objectives:
  a: {metric: tests.failed, pass: "== 0", weight: 5}
  b: {metric: coverage.patch, pass: ">= 80%", weight: 3}
  c: {metric: coverage.line, pass: ">= 80%", weight: 2}
"""
    found = decided(text, tests__failed=0, coverage__patch=None, coverage__line=None)
    assert found.evidence_rate == 50


def test_evidence_that_is_just_enough_where_it_is_enforced_does_not_block() -> None:
    text = """
score: {min_evidence: 60%}
objectives:
  a: {metric: tests.failed, pass: "== 0", weight: 3}
  b: {metric: coverage.patch, pass: ">= 80%", weight: 2, on_missing: warn}
  c: {metric: coverage.line, pass: ">= 80%", weight: 1, phase: warn}
"""
    found = decided(text, tests__failed=0, coverage__patch=None, coverage__line=None)
    assert found.evidence_rate == 50
    assert (whole(found).effect, whole(found).acts_as) == ("inconclusive", "warn")


def test_what_is_only_observed_never_warns() -> None:
    text = """
objectives:
  a: {metric: coverage.patch, pass: ">= 80%", phase: observe}
"""
    for value in (None, 10):
        found = decided(text, coverage__patch=value)
        assert found.verdict in {Verdict.INCONCLUSIVE, Verdict.FAIL}
        assert found.conclusion is Verdict.PASS


def test_reasons_come_in_the_order_of_what_they_do_and_then_of_what_they_ask() -> None:
    text = """
score: {pass: 0, warn: 0}
objectives:
  a: {metric: coverage.line, pass: ">= 80%", warn: ">= 10%"}
  b: {metric: coverage.patch, pass: ">= 80%", key: true, phase: warn}
  c: {metric: coverage.branch, pass: ">= 80%", key: true, phase: observe}
  d: {metric: tests.failed, pass: "== 0", on_missing: inconclusive, weight: 0.1}
"""
    found = decided(
        text, coverage__line=70, coverage__patch=0, coverage__branch=0, tests__failed=None
    )
    assert [reason.objective for reason in found.reasons] == ["d", "b", "a", "c"]


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("on_missing", ["inconclusive", "fail", "warn", "exclude"])
def test_nothing_measured_never_passes(phase: Phase, on_missing: str) -> None:
    text = f"""
phase: {phase}
score: {{pass: 0, warn: 0, min_evidence: 0%}}
objectives:
  one: {{metric: coverage.line, pass: ">= 80%", on_missing: {on_missing}}}
"""
    found = decided(text, coverage__line=None)
    verdict = "fail" if on_missing == "fail" else "inconclusive"
    assert (found.verdict, found.score, found.evidence_rate) == (verdict, None, 0)
    assert whole(found).text == "no objective was measured"
    assert found.conclusion == CONCLUSIONS[verdict, phase.value][0]


def test_nothing_applicable_is_inconclusive_and_does_not_block() -> None:
    text = 'objectives:\n  it: {metric: coverage.patch, pass: ">= 80%", min_sample: 5}\n'
    few = {"coverage.patch": Measurement("coverage.patch", Fraction(0), sample=4)}
    found = judge(policy(text), few, Baseline(), today=TODAY)
    assert found.objectives[0].status is Status.NOT_APPLICABLE
    assert (found.verdict, found.conclusion, found.exit_code) == ("inconclusive", "warn", 0)
    assert found.evidence_rate == 0
    mixed = text + '  and: {metric: coverage.line, pass: ">= 80%", on_missing: exclude}\n'
    blocked = judge(policy(mixed), few, Baseline(), today=TODAY)
    assert (blocked.verdict, blocked.exit_code) == ("inconclusive", 11)


def test_a_first_run_without_baseline_warns_and_is_not_inconclusive() -> None:
    text = 'objectives:\n  it: {metric: coverage.line, pass: ">= baseline"}\n'
    first = decided(text, coverage__line=80)
    assert first.objectives[0].status is Status.NO_BASELINE
    assert first.objectives[0].value == 80
    assert (first.verdict, first.score, first.exit_code) == ("warn", None, 0)
    second = decided(text, base=baseline(coverage__line=80), coverage__line=80)
    assert (second.verdict, second.objectives[0].baseline) == ("pass", 80)


def test_broken_evidence_is_inconclusive_whatever_the_objectives_say() -> None:
    gate = policy('objectives:\n  it: {metric: coverage.line, pass: ">= 80%"}\n')
    values = measured(coverage__line=90)
    found = judge(gate, values, Baseline(), today=TODAY, broken=["a.xml is empty"])
    assert (found.verdict, found.conclusion) == ("inconclusive", "inconclusive")
    assert whole(found).text == "a.xml is empty"
    mild = policy('phase: warn\nobjectives:\n  it: {metric: coverage.line, pass: ">= 80%"}\n')
    found = judge(mild, values, Baseline(), today=TODAY, broken=["a.xml is empty"])
    assert (found.verdict, found.conclusion) == ("inconclusive", "warn")


def test_a_veto_is_named_first() -> None:
    text = """
objectives:
  cover: {metric: coverage.patch, pass: ">= 80%", warn: ">= 60%"}
  green: {metric: tests.failed, pass: "== 0", key: true, weight: 0.01}
"""
    found = decided(text, tests__failed=2, coverage__patch=79)
    assert [reason.objective for reason in found.reasons] == ["green", "cover"]
    assert "green failed and is key, a veto: 2 does not satisfy `== 0`" in found.reasons[0].text
    assert found.score is not None
    assert found.score > 95
    assert found.exit_code == 10


@pytest.mark.parametrize(
    ("today", "phase", "code"),
    [
        (date(2027, 1, 31), Phase.WARN, 0),
        (date(2027, 2, 1), Phase.ENFORCE, 10),
        (date(2027, 2, 2), Phase.ENFORCE, 10),
    ],
)
def test_a_dated_phase_in_blocks_from_its_day_on(today: date, phase: Phase, code: int) -> None:
    gate = policy(
        """
objectives:
  it: {metric: tests.failed, pass: "== 0", key: true, enforce_from: 2027-02-01}
"""
    )
    found = judge(gate, measured(tests__failed=1), Baseline(), today=today)
    assert (found.objectives[0].phase, found.exit_code) == (phase, code)
    assert found.verdict is Verdict.FAIL


def test_a_date_does_not_make_an_objective_act_stronger() -> None:
    gate = policy(
        'objectives:\n  it: {metric: tests.failed, pass: "== 0", enforce_from: 2027-02-01,'
        " phase: observe}\n"
    )
    for today in (date(2026, 1, 1), date(2028, 1, 1)):
        found = judge(gate, measured(tests__failed=1), Baseline(), today=today)
        assert found.objectives[0].phase is Phase.OBSERVE


def test_an_expired_waiver_is_reported_and_acts_no_more() -> None:
    text = 'objectives:\n  it: {metric: coverage.patch, pass: ">= 80%", key: true}\n' + WAIVER
    gate = policy(text)
    for today, code, waiver in [
        (date(2026, 10, 31), 10, None),
        (date(2026, 11, 1), 0, "W-1"),
        (date(2026, 11, 30), 0, "W-1"),
        (date(2026, 12, 1), 10, None),
    ]:
        found = judge(gate, measured(coverage__patch=70), Baseline(), today=today)
        assert (found.exit_code, found.objectives[0].waiver) == (code, waiver)
        said = [reason for reason in found.reasons if "expired" in reason.text]
        assert bool(said) is (today == date(2026, 12, 1))
    assert said == [
        Reason(
            "it",
            Verdict.PASS,
            Verdict.PASS,
            "waiver W-1 of it expired on 2026-11-30: it acts no more (owner a)",
        )
    ]


LEVELS = """
objectives:
  a: {metric: tests.failed, pass: "== 0", warn: "<= 5", level: bronze}
  b: {metric: coverage.patch, pass: ">= 80%", level: silver, on_missing: exclude}
  c: {metric: coverage.line, pass: ">= 80%", level: gold}
  d: {metric: tests.flaky, pass: "== 0"}
"""


@pytest.mark.parametrize(
    ("failed", "patch", "line", "level"),
    [
        (0, 80, 80, "gold"),
        (0, 80, 79, "silver"),
        (0, 80, None, "silver"),
        (0, 79, 80, "bronze"),
        (0, None, 80, "bronze"),  # left out of the score, and not reached
        (1, 80, 80, None),  # a warning is no pass
        (None, 80, 80, None),
    ],
)
def test_levels_are_cumulative(
    failed: int | None, patch: int | None, line: int | None, level: str | None
) -> None:
    found = decided(
        LEVELS, tests__failed=failed, coverage__patch=patch, coverage__line=line, tests__flaky=9
    )
    assert found.level == level


def test_a_level_without_objectives_is_not_reached() -> None:
    text = LEVELS.replace("level: bronze", "weight: 1")
    assert decided(text, tests__failed=0, coverage__patch=70, coverage__line=90).level is None
    assert decided(text, tests__failed=0, coverage__patch=80, coverage__line=70).level == "silver"
    assert decided(text, tests__failed=9, coverage__patch=80, coverage__line=80).level == "gold"


def test_what_is_not_applicable_counts_as_reached_and_what_is_waived_does_not() -> None:
    values = {
        **measured(tests__failed=0, coverage__line=90),
        "coverage.patch": Measurement(
            "coverage.patch", missing="nothing to measure", denominator=0
        ),
    }
    found = judge(policy(LEVELS), values, Baseline(), today=TODAY)
    assert found.objectives[1].status is Status.NOT_APPLICABLE
    assert found.level == "gold"
    waived = policy(LEVELS + WAIVER.replace("objective: it", "objective: c"))
    found = judge(waived, values, Baseline(), today=TODAY)
    assert found.objectives[2].status is Status.PASS
    assert found.level == "silver"


statuses = st.sampled_from(sorted(SITUATIONS))
objectives = st.lists(
    st.tuples(
        statuses,
        st.sampled_from(["observe", "warn", "enforce"]),
        st.booleans(),
        st.integers(1, 5),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
METRICS = ["coverage.line", "coverage.branch", "coverage.patch", "coverage.patch_branch"]
METRICS += ["tests.pass_rate"]


def many(
    rules: list[tuple[str, str, bool, int, bool]], phase: str
) -> tuple[Policy, dict[str, Measurement]]:
    lines, values = [], {}
    waivers = ["waivers:"]
    for index, (situation, own, key, weight, waived) in enumerate(rules):
        rule, value = SITUATIONS[situation]
        metric = METRICS[index]
        lines.append(
            f"  o{index}: {{metric: {metric}, phase: {own}, key: {str(key).lower()}, "
            f"weight: {weight}, {rule}}}"
        )
        values[metric] = (
            Measurement(metric, missing="no report")
            if value is None
            else Measurement(metric, Fraction(value))
        )
        if waived:
            waivers.append(
                f"  - {{id: W-{index}, objective: o{index}, owner: a, approved_by: b, reason: r,"
                " created: 2026-11-01, expires: 2026-11-30}"
            )
    text = f"phase: {phase}\nobjectives:\n" + "\n".join(lines)
    if len(waivers) > 1:
        text += "\n" + "\n".join(waivers)
    return policy(text), values


@given(objectives, st.sampled_from(["observe", "warn", "enforce"]))
def test_what_holds_of_every_decision(
    rules: list[tuple[str, str, bool, int, bool]], phase: str
) -> None:
    gate, values = many(rules, phase)
    found = judge(gate, values, Baseline(), today=TODAY, facts={"branch": "main"})
    assert found.score is None or 0 <= found.score <= 100
    assert 0 <= found.evidence_rate <= 100
    assert SEVERITY[found.conclusion] <= SEVERITY[found.verdict]
    assert all(SEVERITY[each.acts_as] <= SEVERITY[each.effect] for each in found.reasons)
    assert found.exit_code == EXIT_CODES[found.conclusion]
    seen = {Status.PASS, Status.WARN, Status.FAIL, Status.NO_BASELINE}
    if not any(result.status in seen for result in found.objectives):
        assert found.verdict in {Verdict.INCONCLUSIVE, Verdict.FAIL}
    enforced = [each for each in found.objectives if blocks(each)]
    if not enforced:
        assert found.exit_code == 0
    if any(each.key and each.status is Status.FAIL for each in enforced):
        assert found.exit_code == 10


def blocks(result: ObjectiveResult) -> bool:
    return result.phase is Phase.ENFORCE and result.waiver is None


@given(objectives, st.data())
def test_a_milder_phase_never_changes_the_verdict(
    rules: list[tuple[str, str, bool, int, bool]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(rules) - 1))
    phase = data.draw(st.sampled_from(["observe", "warn", "enforce"]))
    changed = [*rules]
    changed[index] = (rules[index][0], phase, *rules[index][2:])
    verdicts = {
        judge(*many(each, "enforce"), Baseline(), today=TODAY, facts={"branch": "main"}).verdict
        for each in (rules, changed)
    }
    assert len(verdicts) == 1
