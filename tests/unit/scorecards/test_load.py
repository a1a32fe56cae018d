from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.policies import HEADER, mistakes, policy

from vsm_gate.errors import ConfigurationError
from vsm_gate.model.results import Phase
from vsm_gate.scorecards.load import MAX_CHAIN, Source, SourceError, load
from vsm_gate.scorecards.schema import BaselineSettings, ObjectiveRule, Scorecard, WaiverRule

GREEN = 'objectives:\n  green: {metric: tests.failed, pass: "== 0"}\n'


def nothing_else(reference: str, source: Source) -> Source:
    raise SourceError(f"there is no {reference}")


def found(text: str, **others: str) -> list[tuple[str, str, str | None]]:
    return [(each.where, each.message, each.hint) for each in mistakes(text, **others)]


def test_ten_mistakes_come_back_at_once_each_where_it_stands() -> None:
    text = """\
schema: vsm-gate/scorecard/v1
team: payments
methodolgy: continuous
phase: enforced
score: {pass: 101, min_evidence: much}
objectives:
  green: {metric: tests.faild, pass: "== 0"}
  cover:
    metric: coverage.patch
    pass: ">= 80"
    enforce_from: next week
  time: {metric: tests.duration, pass: "<= basline"}
  loss: {metric: coverage.line, pass: ">= baseline - 2%", warn: ">= baseline - 0.5%"}
waivers:
  - {id: W-1, objective: cover, owner: "@ann", approved_by: Ann, reason: r, created: 2026-01-01}
"""
    assert found(text) == [
        ("team.yaml:3:1", "unknown key `methodolgy`", "perhaps you meant `methodology`?"),
        (
            "team.yaml:4:1",
            "`phase`: input should be 'observe', 'warn' or 'enforce'",
            "perhaps you meant `enforce`?",
        ),
        ("team.yaml:5:9", "`pass`: must not be more than 100", None),
        (
            "team.yaml:5:20",
            "`min_evidence`: must be a number that is not negative, such as 2 or 0.5",
            None,
        ),
        (
            "team.yaml:7:19",
            "there is no metric `tests.faild`",
            "perhaps you meant `tests.failed`?",
        ),
        (
            "team.yaml:10:15",
            "`pass` of cover: a unit is missing: a metric measured in %",
            "write `80%`",
        ),
        ("team.yaml:11:5", "`enforce_from`: must be a date such as 2027-02-01", None),
        (
            "team.yaml:12:44",
            "`pass` of time: expected a number or `baseline`, not `basline`",
            "perhaps you meant `baseline`?",
        ),
        (
            "team.yaml:13:66",
            (
                "`warn` of loss must allow all that `pass` allows: 0.0 % passes and does "
                "not satisfy `>= baseline - 0.5%` with a baseline of 1.2 %"
            ),
            None,
        ),
        ("team.yaml:15:5", "`expires` is missing", None),
    ]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "team.yaml:1:1", "the scorecard asks for nothing: no objective"),
        ("objectives: {}\n", "team.yaml:1:1", "the scorecard asks for nothing: no objective"),
        ("objectives: []\n", "team.yaml:2:1", "`objectives`: input should be a valid dictionary"),
        ("objectives: {a: 3}\n", "team.yaml:2:14", "`a`: must be keys and values"),
        ("schema: vsm-gate/scorecard/v2\n" + GREEN, "team.yaml:1:1", "`schema`: input should be"),
        ("objectives:\n  a: {}\n", "team.yaml:3:3", "a has no `metric`"),
        ("objectives:\n  a: {metric: tests.failed}\n", "team.yaml:3:3", "a has no `pass`"),
        (
            'objectives:\n  a: {metric: tests.failed, pass: "> 5 and < 3"}\n',
            "team.yaml:3:36",
            "`pass` of a: no value can satisfy `> 5 and < 3`",
        ),
        (
            'objectives:\n  A b: {metric: x, pass: ""}\n',
            "team.yaml:3:3",
            "`A b` is no name here",
        ),
        (GREEN + "score: {warn: 95}\n", "team.yaml:4:9", "`warn` 95.0 is above `pass` 90.0"),
        (
            'objectives:\n  a: {metric: tests.failed, pass: "== 0", weight: 0}\n',
            "team.yaml:3:43",
            "`weight`: must be more than 0",
        ),
        (
            'objectives:\n  a: {metric: tests.failed, pass: "== 0", weight: -1}\n',
            "team.yaml:3:43",
            "`weight`: must be a number that is not negative",
        ),
        (
            'objectives:\n  a: {metric: tests.failed, pass: "== 0", weight: true}\n',
            "team.yaml:3:43",
            "`weight`: must be a number that is not negative",
        ),
        (
            'objectives:\n  a: {metric: tests.failed, pass: "== 0", enforce_from: 2027-02-30}\n',
            "team.yaml:3:43",
            "`enforce_from`: must be a date: day is out of range",
        ),
        (
            'objectives:\n  a: {metric: tests.failed, pass: "== 0", applies_when: {rsk: high}}\n',
            "team.yaml:3:58",
            "unknown key `rsk`",
        ),
        (GREEN + "extends: other.yaml\n", "team.yaml:4:1", "there is no other.yaml"),
        (GREEN + "extends: 'http://x/y'\n", "team.yaml:4:1", "is read by git and pinned"),
        (GREEN + "extends: 'git+https://x/y'\n", "team.yaml:4:1", "it names no ref"),
        (GREEN + "extends: 'vsm-gate:../x'\n", "team.yaml:4:1", "another shipped scorecard"),
    ],
)
def test_a_mistake(text: str, where: str, message: str) -> None:
    (only,) = mistakes(text)
    assert (only.where, message in only.message) == (where, True), only


