from __future__ import annotations

import pytest
from tests.support.policies import mistakes, policy

ORG = """
locked: [score, baseline, phase, waivers, break_glass]
phase: warn
score: {pass: 90, warn: 75, min_evidence: 80%}
baseline: {window: 20, aggregate: median}
max_waiver_days: 30
break_glass: {label: emergency, allowed: [sre]}
objectives:
  it:
    metric: coverage.patch
    pass: ">= 80%"
    warn: ">= 60%"
    key: true
    weight: 2
    level: silver
    min_sample: 20
    on_missing: inconclusive
    phase: enforce
    enforce_from: 2027-02-01
    applies_when: {risk: [medium, high], branch: main}
    locked: true
  free: {metric: coverage.line, pass: ">= 80%", warn: ">= 60%", key: true}
  loss: {metric: coverage.line, pass: ">= baseline - 1%", phase: enforce, locked: true}
  sized: {metric: coverage.line, pass: ">= 1%", phase: enforce, locked: true,
    applies_when: {lines: [">= 400", "< 900"], paths: ["src/**", "!src/gen/**"]}}
"""
WAIVER = """
  - {id: W-1, objective: it, owner: a, approved_by: b, reason: r, created: 2026-01-01,
     expires: 2026-01-15}
"""


@pytest.mark.parametrize(
    "text",
    [
        'objectives: {it: {pass: ">= 80%"}}',
        'objectives: {it: {pass: ">= 90%", warn: ">= 80%"}}',
        "objectives: {it: {warn: null}}",
        'objectives: {it: {pass: "> 80% and < 100% or == 100%"}}',
        "objectives: {it: {weight: 3}}",
        "objectives: {it: {level: bronze}}",
        "objectives: {it: {min_sample: 10}}",
        "objectives: {it: {min_sample: null}}",
        "objectives: {it: {on_missing: fail}}",
        "objectives: {it: {enforce_from: 2027-01-31}}",
        "objectives: {it: {enforce_from: null}}",
        "objectives: {it: {applies_when: {risk: [low, medium, high], branch: main}}}",
        "objectives: {it: {applies_when: {risk: [medium, high]}}}",
        "objectives: {it: {applies_when: null}}",
        'objectives: {sized: {applies_when: {lines: ">= 100", paths: ["src/**", "lib/**"]}}}',
        'objectives: {sized: {applies_when: {lines: "> 399", paths: ["src/**", "!src/gen/**"]}}}',
        "objectives: {sized: {applies_when: {paths: ['!src/gen/**']}}}",
        "objectives: {it: {remedy: read the handbook}}",
        "objectives: {it: {locked: true}}",
        'objectives: {free: {pass: ">= 1%", warn: null, key: false, phase: observe}}',
        "objectives: {free: {disabled: true}}",
        'objectives: {loss: {pass: ">= baseline"}}',
        'objectives: {loss: {pass: ">= baseline - 1% and >= 70%"}}',
        "score: {pass: 95, warn: 80, min_evidence: 100%}",
        "baseline: {window: 20}",
        "phase: enforce",
        "max_waiver_days: 10",
        "break_glass: {label: emergency, allowed: [sre]}",
    ],
)
def test_what_may_be_tightened_and_what_is_free(text: str) -> None:
    policy(f"extends: org.yaml\n{text}\n", **{"org.yaml": ORG})


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            'objectives: {it: {pass: ">= 79%"}}',
            19,
            (
                "it is locked at org.yaml:21, and this loosens it: `>= 79%` accepts 79.0 %, "
                "and `>= 80%` did not (org.yaml:11)"
            ),
        ),
        (
            'objectives: {it: {warn: ">= 50%"}}',
            19,
            "`>= 50%` accepts 50.0 %, and `>= 60%` did not (org.yaml:12)",
        ),
        (
            'objectives: {loss: {pass: ">= baseline - 2%"}}',
            21,
            (
                "`>= baseline - 2%` accepts 0.0 % at a baseline of 1.5 %, "
                "and `>= baseline - 1%` did not (org.yaml:23)"
            ),
        ),
        (
            'objectives: {loss: {warn: ">= baseline - 2%"}}',
            21,
            (
                "`>= baseline - 2%` accepts 0.0 % at a baseline of 1.5 %, "
                "and `>= baseline - 1%` did not (org.yaml:23)"
            ),
        ),
        (
            "objectives: {it: {metric: coverage.line}}",
            19,
            "loosens it: `metric` was `coverage.patch` (org.yaml:10)",
        ),
        ("objectives: {it: {key: false}}", 19, "loosens it: it was `key: true` (org.yaml:13)"),
        ("objectives: {it: {weight: 1.9}}", 19, "loosens it: `weight` was 2.0 (org.yaml:14)"),
        ("objectives: {it: {level: gold}}", 19, "loosens it: `level` was silver (org.yaml:15)"),
        ("objectives: {it: {level: null}}", 19, "loosens it: `level` was silver (org.yaml:15)"),
        ("objectives: {it: {min_sample: 21}}", 19, "`min_sample` was 20 (org.yaml:16)"),
        ("objectives: {loss: {min_sample: 1}}", 21, "`min_sample` was not set (org.yaml:23)"),
        ("objectives: {it: {on_missing: warn}}", 19, "`on_missing` was inconclusive (org.yaml:17)"),
        ("objectives: {it: {on_missing: exclude}}", 19, "`on_missing` was inconclusive"),
        ("objectives: {it: {phase: warn}}", 19, "loosens it: `phase` was enforce (org.yaml:18)"),
        ("objectives: {it: {phase: null}}", 19, "loosens it: `phase` was enforce (org.yaml:18)"),
        (
            "objectives: {it: {enforce_from: 2027-02-02}}",
            19,
            "loosens it: `enforce_from` was 2027-02-01 (org.yaml:19)",
        ),
        (
            "objectives: {loss: {enforce_from: 2020-01-01}}",
            21,
            "loosens it: `enforce_from` was not set (org.yaml:23)",
        ),
        (
            "objectives: {it: {applies_when: {risk: high, branch: main}}}",
            19,
            "loosens it: it applied to more (org.yaml:20)",
        ),
        (
            "objectives: {it: {applies_when: {risk: [medium, high], branch: main, tier: 1}}}",
            19,
            "loosens it: it applied to more (org.yaml:20)",
        ),
        (
            'objectives: {sized: {applies_when: {lines: ">= 401", paths: ["src/**"]}}}',
            22,
            "loosens it: it applied to more (org.yaml:25)",
        ),
        (
            'objectives: {sized: {applies_when: {lines: [">= 1", "< 899"], paths: ["src/**"]}}}',
            22,
            "loosens it: it applied to more (org.yaml:25)",
        ),
        (
            "objectives: {sized: {applies_when: {paths: [src/a/**]}}}",
            22,
            "loosens it: it applied to more (org.yaml:25)",
        ),
        (
            'objectives: {sized: {applies_when: {paths: ["src/**", "!src/b/**"]}}}',
            22,
            "loosens it: it applied to more (org.yaml:25)",
        ),
        (
            "objectives: {it: {locked: false}}",
            19,
            "loosens it: it must stay locked (org.yaml:21)",
        ),
        (
            "objectives: {it: {disabled: true}}",
            19,
            "it is locked at org.yaml:21 and cannot be disabled",
        ),
        ("score: {pass: 89}", 9, "`score` is locked at org.yaml:2: `pass` was 90.0"),
        ("score: {warn: 74.9}", 9, "`score` is locked at org.yaml:2: `warn` was 75.0"),
        ("score: {min_evidence: 79%}", 9, "`score` is locked at org.yaml:2: `min_evidence` was 80"),
        ("baseline: {window: 5}", 12, "`baseline` is locked at org.yaml:2: `window` was 20"),
        ("baseline: {aggregate: min}", 12, "`baseline` is locked at org.yaml:2: `aggregate` was"),
        ("phase: observe", 1, "`phase` is locked at org.yaml:2: it was warn"),
        ("max_waiver_days: 31", 1, "waivers may last 30 days at most (org.yaml:6)"),
        ("break_glass: {label: x, allowed: [all]}", 1, "`break_glass` is locked at org.yaml:2"),
        ("break_glass: null", 1, "`break_glass` is locked at org.yaml:2: it cannot be changed"),
        (f"waivers:{WAIVER}", 5, "`waivers` is locked at org.yaml:2: waiver `W-1` cannot be added"),
    ],
)
def test_what_is_locked_cannot_be_loosened(text: str, column: int, message: str) -> None:
    (only,) = mistakes(f"extends: org.yaml\n{text}\n", **{"org.yaml": ORG})
    line = 4 if text.startswith("waivers") else 3
    assert (only.file, only.line, only.column) == ("team.yaml", line, column)
    assert message in only.message
    assert only.hint == (
        "a scorecard may tighten what it extends; what is locked it must not loosen"
    )


