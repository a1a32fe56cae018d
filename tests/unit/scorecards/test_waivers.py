from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.support.policies import baseline, measured, mistakes, policy

from vsm_gate.model.results import Baseline, Status, Verdict
from vsm_gate.scorecards.decide import judge

TODAY = date(2026, 11, 22)
OBJECTIVES = """
objectives:
  cover: {metric: coverage.patch, pass: ">= 80%", key: true}
  loss: {metric: coverage.line, pass: ">= baseline", key: true}
"""


def waiver(**changes: str | None) -> str:
    """A scorecard with one good waiver of `cover`, some of its keys changed or left out."""
    keys: dict[str, str | None] = {
        "id": "W-1",
        "objective": "cover",
        "owner": "'@ann'",
        "approved_by": "'@bob'",
        "reason": "the old importer goes in January",
        "created": "2026-11-01",
        "expires": "2026-12-01",
        **changes,
    }
    body = "\n    ".join(f"{key}: {value}" for key, value in keys.items() if value is not None)
    return f"{OBJECTIVES}waivers:\n  - {body}\n"


def waived(text: str, facts: dict[str, object], patch: str = "70") -> str | None:
    values = measured(coverage__patch=Fraction(patch), coverage__line=90)
    base = baseline(coverage__line=90)
    return judge(policy(text), values, base, today=TODAY, facts=facts).objectives[0].waiver


@pytest.mark.parametrize(
    ("scope", "facts", "covered"),
    [
        (None, {}, True),
        ("{pull_request: 12}", {"pull_request": "12"}, True),
        ("{pull_request: 12}", {"pull_request": 12}, True),
        ("{pull_request: 12}", {"pull_request": "13"}, False),
        ("{pull_request: 12}", {}, False),
        ("{component: billing}", {"component": ["billing"]}, True),
        ("{component: [billing, search]}", {"component": ["billing", "search"]}, True),
        ("{component: billing}", {"component": ["billing", "search"]}, False),
        ("{component: billing}", {"component": []}, False),
        ("{component: billing}", {}, False),
        ("{paths: 'old/**'}", {"paths": ["old/a.py", "old/b/c.py"]}, True),
        ("{paths: 'old/**'}", {"paths": ["old/a.py", "new/a.py"]}, False),
        ("{paths: ['old/**', 'new/*.py']}", {"paths": ["old/a.py", "new/a.py"]}, True),
        ("{paths: 'old/**'}", {"paths": ["very/old/a.py"]}, False),
        ("{paths: 'old/**'}", {"paths": []}, False),
        ("{paths: 'old/**'}", {}, False),
        (
            "{paths: 'old/**', pull_request: 12}",
            {"paths": ["old/a.py"], "pull_request": "13"},
            False,
        ),
        (
            "{paths: 'old/**', component: billing}",
            {"paths": ["old/a.py"], "component": ["search"]},
            False,
        ),
    ],
)
def test_a_waiver_covers_what_lies_within_its_scope(
    scope: str | None, facts: dict[str, object], covered: bool
) -> None:
    assert waived(waiver(scope=scope), facts) == ("W-1" if covered else None)


@pytest.mark.parametrize(("patch", "covered"), [("60", True), ("59.9", False), ("90", True)])
def test_a_waiver_holds_its_weaker_criterion(patch: str, covered: bool) -> None:
    text = waiver(accept='">= 60%"')
    assert waived(text, {}, patch) == ("W-1" if covered else None)


def test_a_criterion_that_cannot_be_checked_is_not_met() -> None:
    text = waiver(accept='">= 60%"')
    values = measured(coverage__patch=None, coverage__line=90)
    found = judge(policy(text), values, baseline(coverage__line=90), today=TODAY)
    assert found.objectives[0].waiver is None
    assert found.verdict is Verdict.INCONCLUSIVE
    relative = waiver(objective="loss", accept='">= baseline - 5%"')
    values = measured(coverage__patch=90, coverage__line=90)
    found = judge(policy(relative), values, Baseline(), today=TODAY)
    assert found.objectives[1].waiver is None
    assert found.objectives[1].status is Status.NO_BASELINE