def test_a_file_that_is_no_scorecard() -> None:
    for text, message in [
        ("", "the file is empty"),
        ("- 1", "a scorecard is keys and values"),
        ("a: [", "not valid YAML"),
    ]:
        with pytest.raises(ConfigurationError) as caught:
            load(Source("x.yaml", text), nothing_else)
        assert message in caught.value.mistakes[0].message


def test_one_mistake_does_not_make_others_up() -> None:
    text = """
objectives:
  cover: {metric: [coverage.patch], pass: ">= 80%"}
  green: {metric: tests.failed, pass: ["== 0"]}
waivers:
  - {id: "!", objective: cover, owner: a, approved_by: b, reason: r, created: 2026-01-01,
     expires: 2026-02-01}
  - {id: W-2, objective: green, owner: a, approved_by: b, reason: r, created: 2026-01-01}
"""
    assert [each.where for each in mistakes(text)] == [
        "team.yaml:3:11",
        "team.yaml:4:33",
        "team.yaml:6:6",
        "team.yaml:8:5",
    ]


def test_values_come_through_the_chain_with_their_origins() -> None:
    gate = policy(
        """
extends: org.yaml
team: payments
score: {pass: 95}
objectives:
  cover: {pass: ">= 85%", warn: null, weight: 2.5, applies_when: {risk: high, tier: [1, 2]}}
  green: {phase: observe, level: null}
stages: {UAT: acceptance}
""",
        **{
            "org.yaml": """
owner: "@acme/quality"
phase: warn
score: {pass: 80, warn: 60, min_evidence: 70.5%}
baseline: {window: 5}
stages: {SIT: system}
break_glass: {label: emergency, allowed: "@acme/sre"}
objectives:
  green: {metric: tests.failed, pass: "== 0", key: true, level: gold}
  cover: {metric: coverage.patch, pass: ">= 80%", warn: ">= 60%", enforce_from: 2027-02-01}
"""
        },
    )
    green, cover = gate.objectives
    assert (green.id, green.phase, green.key, green.level) == ("green", Phase.OBSERVE, True, None)
    assert (cover.passes.text, cover.warns, cover.weight) == (">= 85%", None, Fraction(5, 2))
    assert (cover.phase, cover.enforce_from) == (Phase.WARN, date(2027, 2, 1))
    assert cover.applies_when == {"risk": ("high",), "tier": ("1", "2")}
    assert str(cover.source) == "org.yaml:10"
    assert {key: str(origin) for key, origin in cover.origins.items()} == {
        "metric": "org.yaml:10",
        "pass": "team.yaml:6",
        "warn": "team.yaml:6",
        "weight": "team.yaml:6",
        "enforce_from": "org.yaml:10",
        "applies_when": "team.yaml:6",
    }
    assert (gate.team, gate.owner) == ("payments", "@acme/quality")
    assert (gate.score.passes, gate.score.warns) == (95, 60)
    assert gate.score.min_evidence == Fraction(141, 2)
    assert (gate.baseline.window, gate.baseline.aggregate) == (5, "median")
    assert gate.stages == {"SIT": "system", "UAT": "acceptance"}
    assert gate.break_glass is not None
    assert gate.break_glass.allowed == ("@acme/sre",)
    assert str(gate.origins["score.pass"]) == "team.yaml:4"
    assert str(gate.origins["score.warn"]) == "org.yaml:4"
    assert [source.name for source in gate.sources] == ["org.yaml", "team.yaml"]


