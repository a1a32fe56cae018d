"""Decisions made again from what was recorded: what was decided follows, and a forgery does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.ledgers import NOW, opened
from tests.support.project import Project
from tests.support.reports import cobertura, junit

from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import Record
from vsm_gate.history.verification import Walk
from vsm_gate.model.results import Measurement
from vsm_gate.publish.document import measurement as shown_measurement
from vsm_gate.scorecards.recorded import exact

CONFIG = """\
schema: vsm-gate/config/v1
team: payments
scorecard: scorecard.yaml
tests: build/junit.xml
coverage: build/coverage.xml
components: [{name: api, paths: [src/**], tier: 1}]
"""
SCORECARD = """\
schema: vsm-gate/scorecard/v1
owner: "@acme/pay"
objectives:
  tests-green: {metric: tests.failed, pass: "== 0", key: true, level: bronze}
  patch-coverage: {metric: coverage.patch, pass: ">= 80%", warn: ">= 60%", weight: 3}
  no-loss: {metric: coverage.line, pass: ">= baseline - 0.5%", warn: ">= baseline - 2%"}
  spread: {metric: change.entropy, pass: "<= baseline + 0.1", applies_when: {tier: ["1"]}}
"""
WAIVER = """\
waivers:
  - {id: W1, objective: patch-coverage, owner: alex, approved_by: sam, reason: legacy,
     scope: {paths: ["src/**"]}, created: 2026-11-01, expires: 2026-12-01}
"""


class Team(Project):
    """A repository whose changes are checked, one after the other."""

    def __init__(self, folder: Path) -> None:
        files = {".gitignore": "build/\n", ".vsm-gate.yaml": CONFIG, "scorecard.yaml": SCORECARD}
        super().__init__(folder, {**files, "src/a.py": "x\n" * 7})

    def land(
        self, number: int, covered: int, *, now: str = "", failing: str | None = None
    ) -> dict[str, Any]:
        """Land a change of seven lines, of which so many are covered; the record's document."""
        self.repository.write(f"src/f{number}.py", "y\n" * 7).commit("A change", ignored=False)
        lines = {line: int(line <= covered) for line in range(1, 8)}
        files = {"src/a.py": dict.fromkeys(range(1, 8), 1), f"src/f{number}.py": lines}
        self.repository.write(
            "build/junit.xml", junit(["test_a"], {failing: "no"} if failing else {})
        )
        self.repository.write("build/coverage.xml", cobertura(files))
        time = now or f"2026-11-22T10:{number:02}:00Z"
        document: dict[str, Any] = self.result("--now", time)["record"]["document"]
        return document

    def govern(self, scorecard: str) -> None:
        """Land another policy."""
        self.repository.write("scorecard.yaml", scorecard).commit(
            "Change the policy", ignored=False
        )

    def ledger(self) -> Ledger:
        return opened(self.repository.path, self.repository.environment)

    def replayed(self) -> Walk:
        """The branch verified, with its decisions made again."""
        return self.ledger().verify(replay=True)

    def forge(self, document: dict[str, Any], **fields: object) -> Record:
        """Append a record like this one, with other fields, as someone with access can."""
        made = Record.of({**document, **fields})
        self.ledger().append([made])
        return made


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path / "work")


def test_every_decision_follows_from_what_was_recorded(team: Team) -> None:
    verdicts = [team.land(n, covered)["verdict"] for n, covered in enumerate((7, 6, 5, 2, 4, 7))]
    team.govern(SCORECARD + WAIVER)
    waived = team.land(6, 1)
    assert waived["waivers"] == ["W1"]
    assert "src/f6.py" in waived["facts"]["paths"]
    failed = team.land(7, 7, failing="test_b")
    assert {*verdicts, waived["verdict"], failed["verdict"]} > {"warn", "fail"}
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert (found.replayed.made, dict(found.replayed.unable)) == (8, {})


@given(st.fractions(), st.none() | st.integers(1, 10**6))
def test_a_measurement_is_recorded_exactly(value: Fraction, denominator: int | None) -> None:
    found = Measurement("tests.duration", value, denominator=denominator)
    shown = json.loads(json.dumps(shown_measurement(found)))
    assert exact(shown) == value
    assert ("exact" in shown) is (Fraction(str(shown["value"])) != value)


def test_the_policy_is_kept_once_a_day(team: Team) -> None:
    team.land(1, 7)
    team.land(2, 7)
    team.land(3, 7, now="2026-11-23T01:30:00+02:00")
    team.land(4, 7, now="2026-11-23T10:00:00Z")
    ledger = team.ledger()
    policies = list(ledger.records(kinds=["policy"]))
    assert [found.document["time"][:10] for found in policies] == ["2026-11-22", "2026-11-23"]
    assert len({found.document["policy"]["sha256"] for found in policies}) == 1


def test_the_day_of_a_decision_is_that_of_utc(team: Team) -> None:
    """A waiver that ends on the day before counts where the clock's zone is a day ahead."""
    team.govern(SCORECARD + WAIVER.replace("2026-12-01", "2026-11-22"))
    assert team.land(1, 1, now="2026-11-23T01:30:00+02:00")["waivers"] == ["W1"]
    assert team.land(2, 1, now="2026-11-22T23:30:00-02:00")["waivers"] == []
    assert team.replayed().faults == []


FORGERIES: list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]], str]] = [
    ("verdict", lambda _: {"verdict": "pass"}, "its verdict is 'pass'"),
    ("conclusion", lambda _: {"conclusion": "pass"}, "its conclusion is 'pass'"),
    ("score", lambda _: {"score": 100}, "its score is 100"),
    ("level", lambda _: {"level": "gold"}, "its level is 'gold'"),
    (
        "measurement",
        lambda was: {
            "measurements": {
                **was["measurements"],
                "tests.failed": {"value": 0, "denominator": 2, "unit": "count"},
            }
        },
        "its status of tests-green is 'fail'",
    ),
    (
        "objective left out",
        lambda was: {
            "objectives": {x: y for x, y in was["objectives"].items() if x != "tests-green"}
        },
        "its status of tests-green is None",
    ),
    (
        "objective added",
        lambda was: {"objectives": {**was["objectives"], "more": {"status": "pass"}}},
        "its objectives is 'more'",
    ),
    (
        "baseline",
        lambda was: {"baseline": {"records": [], "problem": None}},
        "its status of no-loss is 'fail'",
    ),
]


@pytest.mark.parametrize(
    ("change", "said"), [each[1:] for each in FORGERIES], ids=[each[0] for each in FORGERIES]
)
def test_a_decision_that_does_not_follow_is_named(
    team: Team, change: Callable[[dict[str, Any]], dict[str, Any]], said: str
) -> None:
    team.land(1, 7)
    honest = team.land(2, 1, failing="test_b")
    forged = team.forge(honest, time="2026-11-22T11:00:00Z", **change(honest))
    commit = team.repository.git("rev-parse", "vsm-history")
    assert team.ledger().verify().faults == []
    faults = team.replayed().faults
    assert {(fault.commit, str(fault.path)[-17:-5]) for fault in faults} == {
        (commit, forged.id[:12])
    }
    assert any(fault.what.startswith(said) for fault in faults), faults


def test_a_conclusion_that_somebody_let_through_is_no_fault(team: Team) -> None:
    team.land(1, 7)
    red = team.land(2, 1, failing="test_b")
    glass = {"label": "hotfix", "by": "alex", "at": None, "reason": None, "review_by": "2026-12-01"}
    team.forge(red, time="2026-11-22T11:00:00Z", conclusion="warn", break_glass=glass)
    assert team.replayed().faults == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"policy": {"source": "x", "sha256": "a" * 64}}, "the policy aaaaaaaaaaaa is not in"),
        ({"baseline": {"records": ["b" * 64]}}, "a record of its baseline is not in"),
        ({"baseline": {"records": ["no digest"]}}, "a record of its baseline is not in"),
    ],
)
def test_what_cannot_be_made_again_is_counted_with_the_reason(
    team: Team, fields: dict[str, Any], reason: str
) -> None:
    honest = team.land(1, 7)
    team.forge(honest, time="2026-11-22T11:00:00Z", **fields)
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert found.replayed.made == 1
    assert [text[: len(reason)] for text in found.replayed.unable] == [reason]


def test_records_of_before_are_counted_and_not_accused(team: Team) -> None:
    honest = team.land(1, 7)
    old = {name: value for name, value in honest.items() if name != "facts"}
    team.ledger().append([Record.of({**old, "verdict": "pass"})])
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert sum(found.replayed.unable.values()) == 1


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"schema": "vsm-gate/scorecard/v1", "objectives": {}}, "cannot be read"),
        (
            {
                "schema": "vsm-gate/scorecard/v1",
                "objectives": {"a": {"metric": "tests.failed", "pass": "== 0"}},
            },
            "has another digest",
        ),
        ({"schema": "vsm-gate/scorecard/v1", "extends": "../other.yaml"}, "cannot be read"),
        ("no document", "cannot be read"),
    ],
)
def test_a_policy_that_is_not_what_its_digest_says_judges_nothing(
    team: Team, document: object, reason: str
) -> None:
    honest = team.land(1, 7)
    false = {
        "schema": "vsm-gate/record/v1", "kind": "policy", "time": "2026-11-22T00:00:00Z",
        "repository": "acme/shop", "policy": {"sha256": "c" * 64, "document": document},
    }  # fmt: skip
    team.ledger().append([Record.of(false)])
    team.forge(honest, policy={"source": "x", "sha256": "c" * 64})
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert [reason in text for text in found.replayed.unable] == [True]


def test_the_command_tells_what_was_made_again_and_what_does_not_follow(team: Team) -> None:
    honest = team.land(1, 7)
    ask = ("history", "verify", "--replay")
    good = team.run(*ask)
    assert good.exit_code == 0
    assert "1 decisions made again\n" in good.stdout
    team.forge(honest, time="2026-11-22T11:00:00Z", verdict="fail")
    team.forge(honest, policy={"source": "x", "sha256": "a" * 64})
    bad = team.run(*ask, "--format", "json")
    assert bad.exit_code == 3
    assert bad.json()["replayed"] == {
        "decisions": 2,
        "not_replayed": {"the policy aaaaaaaaaaaa is not in the history": 1},
    }
    assert ["follows 'warn'" in each["fault"] for each in bad.json()["faults"]] == [True]
    text = team.run(*ask)
    assert "1 not made again: the policy aaaaaaaaaaaa is not in the history" in text.stdout
    plain = team.run("history", "verify", "--format", "json")
    assert plain.json()["replayed"] is None


def test_a_bundle_brings_the_policy_with_the_record(team: Team, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    team.repository.write("src/g.py", "y\n").commit("A change", ignored=False)
    team.repository.write("build/junit.xml", junit(["test_a"]))
    for arguments in (
        ("check", "--now", NOW.isoformat(), "--no-history", "--bundle", str(bundle)),
        ("history", "append", str(bundle), "--now", NOW.isoformat()),
    ):
        team.run(*arguments)
    assert json.loads(bundle.read_bytes())["record"]["policy"]["kind"] == "policy"
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert found.replayed.made == 1