def test_both_criteria_are_held_against_those_before() -> None:
    text = 'objectives: {it: {pass: ">= 80% or < 5%", warn: ">= 60% or < 5%"}}'
    first, second = mistakes(f"extends: org.yaml\n{text}\n", **{"org.yaml": ORG})
    assert "`>= 80% or < 5%` accepts 0.0 %, and `>= 80%` did not (org.yaml:11)" in first.message
    assert "`>= 60% or < 5%` accepts 0.0 %, and `>= 60%` did not (org.yaml:12)" in second.message


def test_a_weaker_phase_of_the_scorecard_loosens_what_takes_its_phase_from_it() -> None:
    org = """
objectives:
  a: {metric: tests.failed, pass: "== 0", locked: true}
  b: {metric: tests.flaky, pass: "== 0", locked: true, phase: enforce}
"""
    (only,) = mistakes("extends: org.yaml\nphase: warn\n", **{"org.yaml": org})
    assert only.where == "team.yaml:3:1"
    assert "`phase` was enforce (org.yaml:3)" in only.message


def test_a_date_is_no_loosening_of_what_only_warned() -> None:
    org = 'objectives:\n  a: {metric: tests.failed, pass: "== 0", locked: true, phase: warn}\n'
    text = "extends: org.yaml\nobjectives: {a: {phase: enforce, enforce_from: 2027-02-01}}\n"
    policy(text, **{"org.yaml": org})