def test_what_nobody_wrote_has_its_default() -> None:
    gate = policy(GREEN)
    (green,) = gate.objectives
    assert (green.weight, green.key, green.on_missing) == (1, False, "inconclusive")
    assert (green.min_sample, green.level, green.phase) == (None, None, Phase.ENFORCE)
    assert (gate.score.passes, gate.score.warns, gate.score.min_evidence) == (90, 75, 80)
    assert (gate.baseline.window, gate.baseline.aggregate) == (20, "median")
    assert (gate.phase, gate.max_waiver_days) == (Phase.ENFORCE, 90)


def test_a_lower_threshold_takes_the_default_of_the_other_with_it() -> None:
    assert policy(GREEN + "score: {pass: 70}\n").score.warns == 70


def test_an_inherited_objective_can_be_disabled() -> None:
    org = GREEN + '  more: {metric: tests.flaky, pass: "== 0"}\n'
    text = "extends: org.yaml\nobjectives:\n  more: {disabled: true}\n"
    gate = policy(text, **{"org.yaml": org})
    assert [each.id for each in gate.objectives] == ["green"]
    assert {name: str(origin) for name, origin in gate.disabled.items()} == {"more": "team.yaml:4"}


def test_mistakes_of_every_file_of_the_chain_the_first_file_first() -> None:
    text = "extends: org.yaml\nphase: never\n"
    org = "phase: always\nobjectives:\n  a: {metric: tests.faild, pass: '== 0'}\n"
    assert [each.where for each in mistakes(text, **{"org.yaml": org})] == [
        "team.yaml:3:1",
        "org.yaml:2:1",
        "org.yaml:4:15",
    ]


def test_a_missing_parent_makes_no_other_mistakes_up() -> None:
    text = """
extends: org.yaml
objectives:
  cover: {pass: ">= 85%"}
waivers:
  - {id: W-1, objective: other, owner: a, approved_by: b, reason: r, created: 2026-01-01,
     expires: 2026-02-01}
"""
    (only,) = mistakes(text)
    assert only.message == "`extends` cannot be followed: there is no org.yaml"
    (broken,) = mistakes(text, **{"org.yaml": "objectives: ["})
    assert broken.file == "org.yaml"
    (unclear,) = mistakes(text.replace("org.yaml", "[org.yaml]"))
    assert unclear.where == "team.yaml:2:1"


def test_extending_in_a_circle() -> None:
    text = "extends: a.yaml\n" + GREEN
    (only,) = mistakes(text, **{"a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n"})
    assert only.where == "b.yaml:2:1"
    assert "it leads in a circle: team.yaml → a.yaml → b.yaml → a.yaml" in only.message
    (same,) = mistakes(text, **{"a.yaml": HEADER + text})
    assert "it leads in a circle: team.yaml → a.yaml" in same.message


