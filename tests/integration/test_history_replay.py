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
from tests.support import cli
from tests.support.ledgers import NOW, opened
from tests.support.reports import cobertura, junit
from tests.support.repository import Repository

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


class Team:
    """A repository whose changes are checked, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.work = Repository(folder)
        self.work.write(".gitignore", "build/\n").write(".vsm-gate.yaml", CONFIG)
        self.work.write("scorecard.yaml", SCORECARD).write("src/a.py", "x\n" * 7)
        self.work.commit("Begin", ignored=False)

    def check(
        self, number: int, covered: int, *, now: str = "", failing: str | None = None
    ) -> dict[str, Any]:
        """Land a change of seven lines, of which so many are covered; the record's document."""
        self.work.write(f"src/f{number}.py", "y\n" * 7).commit("A change", ignored=False)
        lines = {line: int(line <= covered) for line in range(1, 8)}
        files = {"src/a.py": dict.fromkeys(range(1, 8), 1), f"src/f{number}.py": lines}
        self.work.write("build/junit.xml", junit(["test_a"], {failing: "no"} if failing else {}))
        self.work.write("build/coverage.xml", cobertura(files))
        time = now or f"2026-11-22T10:{number:02}:00Z"
        done = cli.run(
            "check", "--now", time, "--format", "json",
            folder=self.work.path, environment=self.work.environment,
        )  # fmt: skip
        assert done.stdout, done.stderr
        document: dict[str, Any] = done.json()["record"]["document"]
        return document

    def govern(self, scorecard: str) -> None:
        """Land another policy."""
        self.work.write("scorecard.yaml", scorecard).commit("Change the policy", ignored=False)

    def replayed(self) -> Walk:
        """The branch verified, with its decisions made again."""
        return opened(self.work.path, self.work.environment).verify(replay=True)

    def forge(self, document: dict[str, Any], **fields: object) -> Record:
        """Append a record like this one, with other fields, as someone with access can."""
        made = Record.of({**document, **fields})
        opened(self.work.path, self.work.environment).append([made])
        return made


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path / "work")


def test_every_decision_follows_from_what_was_recorded(team: Team) -> None:
    verdicts = [team.check(n, covered)["verdict"] for n, covered in enumerate((7, 6, 5, 2, 4, 7))]
    team.govern(SCORECARD + WAIVER)
    waived = team.check(6, 1)
    assert waived["waivers"] == ["W1"]
    assert "src/f6.py" in waived["facts"]["paths"]
    failed = team.check(7, 7, failing="test_b")
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
    team.check(1, 7)
    team.check(2, 7)
    team.check(3, 7, now="2026-11-23T01:30:00+02:00")
    team.check(4, 7, now="2026-11-23T10:00:00Z")
    ledger = opened(team.work.path, team.work.environment)
    policies = list(ledger.records(kinds=["policy"]))
    assert [found.document["time"][:10] for found in policies] == ["2026-11-22", "2026-11-23"]
    assert len({found.document["policy"]["sha256"] for found in policies}) == 1


def test_the_day_of_a_decision_is_that_of_utc(team: Team) -> None:
    """A waiver that ends on the day before counts where the clock's zone is a day ahead."""
    team.govern(SCORECARD + WAIVER.replace("2026-12-01", "2026-11-22"))
    assert team.check(1, 1, now="2026-11-23T01:30:00+02:00")["waivers"] == ["W1"]
    assert team.check(2, 1, now="2026-11-22T23:30:00-02:00")["waivers"] == []
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
    team.check(1, 7)
    honest = team.check(2, 1, failing="test_b")
    forged = team.forge(honest, time="2026-11-22T11:00:00Z", **change(honest))
    commit = team.work.git("rev-parse", "vsm-history")
    assert opened(team.work.path, team.work.environment).verify().faults == []
    faults = team.replayed().faults
    assert {(fault.commit, str(fault.path)[-17:-5]) for fault in faults} == {
        (commit, forged.id[:12])
    }
    assert any(fault.what.startswith(said) for fault in faults), faults


def test_a_conclusion_that_somebody_let_through_is_no_fault(team: Team) -> None:
    team.check(1, 7)
    red = team.check(2, 1, failing="test_b")
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
    honest = team.check(1, 7)
    team.forge(honest, time="2026-11-22T11:00:00Z", **fields)
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert found.replayed.made == 1
    assert [text[: len(reason)] for text in found.replayed.unable] == [reason]


def test_records_of_before_are_counted_and_not_accused(team: Team) -> None:
    honest = team.check(1, 7)
    old = {name: value for name, value in honest.items() if name != "facts"}
    opened(team.work.path, team.work.environment).append([Record.of({**old, "verdict": "pass"})])
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
    honest = team.check(1, 7)
    false = {
        "schema": "vsm-gate/record/v1", "kind": "policy", "time": "2026-11-22T00:00:00Z",
        "repository": "acme/shop", "policy": {"sha256": "c" * 64, "document": document},
    }  # fmt: skip
    opened(team.work.path, team.work.environment).append([Record.of(false)])
    team.forge(honest, policy={"source": "x", "sha256": "c" * 64})
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert [reason in text for text in found.replayed.unable] == [True]


def test_the_command_tells_what_was_made_again_and_what_does_not_follow(team: Team) -> None:
    honest = team.check(1, 7)
    ask = ("history", "verify", "--replay")
    environment = team.work.environment
    good = cli.run(*ask, folder=team.work.path, environment=environment)
    assert good.exit_code == 0
    assert "1 decisions made again\n" in good.stdout
    team.forge(honest, time="2026-11-22T11:00:00Z", verdict="fail")
    team.forge(honest, policy={"source": "x", "sha256": "a" * 64})
    bad = cli.run(*ask, "--format", "json", folder=team.work.path, environment=environment)
    assert bad.exit_code == 3
    assert bad.json()["replayed"] == {
        "decisions": 2,
        "not_replayed": {"the policy aaaaaaaaaaaa is not in the history": 1},
    }
    assert ["follows 'warn'" in each["fault"] for each in bad.json()["faults"]] == [True]
    text = cli.run(*ask, folder=team.work.path, environment=environment)
    assert "1 not made again: the policy aaaaaaaaaaaa is not in the history" in text.stdout
    plain = cli.run("history", "verify", "--format", "json", folder=team.work.path,
                    environment=environment)  # fmt: skip
    assert plain.json()["replayed"] is None


def test_a_bundle_brings_the_policy_with_the_record(team: Team, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    team.work.write("src/g.py", "y\n").commit("A change", ignored=False)
    team.work.write("build/junit.xml", junit(["test_a"]))
    for arguments in (
        ("check", "--now", NOW.isoformat(), "--no-history", "--bundle", str(bundle)),
        ("history", "append", str(bundle), "--now", NOW.isoformat()),
    ):
        cli.run(*arguments, folder=team.work.path, environment=team.work.environment)
    assert json.loads(bundle.read_bytes())["record"]["policy"]["kind"] == "policy"
    found = team.replayed()
    assert found.faults == []
    assert found.replayed is not None
    assert found.replayed.made == 1