def test_a_lock_holds_over_several_levels() -> None:
    files = {
        "org.yaml": 'objectives:\n  a: {metric: tests.failed, pass: "<= 3", locked: true}\n',
        "area.yaml": 'extends: org.yaml\nobjectives: {a: {pass: "<= 2"}}\n',
    }
    policy('extends: area.yaml\nobjectives: {a: {pass: "<= 1"}}\n', **files)
    (only,) = mistakes('extends: area.yaml\nobjectives: {a: {pass: "<= 3"}}\n', **files)
    assert "locked at org.yaml:3" in only.message
    assert "(area.yaml:3)" in only.message


def test_a_lock_of_the_own_file_binds_only_those_that_extend_it() -> None:
    policy('objectives:\n  a: {metric: tests.failed, pass: "<= 3", locked: true}\n')
    gate = policy(
        "extends: org.yaml\nlocked: [score]\nscore: {pass: 50}\nobjectives: {a: {locked: true}}\n",
        **{"org.yaml": 'objectives:\n  a: {metric: tests.failed, pass: "<= 3"}\n'},
    )
    assert gate.locked == ("score",)
    assert gate.objectives[0].locked


def test_the_rule_that_is_loosened_is_named_where_it_stands() -> None:
    org = 'phase: enforce\nobjectives:\n  a: {metric: tests.failed, pass: "== 0", locked: true}\n'
    (only,) = mistakes("extends: org.yaml\nphase: warn\n", **{"org.yaml": org})
    assert "`phase` was enforce (org.yaml:2)" in only.message


def test_a_difference_below_zero_counts_where_there_is_one() -> None:
    org = 'objectives:\n  a: {metric: coverage.delta, pass: ">= -0.5", locked: true}\n'
    text = 'extends: org.yaml\nobjectives: {a: {pass: ">= -1"}}\n'
    (only,) = mistakes(text, **{"org.yaml": org})
    assert "`>= -1` accepts -1.0 points, and `>= -0.5` did not" in only.message


def test_dropping_what_was_tolerated_is_no_excuse_for_asking_less() -> None:
    text = 'extends: org.yaml\nobjectives: {it: {pass: ">= 50%", warn: null}}\n'
    (only,) = mistakes(text, **{"org.yaml": ORG})
    assert (only.column, "`>= 50%` accepts 50.0 %" in only.message) == (19, True)


def test_the_baseline_of_a_locked_objective_is_locked_with_it() -> None:
    org = 'objectives:\n  a: {metric: coverage.line, pass: ">= baseline", locked: true}\n'
    text = "extends: org.yaml\nbaseline: {window: 1}\n"
    (only,) = mistakes(text, **{"org.yaml": org})
    assert only.message == "`baseline` is locked at org.yaml:3: `window` was 20"
    policy(text, **{"org.yaml": org.replace("locked: true", "key: true")})
    policy(text, **{"org.yaml": org.replace("baseline", "1%")})


WAIVED = f"extends: org.yaml\nwaivers:{WAIVER}"


@pytest.mark.parametrize(
    ("rule", "waived"),
    [
        ("", True),
        ("waivable: true", True),
        ("locked: true", False),
        ("locked: true, waivable: true", True),
    ],
)
def test_what_is_locked_is_waived_only_where_that_is_allowed(rule: str, waived: bool) -> None:
    org = f'objectives:\n  it: {{metric: coverage.patch, pass: ">= 80%", {rule}}}\n'
    if waived:
        (found,) = policy(WAIVED, **{"org.yaml": org}).waivers
        assert found.id == "W-1"
        return
    (only,) = mistakes(WAIVED, **{"org.yaml": org})
    assert only.where == "team.yaml:4:5"
    assert only.message == (
        "waiver `W-1`: it is locked at org.yaml:3 and not waivable: it can be waived there, or "
        "made `waivable: true`"
    )


def test_whoever_locks_may_waive() -> None:
    org = 'objectives:\n  it: {metric: coverage.patch, pass: ">= 80%", locked: true}\n'
    organisation = {"org.yaml": f"{org}waivers:{WAIVER}"}
    (found,) = policy("extends: org.yaml\nteam: t\n", **organisation).waivers
    assert found.id == "W-1"


def test_a_team_does_not_make_what_is_locked_waivable() -> None:
    org = 'objectives:\n  it: {metric: coverage.patch, pass: ">= 80%", locked: true}\n'
    loose = "extends: org.yaml\nobjectives: {it: {waivable: true}}\n"
    (only,) = mistakes(loose, **{"org.yaml": org})
    assert "this loosens it: it could not be waived" in only.message
    assert only.where == "team.yaml:3:19"
    found = mistakes(f"{loose}waivers:{WAIVER}", **{"org.yaml": org})
    assert len(found) == 2