def test_a_chain_has_an_end() -> None:
    def deeper(reference: str, source: Source) -> Source:
        count = int(reference)
        return Source(reference, f"{HEADER}extends: '{count + 1}'\nteam: t{count}\n")

    with pytest.raises(ConfigurationError) as caught:
        load(Source("0", f"{HEADER}extends: '1'\n"), deeper)
    (only,) = caught.value.mistakes
    assert f"the chain is longer than {MAX_CHAIN} scorecards" in only.message
    assert only.file == str(MAX_CHAIN - 1)


def test_a_pinned_scorecard_is_what_was_pinned() -> None:
    org = HEADER + GREEN
    digest = hashlib.sha256(org.encode()).hexdigest()
    name = f"git+https://example.com/acme/policies@v1#path=org.yaml&sha256={digest}"
    gate = policy(f"extends: '{name}'\n", **{name: org})
    assert gate.sources[0].name == name
    assert gate.sources[0].sha256 == digest
    (only,) = mistakes(f"extends: '{name}'\n", **{name: org + "# moved\n"})
    assert f"{digest} was pinned" in only.message


def test_the_digest_is_of_what_is_in_force_and_not_of_how_it_is_written() -> None:
    def digest(text: str, **others: str) -> str:
        return policy(text, **others).sha256

    flat = digest(GREEN)
    assert digest("# a comment\n" + GREEN + "phase: enforce\n") == flat
    assert digest("extends: org.yaml\n", **{"org.yaml": GREEN}) == flat
    assert digest(GREEN.replace("== 0", "<= 0")) != flat
    assert digest(GREEN + "phase: warn\n") != flat


scalars = st.one_of(
    st.sampled_from(
        ["== 0", ">= 80%", "tests.failed", "coverage.patch", "enforce", "high", "2027-02-01", "W-1"]
    ),
    st.text(max_size=8),
    st.integers(-3, 10**6),
    st.booleans(),
    st.none(),
)
KEYS = ["a", "b", "id", "risk", "paths", "label", "allowed"]
KEYS += [
    field.alias or name
    for part in (Scorecard, ObjectiveRule, BaselineSettings, WaiverRule)
    for name, field in part.model_fields.items()
]
keys = st.sampled_from(KEYS)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=25,
)
cards = st.dictionaries(keys, trees, max_size=6)
rules = st.dictionaries(
    st.sampled_from(["a", "b", "A!"]), st.dictionaries(keys, scalars, max_size=5), max_size=3
)


@given(cards, st.one_of(st.none(), rules), st.lists(st.dictionaries(keys, scalars), max_size=2))
def test_anything_is_a_policy_or_mistakes_in_it(
    card: dict[str, object], objectives: object, waivers: object
) -> None:
    data = {"schema": "vsm-gate/scorecard/v1", "objectives": objectives, "waivers": waivers, **card}
    check(yaml.safe_dump(data, allow_unicode=True))


@given(st.text(max_size=200))
@example("? [a]\n: b")
@example('"\\UFFFFFFFF"')
@example("a: &a [*a]")
@example("!!int '+-5': !!float x")
def test_any_text_is_a_policy_or_mistakes_in_it(text: str) -> None:
    check(HEADER + text)


def check(text: str) -> None:
    gate, found = None, []
    try:
        gate = load(Source("f.yaml", text), nothing_else)
    except ConfigurationError as problem:
        found = list(problem.mistakes)
    if gate is None:
        assert found
        # YAML ends lines at more characters than `\n`, as `splitlines` does
        assert all(1 <= (each.line or 1) <= len(text.splitlines()) + 2 for each in found)
        assert all(each.message for each in found)
    else:
        assert gate.objectives


@pytest.mark.parametrize(
    ("rule", "where"),
    [('pass: ">= 20%"', "team.yaml:3:25"), ('warn: ">= 90%"', "team.yaml:3:25")],
)
def test_criteria_that_contradict_are_shown_where_the_later_one_stands(
    rule: str, where: str
) -> None:
    org = 'objectives: {a: {metric: coverage.line, pass: ">= 80%", warn: ">= 60%"}}\n'
    (only,) = mistakes(f"extends: org.yaml\nobjectives: {{a: {{{rule}}}}}\n", **{"org.yaml": org})
    assert (only.where, "must allow all that `pass` allows" in only.message) == (where, True)