@pytest.mark.parametrize(("line", "covered"), [(86, True), (85, True), (84, False)])
def test_a_weaker_criterion_may_be_relative(line: int, covered: bool) -> None:
    gate = policy(waiver(objective="loss", accept='">= baseline - 5%"'))
    values = measured(coverage__patch=90, coverage__line=line)
    found = judge(gate, values, baseline(coverage__line=90), today=TODAY)
    assert (found.objectives[1].waiver is not None) is covered
    assert found.exit_code == (0 if covered else 10)


def test_a_waived_objective_keeps_its_status() -> None:
    values = measured(coverage__patch=70, coverage__line=90)
    found = judge(policy(waiver()), values, baseline(coverage__line=90), today=TODAY)
    assert (found.objectives[0].status, found.objectives[0].waiver) == (Status.FAIL, "W-1")
    assert (found.verdict, found.conclusion) == ("fail", "warn")


def test_the_first_waiver_that_covers_is_named() -> None:
    extra = """\
  - {id: W-0, objective: loss, owner: a, approved_by: b, reason: r, created: 2026-11-01,
     expires: 2026-12-01}
  - {id: W-2, objective: cover, owner: a, approved_by: b, reason: r, created: 2026-11-01,
     expires: 2026-12-01}
"""
    assert waived(waiver() + extra, {}) == "W-1"
    assert waived(waiver(scope="{pull_request: 1}") + extra, {}) == "W-2"


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"approved_by": "'@ANN '"}, 9, "waiver `W-1` is approved by its own owner"),
        ({"approved_by": "ann"}, 9, "waiver `W-1` is approved by its own owner"),
        ({"objective": "covr"}, 7, "waiver `W-1` is for `covr`, which is no objective"),
        ({"expires": None}, 6, "`expires` is missing"),
        ({"approved_by": None}, 6, "`approved_by` is missing"),
        ({"expires": "soon"}, 12, "`expires`: must be a date such as 2027-02-01"),
        ({"expires": "2026-10-31"}, 12, "waiver `W-1` expires before it is created"),
        ({"expires": "2027-01-31"}, 12, "waiver `W-1` lasts 91 days, and 90 are allowed"),
        ({"accept": "'>= 90%'"}, 13, "`accept` of waiver `W-1` is not weaker than what is asked"),
        ({"accept": "'>= 9'"}, 13, "`accept` of waiver `W-1`: a unit is missing"),
        ({"scope": "{path: x}"}, 13, "unknown key `path`"),
        ({"scope": "{pull_request: twelve}"}, 13, "`pull_request`: string should match"),
        ({"reason": "''"}, 10, "`reason`: string should have at least 1 character"),
    ],
)
def test_a_waiver_that_is_none(changes: dict[str, str | None], line: int, message: str) -> None:
    (only,) = mistakes(waiver(**changes))
    assert (only.line, message in only.message) == (line, True), only


def test_a_waiver_may_last_as_long_as_the_maximum_says() -> None:
    gate = policy(waiver(expires="2027-01-30"))
    assert (gate.waivers[0].expires - gate.waivers[0].created).days == 90
    policy(waiver(expires="2026-11-01"))
    policy(waiver(expires="2027-06-01") + "max_waiver_days: 365\n")
    (only,) = mistakes(waiver() + "max_waiver_days: 29\n")
    assert "lasts 30 days, and 29 are allowed" in only.message


def test_two_waivers_of_one_name() -> None:
    (only,) = mistakes(
        "extends: org.yaml\n"
        + waiver().partition("waivers:")[1]
        + waiver().partition("waivers:")[2],
        **{"org.yaml": waiver()},
    )
    assert only.message == "waiver `W-1` stands already at org.yaml:6"
    assert only.where == "team.yaml:4:5"


def test_the_column_of_a_mistake_in_what_is_accepted() -> None:
    (only,) = mistakes(waiver(accept='">= 60% or <= basline"'))
    assert only.where == "team.yaml:13:27"
